"""Role cards as they are handed to the printer."""

from datetime import date
from typing import Any

from flask import g, url_for

from skillsmatrix.documents.role_card import CardEntry, CardPart, RoleCardFacts
from skillsmatrix.domain.role_card import Practice
from skillsmatrix.queries.role_cards import PersonCard, RoleCard
from skillsmatrix.queries.roles import RoleText
from skillsmatrix.web.role_cards import words
from skillsmatrix.web.shared.certificate_office import published_address
from skillsmatrix.web.shared.formats import day, instant
from skillsmatrix.web.shared.print_room import letterhead
from skillsmatrix.web.shared.wording import gettext as _


def of_person(card: PersonCard, *, ahead: str) -> RoleCardFacts:
    """A person's card. `ahead`: what is assumed of a day to come, printed with the rest."""
    parts = tuple(
        CardPart(
            kind=part.practice.value,
            title=str(part.title),
            meaning=str(part.meaning),
            nothing=str(part.nothing),
            entries=tuple(
                CardEntry(
                    line.title,
                    words.note_of(line),
                    (line.boundary or "") if part.practice in (Practice.ALONE, Practice.SUPERVISED) else "",
                    line.hard_stop and line.practice is Practice.NOT_NOW,
                    besides=line.asked == 0 and line.practice is not Practice.NOT_NOW,
                )
                for line in card.of(part.practice)
            ),
        )
        for part in words.OF_PERSON
    )
    employed = _("Employed by %(employer)s.", employer=card.employer_name)
    return RoleCardFacts(
        kind=_("Role card"),
        subject=card.name,
        day_line=f"{_as_on(card.on)} {employed}",
        on=card.on,
        made_at=g.at,
        letterhead=letterhead(),
        places=tuple(
            (words.where(post, card.employer_name), words.contact(post.place)) for post in card.posts
        ),
        boundaries_title=_("Never, in this role"),
        boundaries=_boundaries(card.roles),
        parts=parts,
        closing=tuple(line for line in (words.changes(card.lasts_to), ahead) if line),
        besides_title=_("Besides, not asked for in this work (boundaries on today's card):"),
        overflow=_("This card does not fit on one page: it goes on overleaf. Read both."),
        check_line=_("The card as it is today"),
        address=_address("role_cards.person", staff=card.code),
        address_words=_("Only today's card counts. Look it up at"),
    )


def of_role(card: RoleCard) -> RoleCardFacts:
    """A role's card."""
    parts = [
        CardPart(
            kind=part.practice.value,
            title=str(part.title),
            meaning=str(part.meaning),
            nothing=str(part.nothing),
            entries=tuple(
                CardEntry(ask.title, words.note_of_ask(ask), _own_boundary(ask.boundary, part.practice))
                for ask in card.of(part.practice)
            ),
        )
        for part in words.OF_ROLE
    ]
    if card.of_team():
        parts.append(
            CardPart(
                kind="team",
                title=_("Some of the team can"),
                meaning=_("Nobody does these because of the role alone."),
                nothing="",
                entries=tuple(CardEntry(ask.title, words.note_of_ask(ask)) for ask in card.of_team()),
            )
        )
    return RoleCardFacts(
        kind=_("Role card"),
        subject=card.role.name,
        day_line=_as_on(card.on),
        on=card.on,
        made_at=g.at,
        letterhead=letterhead(),
        places=tuple((place.service_name, words.contact(place)) for place in card.places),
        boundaries_title=_("Never, in this role"),
        boundaries=_boundaries((card.role,)),
        parts=tuple(parts),
        closing=(_("What a person may do today is on the card of that person, not on this one."),),
        besides_title="",
        overflow=_("This card does not fit on one page: it goes on overleaf. Read both."),
        check_line=_("The card as it is today"),
        address=_address("role_cards.role", role=card.role.code),
        address_words=_("Only today's card counts. Look it up at"),
    )


def _own_boundary(text: str | None, practice: Practice) -> str:
    return (text or "") if practice in (Practice.ALONE, Practice.SUPERVISED) else ""


def _as_on(on: date) -> str:
    return _("As on %(day)s. Made on %(instant)s.", day=day(on), instant=instant(g.at))


def _boundaries(roles: tuple[RoleText, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((role.name, role.boundary or "") for role in roles)


def _address(endpoint: str, **values: Any) -> str:
    return published_address() + url_for(endpoint, **values)
