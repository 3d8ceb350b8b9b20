"""The card of a person, the card of a role, and the cards of a service."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template

from skillsmatrix.queries.people import PersonFilter, person_lines
from skillsmatrix.queries.role_cards import PersonCard, RoleCard, person_card, role_card
from skillsmatrix.queries.roles import role_texts
from skillsmatrix.queries.services import service_entry
from skillsmatrix.web.role_cards import paper, words
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, require, visible_services, visible_staff
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.print_room import printed
from skillsmatrix.web.shared.sight import record_seen
from skillsmatrix.web.shared.wording import gettext as _

bp = Blueprint("role_cards", __name__)


@bp.get("/people/<staff>/card")
@needs("competency.read", person="staff")
def person(staff: str) -> Any:
    require("person.read.F1", person=staff)
    card = _person_card(staff)
    return render_template("role_cards/person.html", card=card, parts=words.OF_PERSON, words=words)


@bp.get("/people/<staff>/card.pdf")
@needs("competency.read", person="staff")
def person_pdf(staff: str) -> Any:
    require("person.read.F1", person=staff)
    card = _person_card(staff)
    if not card.posts or card.without_boundary:
        flash(_("This card is not printed: the page says what is missing."))
        return redirect(link("role_cards.person", staff=staff))
    return printed(paper.of_person(card, ahead=_ahead()), name=f"role-card-{_safe(staff)}-{g.on}.pdf")


@bp.get("/roles")
@needs("requirement.read")
def index() -> Any:
    listed = sorted(role_texts(db_session()).values(), key=lambda each: (each.name.casefold(), each.code))
    return render_template("role_cards/index.html", roles=listed)


@bp.get("/roles/<path:role>/card")
@needs("requirement.read")
def role(role: str) -> Any:
    return render_template("role_cards/role.html", card=_role_card(role), parts=words.OF_ROLE, words=words)


@bp.get("/roles/<path:role>/card.pdf")
@needs("requirement.read")
def role_pdf(role: str) -> Any:
    card = _role_card(role)
    if not card.role.boundary:
        flash(_("This card is not printed: the page says what is missing."))
        return redirect(link("role_cards.role", role=role))
    return printed(paper.of_role(card), name=f"role-card-{_safe(role)}-{g.on}.pdf")


@bp.get("/services/<code>/cards")
@needs("matrix.view", service="code")
def service(code: str) -> Any:
    entry = service_entry(db_session(), code)
    if entry is None:
        abort(404)
    named = visible_staff("person.read.F1")
    found = person_lines(db_session(), visible_staff("competency.read"), PersonFilter(service=code), on=g.on)
    people = [line for line in found if line.code in named and line.employed(g.on)]
    roles = {post.role: post.role_name for line in people for post in line.posts if post.service == code}
    return render_template(
        "role_cards/service.html",
        entry=entry,
        people=people,
        roles=sorted(roles.items(), key=lambda each: (each[1].casefold(), each[0])),
    )


def _person_card(staff: str) -> PersonCard:
    record = record_seen(staff)
    if record is None:
        abort(404)
    return person_card(db_session(), record)


def _role_card(role: str) -> RoleCard:
    found = role_card(db_session(), role, visible_services("requirement.read"), on=g.on)
    if found is None:
        abort(404)
    return found


def _ahead() -> str:
    """What is assumed about a day to come (contract V8)."""
    return _("It assumes that supervision goes on as it is today.") if g.on > g.today else ""


def _safe(code: str) -> str:
    """A code as part of a file name."""
    return "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in code)
