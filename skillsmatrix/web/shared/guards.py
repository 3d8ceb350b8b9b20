"""Who may open a page: every view declares it, and a view that declares nothing is refused.

`@needs("matrix.view", service="code")`: the action of `domain/permissions.py`, and which argument of the
address names the person or service it is about. The check runs before the view; after it, an answer without
a decision on record becomes an error (`belt`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException

from skillsmatrix.domain.access import (
    Actor,
    Decision,
    Person,
    check_action,
    decide,
    decide_service,
    may_change,
    permits,
)
from skillsmatrix.foundation import clock
from skillsmatrix.queries import access
from skillsmatrix.queries.access import Reach
from skillsmatrix.web.shared import kept_forms
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.moment import asked_day
from skillsmatrix.web.shared.sign_ins import current_sign_in, note_in_use
from skillsmatrix.web.shared.transactions import View, begin_for

SIGN_IN: Final = "access.sign_in"
CHANGE_PASSWORD: Final = "access.change_password"  # noqa: S105 - a page
_ATTRIBUTE: Final = "need"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SAFE: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Need:
    """What a view asks of whoever opens it.

    `action` with `person` or `service` (names of view arguments), or neither for an action that is about no
    one thing; `public` for everybody; otherwise any account. `why` is said for the last two.
    """

    action: str | None = None
    person: str | None = None
    service: str | None = None
    public: bool = False
    why: str = ""


def needs(action: str, *, person: str | None = None, service: str | None = None) -> Callable[[View], View]:
    """Declare the action of a view, and the argument that holds a staff or a service code.

    Without either, any holder of the right in any reach comes in, and what the page lists must be narrowed
    with `visible_staff` or `visible_services`. Raises UnknownAction when the module is read.
    """
    return _declare(Need(check_action(action), person, service))


def public(*, why: str) -> Callable[[View], View]:
    """Declare a view that needs no account, and say why."""
    return _declare(Need(public=True, why=why))


def any_account(*, why: str) -> Callable[[View], View]:
    """Declare a view for everybody who is signed in, about nobody but themself, and say why."""
    return _declare(Need(why=why))


def need_of(view: View | None) -> Need | None:
    """What the view declares; None when it declares nothing and is therefore refused."""
    return getattr(view, _ATTRIBUTE, None)


def init_guards(app: Flask) -> None:
    """Check before every view, and see after it that the check was made."""
    app.before_request(begin_request)
    CSRFProtect(app)
    app.before_request(check_access)
    app.after_request(belt)


def begin_request() -> None:
    """Read the clock, once; nobody is known yet and nothing is decided."""
    g.at = clock.now()
    g.today = g.on = clock.london_day(g.at)
    g.actor = None
    g.decision = None
    said = [request.path]
    if request.query_string:
        said += [*request.args.keys(), *request.args.values()]
    if request.content_type:  # without one there is no form, and looking for it takes time
        said += request.form.values()
    if any(_CONTROL.search(text) for text in said):
        abort(400)  # cannot be shown on a page, and PostgreSQL does not store a NUL


def check_access() -> ResponseReturnValue | None:
    """Decide whether this request may reach its view; answers in its place when it may not."""
    if request.endpoint is None:
        found = current_sign_in()
        g.actor = found.actor if found else None
        return None  # no such page: Flask says so after this, with the navigation of whoever asked
    view = current_app.view_functions[request.endpoint]
    need = need_of(view)
    if need is None:
        current_app.logger.error("%s declares no action and is refused", request.endpoint)
        abort(403)
    if need.public:
        g.decision = "public"
        return None
    if kept_forms.FIELD in request.form:
        kept_forms.give_back()
    begin_for(view)
    found = current_sign_in()
    if found is None:
        return _to_sign_in()
    g.actor = found.actor
    kept_forms.put_back(found.actor.account_id)
    note_in_use(found)
    if found.must_change_password and need.action is not None:
        return redirect(url_for(CHANGE_PASSWORD))
    g.on = asked_day(request.args.get("on"), today=g.today)
    _decide(need, found.actor)
    return None


def show_again() -> ResponseReturnValue | None:
    """The page of a form whose token is out of date, filled and not carried out; None for a forged one."""
    if not kept_forms.has_a_page() or not kept_forms.from_our_own_page():
        return None
    kept_forms.give_back()
    try:
        return check_access() or current_app.dispatch_request()
    except HTTPException as error:
        return current_app.handle_http_exception(error)


def belt(response: Response) -> Response:
    """An answer that nobody decided on does not leave the house."""
    if 200 <= response.status_code < 300 and g.get("decision") is None:
        current_app.logger.error("%s answered without a decision about access", request.endpoint)
        return Response("This page could not be shown.", status=500, mimetype="text/plain")
    return response


def allowed(action: str, *, person: str | None = None, service: str | None = None) -> bool:
    """May whoever is signed in do this (about this person or service)? For links, buttons, parts of pages."""
    actor: Actor | None = g.get("actor")
    return actor is not None and _decision(actor, action, person, service) is Decision.ALLOWED


def require(action: str, *, person: str | None = None, service: str | None = None) -> None:
    """Check a further right inside a view: 404 for what is out of sight, 403 for what is not allowed."""
    _act_on(_decision(g.actor, action, person, service))


def person_today(code: str) -> Person | None:
    """What rights about a person are judged by; read once for a page that only shows."""
    if request.method not in _SAFE:
        return access.person(db_session(), code, on=g.today)
    read: dict[str, Person | None] = g.setdefault("people_today", {})
    if code not in read:
        read[code] = access.person(db_session(), code, on=g.today)
    return read[code]


def note_person(code: str, person: Person | None) -> None:
    """What `person_today` would read, where a page that only shows has read it with something else."""
    g.setdefault("people_today", {})[code] = person


def visible_staff(action: str) -> Reach:
    """Codes of the staff about whom whoever is signed in may do this; every list is narrowed by it."""
    return _once("staff", action, access.visible_staff)


def visible_services(action: str) -> Reach:
    """Codes of the services about which whoever is signed in may do this."""
    return _once("services", action, access.visible_services)


def _declare(need: Need) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, need)
        return view

    return declare


def _decide(need: Need, actor: Actor) -> None:
    if need.action is None:
        g.decision = "any account"
        return
    if request.method not in _SAFE and not may_change(actor, need.action, on=g.today):
        _refuse(need)
    arguments = request.view_args or {}
    person = None if need.person is None else str(arguments[need.person])
    service = None if need.service is None else str(arguments[need.service])
    _act_on(_decision(actor, need.action, person, service))
    g.decision = need.action


def _decision(actor: Actor, action: str, person: str | None, service: str | None) -> Decision:
    own, today = db_session(), g.today
    if person is not None:
        return decide(actor, action, person_today(person), on=today)
    if service is not None:
        return decide_service(actor, action, access.place(own, service, on=today), on=today)
    return Decision.ALLOWED if permits(actor, action, on=today) else Decision.REFUSED


def _act_on(decision: Decision) -> None:
    if decision is Decision.HIDDEN:
        abort(404)
    if decision is Decision.REFUSED:
        _refuse(need_of(current_app.view_functions.get(request.endpoint or "")))


def _refuse(need: Need | None) -> None:
    current_app.logger.warning(
        "refused: account %s, %s %s, %s", g.actor.account_id, request.method, request.endpoint, need
    )
    abort(403)


def _once(kind: str, action: str, find: Callable[..., Any]) -> Reach:
    kept: dict[tuple[str, str], Reach] = g.setdefault("reaches", {})
    if (kind, action) not in kept:
        kept[kind, action] = find(db_session(), g.actor, action, on=g.today)
    return kept[kind, action]


def _to_sign_in() -> ResponseReturnValue:
    """Pages lead to the sign-in page and back; htmx, which asked for a part, sends the whole page there."""
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    if request.headers.get("HX-Request") == "true":
        return Response(status=401, headers={"HX-Redirect": url_for(SIGN_IN)})
    kept = kept_forms.sealed()
    if kept is not None:
        g.decision = "public"
        return kept_forms.sign_in_page(kept)
    return redirect(url_for(SIGN_IN, next=here))
