"""What a role card says, on the page and on paper alike."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from skillsmatrix.domain.role_card import Practice
from skillsmatrix.queries.role_cards import CardLine, CardPost, Place, RoleAsk
from skillsmatrix.web.shared.formats import day, short_day
from skillsmatrix.web.shared.standings import standing_words
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import lazy_gettext as _l

BASES: Final = {
    "permanent": _l("permanent"),
    "fixed_term": _l("fixed term"),
    "acting_up": _l("acting up"),
    "secondment": _l("on secondment"),
    "bank": _l("bank"),
    "agency": _l("agency"),
    "volunteer": _l("volunteer"),
    "student": _l("student"),
}


@dataclass(frozen=True, slots=True)
class PartWords:
    """One part of a card: what it is called, what it means, and what is said when it is empty."""

    practice: Practice
    title: Any
    meaning: Any
    nothing: Any


OF_PERSON: Final = (
    PartWords(
        Practice.NOT_NOW,
        _l("Must not do now"),
        _l(
            "Asked for in this work, or begun, and not held on this day. Whatever is not on this card either."
        ),
        _l("Nothing that is asked for is missing. What is not on this card is not allowed by it."),
    ),
    PartWords(
        Practice.ALONE,
        _l("May do alone"),
        _l("Level 3 or higher: alone, inside the boundary of each."),
        _l("Nothing."),
    ),
    PartWords(
        Practice.SUPERVISED,
        _l("May do under supervision"),
        _l("Level 2: with somebody who holds it, or with each case talked through."),
        _l("Nothing."),
    ),
    PartWords(
        Practice.AWARE,
        _l("Knows about"),
        _l("Level 1: recognises it and knows whom to call."),
        _l("Nothing."),
    ),
)

OF_ROLE: Final = (
    PartWords(
        Practice.ALONE,
        _l("Comes to do alone"),
        _l("Level 3 or higher is asked of everybody in the role."),
        _l("Nothing is asked at this level."),
    ),
    PartWords(
        Practice.SUPERVISED,
        _l("Comes to do under supervision"),
        _l("Level 2: with somebody who holds it, or with each case talked through."),
        _l("Nothing is asked at this level."),
    ),
    PartWords(
        Practice.AWARE,
        _l("Comes to know about"),
        _l("Level 1: recognises it and knows whom to call."),
        _l("Nothing is asked at this level."),
    ),
)


def note_of(line: CardLine) -> str:
    """What stands after a competency on a person's card."""
    if line.practice is Practice.NOT_NOW:
        return str(standing_words(line.standing.value).word)
    parts = [] if line.practice is Practice.AWARE else [_("level %(level)s", level=line.level)]
    if line.asked > line.level:
        parts.append(_("level %(level)s is asked for", level=line.asked))
    parts.append(_("to %(day)s", day=short_day(line.valid_to)) if line.valid_to else _("no end"))
    return ", ".join(parts)


def note_of_ask(ask: RoleAsk) -> str:
    """What stands after a competency on a role's card."""
    parts = [_("level %(level)s", level=ask.level)] if ask.level > 1 or ask.cover != "each" else []
    if ask.cover == "percent":
        parts.append(_("at least %(amount)s%% of the team", amount=ask.amount))
    elif ask.cover != "each":
        parts.append(_("at least %(amount)s of the team", amount=ask.amount))
    if ask.services:
        parts.append(_("at %(services)s", services=", ".join(ask.services)))
    return ", ".join(parts)


def where(post: CardPost, employer: str) -> str:
    """A post as the card says it: role, service, who runs it; for a seconded person both employers."""
    place = post.place
    said = _("%(role)s at %(service)s", role=post.role_name, service=place.service_name)
    if post.seconded:
        said += ". " + _(
            "Seconded by %(employer)s to %(host)s", employer=employer, host=place.organisation_name
        )
    else:
        said += f", {place.organisation_name}, {BASES[post.basis]}"
    since = _("from %(day)s", day=day(post.starts_on))
    until = " " + _("to %(day)s", day=day(post.ends_on)) if post.ends_on else ""
    return f"{said}, {since}{until}."


def contact(place: Place) -> str:
    """Whom to call at a service; a card without it says so and what to do."""
    if place.contact:
        return _("If in doubt or in danger, call: %(contact)s", contact=place.contact)
    return _("No contact is recorded for %(service)s: ask its manager before the work begins.",
             service=place.service_name)  # fmt: skip


def changes(lasts_to: date | None) -> str:
    """How long a card stands by what is recorded."""
    if lasts_to is None:
        return _("Nothing recorded here runs out by itself. A decision may change it on any day.")
    return _(
        "By what is recorded, this card stands to %(day)s. A decision may change it on any day.",
        day=day(lasts_to),
    )
