"""Every route of the site, what it asks, and how to call it: the list that the tests of access walk.

A new route gets a line here; `tests/guards/test_routes.py` fails until it has one that says the same as the
route's own declaration. Written by hand, so that a slip in a declaration meets a second opinion.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Route:
    """One endpoint. `action`: of the matrix; none for `public` and for any account.

    `person`, `service`: the argument of the address that holds a code of the world. `values`: other arguments
    of the address. `body`: the least that its POST takes; without one, only refusals are tried.
    `own`: about whoever asks. `whole`: not for those who see only some people of a service.
    `then`: a further argument with a staff code, and the action that the view asks for about it.
    `only`: the codes to try, where the page exists for these alone. `absent`: the world has no such thing, so
    that whoever may look finds nothing.
    `sees`: a page that may name more people than its action reaches says by which other action.
    `names`: those a page names for what they do for somebody in reach, such as supervising them.
    """

    action: str | None = None
    public: bool = False
    person: str | None = None
    service: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    own: bool = False
    whole: bool = False
    then: tuple[str, str] | None = None
    only: tuple[str, ...] = ()
    absent: bool = False
    sees: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


ANY_ACCOUNT = Route()
PUBLIC = Route(public=True)
MED = {"competency": "med"}
DATE = {"number": 1}
CLAIM = {"number": 1}
NO_PACKAGE = {"name": "0" * 32}

ROUTES = {
    "assets.serve": Route(public=True, values={"digest": "0" * 16, "name": "kit.css"}),
    "access.sign_in": PUBLIC,
    "access.sign_out": ANY_ACCOUNT,
    "access.account": ANY_ACCOUNT,
    "access.end_session": Route(values={"session_id": 0}),
    "access.change_password": ANY_ACCOUNT,
    "home.index": ANY_ACCOUNT,
    "services.index": Route("matrix.view"),
    "services.show": Route("matrix.view", service="code"),
    "services.cell": Route(
        "matrix.view",
        service="code",
        values={"staff": "ada", **MED},
        then=("staff", "competency.read"),
        only=("alder", "zinc"),
    ),
    "services.matrix_csv": Route("export.matrix", service="code"),
    "services.matrix_xlsx": Route("export.matrix", service="code"),
    "services.cover_csv": Route("export.matrix", service="code", whole=True),
    "people.index": Route("person.list"),
    "people.show": Route("person.read.F1", person="code", names=("sam",)),
    "people.reasons": Route("competency.read", person="code", values=MED),
    "me.index": Route("competency.read", own=True),
    "me.reasons": Route("competency.read", own=True, values=MED),
    "training.index": Route("course.read"),
    "training.show": Route("course.read", values=DATE, sees=("training.read",)),
    "training.courses": Route("course.read"),
    "training.course": Route("course.read", values={"code": "C-MED"}),
    "training.asked_first": Route("course.edit", values={"code": "C-MED"}),
    "training.not_asked_first": Route("course.edit", values={"code": "C-MED", "prerequisite": 1}),
    "training.plan": Route("session.create"),
    "training.change": Route("session.create", values=DATE),
    "training.call_off": Route("session.cancel", values=DATE),
    "training.give_seat": Route("session.create", values=DATE, sees=("training.read",)),
    "training.book": Route("booking.create", values=DATE),
    "training.booking": Route("booking.cancel", person="staff", values=DATE),
    "training.register": Route("training.record_attendance", values=DATE),
    "claims.index": Route("training.read"),
    "claims.new": Route("training.create_claim", person="staff"),
    "claims.show": Route("training.read", person="staff", values=CLAIM),
    "claims.decide": Route("training.verify", person="staff", values=CLAIM),
    "claims.evidence": Route("evidence.read", person="staff", values=CLAIM),
    "claims.learning": Route("training.void", person="staff"),
    "claims.put_right": Route("training.void", person="staff", values={"number": 1}, only=("sid",)),
    "claims.agreements": Route("course.read"),
    "claims.agree": Route("course.edit"),
    "claims.end_agreement": Route("course.edit", values={"number": 1}),
    "competencies.index": Route("requirement.read"),
    "competencies.show": Route("requirement.read", values={"code": "med"}),
    "imports.index": Route("import.dry_run"),
    "imports.show": Route("import.dry_run", values=NO_PACKAGE, absent=True),
    "imports.faults": Route("import.dry_run", values=NO_PACKAGE, absent=True),
    "imports.commit": Route("import.commit", values=NO_PACKAGE),
    "imports.discard": Route("import.dry_run", values=NO_PACKAGE),
}
