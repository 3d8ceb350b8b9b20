"""A change to what is recorded, looked at before it is kept, and why it cannot be kept so."""

from dataclasses import replace

from flask.typing import ResponseReturnValue

from skillsmatrix.operations.keeping import KeepingRefused
from skillsmatrix.operations.services import PeopleAttached
from skillsmatrix.queries import kept
from skillsmatrix.queries.labels import labels
from skillsmatrix.web.records.words import refusal
from skillsmatrix.web.shared import steps
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.steps import Step, StepRefused


def answer(step: Step) -> ResponseReturnValue:
    """The page of whichever step the request is at."""

    def do(keeping: bool) -> object:
        try:
            return step.do(keeping)
        except KeepingRefused as broken:
            attached = broken.detail if isinstance(broken, PeopleAttached) else ()
            raise StepRefused(broken.about, refusal(broken, _asked_for), attached) from broken

    return steps.answer(replace(step, do=do))


def _asked_for(requirement: str) -> str:
    """What a requirement asks for, by name."""
    row = kept.kept_coded(db_session(), "requirements", requirement)
    code = str(row.values["competency"]) if row else requirement
    return labels(db_session(), ()).competencies.get(code, code)


def number_of(table: str, code: str | None) -> int:
    """The id behind a code that the form has offered."""
    found = kept.id_of(db_session(), table, code or "")
    if found is None:
        raise KeepingRefused
    return found
