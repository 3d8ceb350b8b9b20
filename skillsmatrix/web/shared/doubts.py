"""A "not yet" newer than the sign-off that counts, as every page says it, with what can be decided."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import g

from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.doubts import Doubt, doubts
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import allowed
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.sight import shown_name
from skillsmatrix.web.shared.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that whoever reads it may do about a doubt."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """One doubt: of whom, in what, the facts in one sentence, and what the reader may decide."""

    staff: str
    staff_name: str
    competency: str
    title: str
    sentence: str
    choices: tuple[Choice, ...]


def doubt_lines(
    *,
    within: Reach | None = None,
    staff: Collection[str] | None = None,
    competency: str | None = None,
    known_at: datetime | None = None,
) -> list[DoubtLine]:
    """The open doubts of the day asked about; `within` or `staff` says about whom they may be told."""
    found = doubts(
        db_session(), on=g.on, within=within, staff=staff, competency=competency, known_at=known_at
    )
    return [_line(each) for each in found]


def _line(doubt: Doubt) -> DoubtLine:
    return DoubtLine(
        staff=doubt.staff,
        staff_name=doubt.staff_name,
        competency=doubt.competency,
        title=doubt.title,
        sentence=in_words(doubt),
        choices=tuple(_choices(doubt)),
    )


def in_words(doubt: Doubt) -> str:
    """What two assessors said, and that the earlier sign-off goes on counting until somebody decides."""
    return _(
        "Assessed as not yet on %(later)s by %(assessor)s. %(signer)s signed it off at level %(level)s on "
        "%(earlier)s, and that sign-off still counts.",
        later=formats.day(doubt.assessed_on),
        assessor=shown_name(doubt.assessor_name),
        signer=_capital(shown_name(doubt.signed_by_name)),
        level=doubt.level,
        earlier=formats.day(doubt.signed_on),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _choices(doubt: Doubt) -> list[Choice]:
    if doubt.sign_off_id is None:
        return []
    found = [("competency.suspend", "assessments.withdraw", _("Withdraw the sign-off"))]
    if g.actor.staff_code not in (doubt.staff, doubt.assessor, doubt.signed_by):
        found.append(("competency.reinstate", "assessments.keep", _("Let it stand, and say why")))
    return [
        Choice(text, link(endpoint, staff=doubt.staff, number=doubt.sign_off_id))
        for action, endpoint, text in found
        if allowed(action, person=doubt.staff)
    ]
