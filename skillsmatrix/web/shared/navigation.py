"""The links at the top of every page: those that lead somewhere for whoever is signed in."""

from dataclasses import dataclass
from typing import Final

from flask import current_app, g, request

from skillsmatrix.domain.access import Actor, Scope, may
from skillsmatrix.web.shared.links import plain_address
from skillsmatrix.web.shared.wording import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Entry:
    """A link: shown to holders of `action` in one of `scopes` (any, when none is named).

    `what`: one sentence for the first page, about what is found there. `onlookers`: actions, and the
    sentence for whoever may do none of them.
    """

    endpoint: str
    text: str
    action: str
    scopes: frozenset[Scope] = frozenset()
    what: str = ""
    onlookers: tuple[tuple[str, ...], str] | None = None

    def said_to(self, actor: Actor) -> str:
        if self.onlookers is None or any(may(actor, action, on=g.today) for action in self.onlookers[0]):
            return str(self.what)
        return str(self.onlookers[1])

    def leads_somewhere(self, actor: Actor) -> bool:
        held = may(actor, self.action, on=g.today)
        return bool(held & self.scopes if self.scopes else held)


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """What the template draws."""

    entry: Entry
    href: str
    current: bool

    @property
    def text(self) -> str:
        return str(self.entry.text)

    @property
    def what(self) -> str:
        return self.entry.said_to(g.actor)


_BEYOND_ONESELF: Final = frozenset(Scope) - {Scope.SELF}

# In the order of a day's work. An area that is not built yet has no page, and so no link.
ENTRIES: Final = (
    Entry(
        "messages.digest",
        _("To do"),
        "requirement.read",
        what=_("What waits for you in person: decisions, forms, your own record; mail and calendar."),
    ),
    Entry(
        "services.index",
        _("Services"),
        "matrix.view",
        what=_("Where it is not safe to run something, what is short, and what runs out next."),
    ),
    Entry(
        "outlook.week",
        _("Outlook"),
        "plan.service.read",
        what=_("Cover in the weeks ahead: what keeps it, what is coming, what changed, on whom it hangs."),
    ),
    Entry(
        "people.index",
        _("People"),
        "person.list",
        _BEYOND_ONESELF,
        what=_("Find a person, or everybody who holds a competency."),
    ),
    Entry(
        "me.index",
        _("My record"),
        "competency.read",
        frozenset({Scope.SELF}),
        what=_("What you may do, what is missing, and what runs out when."),
    ),
    Entry(
        "assessments.index",
        _("To assess"),
        "competency.assess",
        what=_("Whom you are asked to see at work, and the form to say what you saw."),
    ),
    Entry(
        "assessments.decisions",
        _("Sign-offs"),
        "competency.suspend",
        what=_("What waits for a second signature, what is in doubt, and who needs more attempts."),
    ),
    Entry(
        "supervision.index",
        _("Supervision"),
        "supervision.read_meta",
        _BEYOND_ONESELF,
        what=_("Who is due, what a lapse would stop, and recording a session."),
        onlookers=(
            ("supervision.schedule", "supervision.write_draft"),
            _("Who is due, and what a lapse would stop."),
        ),
    ),
    Entry(
        "training.index",
        _("Training"),
        "course.read",
        what=_("Dates of courses: book a seat, see who is coming, enter who attended."),
    ),
    Entry(
        "claims.index",
        _("Claims"),
        "training.read",
        what=_("Learning done elsewhere: hand in a certificate, or decide about one."),
        onlookers=(
            ("training.create_claim", "training.verify"),
            _("Learning done elsewhere, and what was decided about it."),
        ),
    ),
    Entry(
        "certificates.index",
        _("Certificates"),
        "certificate.read",
        _BEYOND_ONESELF,
        what=_("Issue a certificate, find one, revoke one, and see what each is worth today."),
        onlookers=(("certificate.issue",), _("Find a certificate, and see what it is worth today.")),
    ),
    Entry(
        "competencies.index",
        _("Competencies"),
        "requirement.read",
        what=_("What each one asks for, how long it lasts, and who needs it."),
    ),
    Entry(
        "rules.index",
        _("Rules"),
        "requirement.edit",
        what=_("What is required and how long it lasts: look at a change before it is made."),
    ),
    Entry(
        "what_if.index",
        _("What if"),
        "scenario.read",
        what=_("Try changes out before you make them: who leaves, what closes, what is required."),
    ),
    Entry(
        "imports.index",
        _("Import"),
        "import.dry_run",
        what=_("Bring in a data package: see what it would change, then take it or leave it."),
    ),
    Entry(
        "accounts.index",
        _("Accounts"),
        "user.invite",
        what=_("Who can sign in and with which roles: invite, give roles, shut out."),
    ),
)


def navigation() -> list[NavigationLink]:
    """The links for whoever is signed in; none for nobody."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return []
    return [
        NavigationLink(entry, plain_address(entry.endpoint), _is_current(entry))
        for entry in ENTRIES
        if entry.endpoint in current_app.view_functions and entry.leads_somewhere(actor)
    ]


def _is_current(entry: Entry) -> bool:
    area = entry.endpoint.partition(".")[0]
    return (request.endpoint or "").startswith(f"{area}.")
