"""Posts of one person: given, corrected, ended, taken back."""

from typing import Any

from flask import g

from skillsmatrix.operations.posts import PostPlan, correct_post, record_post, take_back_post
from skillsmatrix.queries.effects import days_of_interest, services_of
from skillsmatrix.queries.kept import Kept
from skillsmatrix.queries.labels import labels
from skillsmatrix.web.records.blueprint import bp
from skillsmatrix.web.records.forms import PostCorrection, PostFields, PostForm, given
from skillsmatrix.web.records.steps import answer, number_of
from skillsmatrix.web.records.subject import (
    filled,
    person_of,
    records_address,
    row_of,
    services_on_offer,
    take_back_page,
)
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, require
from skillsmatrix.web.shared.steps import Step
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.route("/people/<code>/records/posts/new", methods=["GET", "POST"])
@needs("person.update.F1F2", person="code")
@commits
def new_post(code: str) -> Any:
    person = person_of(code)
    form = PostForm()
    form.offer(labels(db_session(), ()), services_on_offer(), {})
    return answer(
        Step(
            form=form,
            heading=_("New post for %(name)s", name=person.name),
            back=records_address(code),
            operation="record_post",
            do=lambda _keeping: record_post(
                db_session(), staff_id=person.id, plan=_plan(form, code), by=g.actor.by, at=g.at
            ),
            done=_("The post is recorded."),
            people=[code],
            services=lambda: {*services_of(db_session(), [code]), form.service.data},
            days=lambda: days_of_interest(given(form.starts_on), ends=[form.ends_on.data], today=g.today),
        )
    )


@bp.route("/people/<code>/records/posts/<int:row_id>", methods=["GET", "POST"])
@needs("person.update.F1F2", person="code")
@commits
def correct_one_post(code: str, row_id: int) -> Any:
    person, row = person_of(code), row_of("posts", row_id, code)
    form, was = _correction(row), row.values
    return answer(
        Step(
            form=form,
            heading=_("Correct or end a post of %(name)s", name=person.name),
            back=records_address(code),
            operation="correct_post",
            do=lambda _keeping: correct_post(
                db_session(),
                post_id=row_id,
                plan=_plan(form, code),
                version=form.version_shown(),
                reason=form.why.data,
                by=g.actor.by,
                at=g.at,
            ),
            done=_("The post is corrected."),
            people=[code],
            services=lambda: {*services_of(db_session(), [code]), form.service.data},
            days=lambda: days_of_interest(
                given(form.starts_on),
                was["starts_on"],
                ends=[form.ends_on.data, was["ends_on"]],
                today=g.today,
            ),
            theirs=lambda: _correction(row, fresh=True),
        )
    )


@bp.route("/people/<code>/records/posts/<int:row_id>/take-back", methods=["GET", "POST"])
@needs("person.update.F1F2", person="code")
@commits
def take_back_one_post(code: str, row_id: int) -> Any:
    person, row = person_of(code), row_of("posts", row_id, code)
    return take_back_page(
        row,
        person,
        heading=_("Take back a post of %(name)s", name=person.name),
        operation="take_back_post",
        do=lambda form: take_back_post(
            db_session(),
            post_id=row_id,
            version=form.version_shown(),
            reason=form.why.data,
            by=g.actor.by,
            at=g.at,
        ),
        first_day=row.values["starts_on"],
    )


def _plan(form: PostFields, code: str) -> PostPlan:
    if form.basis.data == "secondment":
        require("secondment.edit", person=code)
    return PostPlan(
        service_id=number_of("services", form.service.data),
        role_id=number_of("roles", form.role.data),
        basis=form.basis.data,
        wte=float(form.wte.data),
        starts_on=given(form.starts_on),
        ends_on=form.ends_on.data,
    )


def _plain(wte: float) -> str:
    """As somebody would write it: 1, 0.5, 0.6267; never with an exponent."""
    return f"{wte:.6f}".rstrip("0").rstrip(".")


def _correction(row: Kept, *, fresh: bool = False) -> PostCorrection:
    form = filled(PostCorrection, row, fresh=fresh, wte=_plain(row.values["wte"]))
    form.offer(labels(db_session(), ()), services_on_offer(), row.values)
    return form
