"""Whom or what a page is about, the row it corrects, and the page that takes a row back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask import abort, g, url_for

from skillsmatrix.queries.effects import days_of_interest, services_of
from skillsmatrix.queries.kept import Kept, kept_coded, kept_row
from skillsmatrix.queries.labels import labels
from skillsmatrix.web.records.forms import TakeBackForm
from skillsmatrix.web.records.steps import answer
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import visible_services
from skillsmatrix.web.shared.steps import Step, StepForm
from skillsmatrix.web.shared.wording import gettext as _

FORM = TypeVar("FORM", bound=StepForm)


@dataclass(frozen=True, slots=True)
class Subject:
    """A person or a service: id, code, name, and their own row."""

    id: int
    code: str
    name: str
    row: Kept


def person_of(code: str) -> Subject:
    """The person with this code; the guard has seen that there is one in reach."""
    row = kept_coded(db_session(), "staff", code) or abort(404)
    given, family = row.values["given_name"], row.values["family_name"]
    return Subject(row.id, code, f"{given} {family}" if given else family, row)


def row_of(table: str, row_id: int, code: str) -> Kept:
    """The row, when it is about this person; otherwise there is no such page."""
    row = kept_row(db_session(), table, row_id)
    if row is None or row.staff != code:
        abort(404)
    return row


def filled(form: type[FORM], row: Kept, *, fresh: bool = False, **given: Any) -> FORM:
    """The form with what the row says. `fresh`: whatever this request sent, for "what it says now"."""
    data = {**row.values, "version": row.version.isoformat(), **given}
    return form(formdata=None, data=data) if fresh else form(data=data)


def services_on_offer() -> dict[str, str]:
    """Code → name of the services that whoever is signed in works with."""
    within = visible_services("matrix.view")
    return {code: name for code, name in labels(db_session(), ()).services.items() if code in within}


def records_address(code: str) -> str:
    """The page on which everything kept about a person is listed."""
    return url_for("records.index", code=code)


def take_back_page(
    row: Kept,
    person: Subject,
    *,
    heading: str,
    operation: str,
    do: Callable[[TakeBackForm], Any],
    first_day: date,
) -> Any:
    """The pages that take back something that never was."""
    form = TakeBackForm(data={"version": row.version.isoformat()})
    return answer(
        Step(
            form=form,
            heading=heading,
            lead=[
                _("Only for what was entered by mistake. What is over is ended instead."),
                _("What it said, and why it went, stays readable."),
            ],
            back=records_address(person.code),
            operation=operation,
            do=lambda _keeping: do(form),
            done=_("It is taken back."),
            people=[person.code],
            services=lambda: services_of(db_session(), [person.code]),
            days=lambda: days_of_interest(first_day, today=g.today),
        )
    )
