"""Every account at every route about every person and service, against the matrix read on its own."""

import io
import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

import pytest
from flask import Blueprint, Flask
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from skillsmatrix.web.shared.guards import needs, visible_staff
from skillsmatrix.web.shared.transactions import commits
from tests.web import oracle, world
from tests.web.conftest import CheckedClient, Site
from tests.web.policy import ROUTES, Route

PEOPLE = [*world.STAFF, "zoe", "a b", "'; --"]
SERVICES = [*world.SERVICES, "zinc"]

# What a request may leave behind without having changed anything: sign-ins are the tests' own.
BOOKKEEPING = {"account_sessions", "sign_in_attempts", "audit_entries", "ledger", "alembic_version"}

# A few actions of each kind; tests/queries/test_access.py decides them all without HTTP.
PROBED = {
    "person": ["competency.sign_off", "person.read.F3"],
    "service": ["matrix.view", "plan.service.edit"],
    "none": ["import.commit", "audit.verify", "audit.write"],
}


def contents(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table but the bookkeeping."""
    with engine.connect() as connection:
        tables = (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        )
        return {
            table: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
            for table in tables
            if table not in BOOKKEEPING and not table.startswith("sqlite_")
        }


def objects_of(route: Route) -> list[dict[str, str]]:
    """The arguments to try: each person and service of the world, one that is not there, and nonsense."""
    people = [{route.person: code} for code in route.only or PEOPLE] if route.person else [{}]
    places = [{route.service: code} for code in route.only or SERVICES] if route.service else [{}]
    return [{**person, **place} for person in people for place in places]


def tried(endpoint: str, name: str, route: Route, method: str) -> Iterator[dict[str, str]]:
    """Whatever is shown, all of it; of each way to be refused, and of each answer to a form, two.

    Which two differs from route to route and from account to account. `SKILLSMATRIX_NIGHTLY=1` tries all.
    """
    everything = bool(os.environ.get("SKILLSMATRIX_NIGHTLY"))
    answers: Counter[int] = Counter()
    objects = objects_of(route)
    first = crc32(f"{endpoint} {name}".encode()) % len(objects)
    for values in objects[first:] + objects[:first]:
        answer = expected(world.PERSONAS[name], route, values, changes=method == "POST")
        answers[answer] += 1
        if everything or answers[answer] <= 2 or (method, answer) == ("GET", 200):
            yield values


def expected(persona: world.Persona, route: Route, values: dict[str, str], *, changes: bool) -> int:
    code = expected_where_it_is(persona, route, values, changes=changes)
    return 404 if code == 200 and route.absent else code


def expected_where_it_is(
    persona: world.Persona, route: Route, values: dict[str, str], *, changes: bool
) -> int:
    if route.public:
        return 200
    if route.action is None or persona.shut_out:
        return 302 if persona.shut_out else 200
    if route.own and oracle.answer(persona, route.action) == 200:
        return oracle.answer_about_person(persona, route.action, persona.staff or "nobody")
    if route.person:
        return oracle.answer_about_person(persona, route.action, values[route.person], changes=changes)
    if route.service:
        return expected_at_service(persona, route, values[route.service], changes=changes)
    return oracle.answer(persona, route.action, changes=changes)


def expected_at_service(persona: world.Persona, route: Route, service: str, *, changes: bool) -> int:
    assert route.action
    first = oracle.answer_about_service(persona, route.action, service, changes=changes)
    if first != 200:
        return first
    if route.whole and service not in oracle.services_seen_whole(persona, route.action):
        return 403
    if route.then:
        argument, action = route.then
        return oracle.answer_about_person(persona, action, route.values[argument], changes=changes)
    return 200


def may_be_named(persona: world.Persona, route: Route) -> set[str]:
    actions = [route.action] if route.action else []
    known = {"person.list", "person.read.F1", *actions, *route.sees}
    return {code for action in known for code in oracle.people_within(persona, action)}


def everything_in(response: TestResponse) -> str:
    """The answer's text; of a workbook, every part of it, hidden ones and properties too."""
    if not response.data.startswith(b"PK"):
        return response.get_data().decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(response.data)) as workbook:
        return "".join(workbook.read(name).decode("utf-8", "replace") for name in workbook.namelist())


def leaked(response: TestResponse, persona: world.Persona, route: Route) -> list[str]:
    body = everything_in(response) + str(response.headers)
    hidden = set(world.STAFF) - may_be_named(persona, route) - set(route.names)
    return sorted(code for code in hidden if world.STAFF[code] in body)


def faults_at(
    client: CheckedClient, endpoint: str, route: Route, name: str, method: str, values: dict[str, str]
) -> Iterator[str]:
    persona = world.PERSONAS[name]
    changes = method == "POST"
    wanted = expected(persona, route, values, changes=changes)
    if changes and wanted == 200 and route.body is None:
        return
    with client.application.test_request_context():
        path = client.application.url_for(endpoint, **{**route.values, **values})
    response = client.send(path, **(route.body or {})) if changes else client.get(path)
    # A form of a session that has ended is kept in the sign-in page; all else leads to that page.
    signed_out = response.status_code == 401 or (
        response.status_code == 302 and "/sign-in" in response.headers["Location"]
    )
    got = 302 if signed_out else 200 if response.status_code in (200, 302, 303) else response.status_code
    if got != wanted:
        yield f"{name} {method} {path}: {response.status_code}, expected {wanted}"
    for code in leaked(response, persona, route):
        yield f"{name} {method} {path}: shows {code}, who is out of reach"


def walk(site: Site, endpoint: str, route: Route) -> list[str]:
    """Everything wrong with one route for every account."""
    app, engine = site.app, site.engine
    methods = {method for rule in app.url_map.iter_rules(endpoint) for method in rule.methods or ()}
    before = contents(engine)
    faults = []
    for name in world.PERSONAS:
        client = site.browser_of(name)
        for method in sorted(methods & {"GET", "POST"}):
            for values in tried(endpoint, name, route, method):
                faults += faults_at(client, endpoint, route, name, method, values)
    if route.body is None and contents(engine) != before:
        faults.append("a refused request changed the database")
    return faults


# Leaving the site, and what has no page or needs a file on disk, is tried by tests of their own.
NOT_WALKED = {
    "assets.serve",
    "access.sign_in",
    "access.sign_out",
    "access.end_session",
    "claims.evidence",
}
WALKED = {endpoint: route for endpoint, route in ROUTES.items() if endpoint not in NOT_WALKED}


@pytest.mark.parametrize("endpoint", sorted(WALKED))
def test_every_account_gets_at_every_route_what_the_matrix_says(
    request: pytest.FixtureRequest, endpoint: str
) -> None:
    route = WALKED[endpoint]
    alone = route.body is not None or route.public  # the public pages count who asks how often
    site: Site = request.getfixturevalue("site" if alone else "unchanged_site")

    faults = walk(site, endpoint, route)

    assert not faults, "\n".join(faults)


@pytest.fixture
def site(app: Flask, world_engine: Engine) -> Site:
    """A site of this test alone, for what changes the record."""
    return Site(app, world_engine)


@pytest.fixture
def probed(make_app: Callable[..., Flask]) -> Flask:
    """The site with pages that do nothing but declare: the guard is tried whatever pages there are."""
    app = make_app()
    probes = Blueprint("probes", __name__)
    for about, actions in PROBED.items():
        for action in actions:
            address = f"/probe/{about}/{action}" + ("" if about == "none" else "/<path:code>")
            declaration = {} if about == "none" else {about: "code"}

            def view(code: str = "") -> str:
                return "done"

            view.__name__ = f"{about}_{action.replace('.', '_')}"
            guarded = needs(action, **declaration)(commits(view))
            probes.add_url_rule(address, view_func=guarded, methods=["GET", "POST"], endpoint=view.__name__)
    app.register_blueprint(probes)
    return app


@pytest.mark.parametrize(
    ("about", "action"), [(about, action) for about, actions in PROBED.items() for action in actions]
)
def test_the_guard_answers_every_account_as_the_matrix_says(
    probed: Flask, world_engine: Engine, about: str, action: str
) -> None:
    subject = {} if about == "none" else {about: "code"}
    route = Route(action, body={}, **subject)  # type: ignore[arg-type]

    faults = walk(Site(probed, world_engine), f"probes.{about}_{action.replace('.', '_')}", route)

    assert not faults, "\n".join(faults)


def test_the_walk_notices_a_page_that_shows_too_much(
    make_app: Callable[..., Flask], world_engine: Engine
) -> None:
    app = make_app()
    everybody = " ".join(world.STAFF.values())
    app.add_url_rule("/all", "all", needs("matrix.view")(lambda: f"<p>{everybody}</p>"))

    faults = walk(Site(app, world_engine), "all", Route("matrix.view"))

    assert "sup GET /all: shows cyn, who is out of reach" in faults
    assert not any(fault.startswith("hr ") for fault in faults)


def test_the_walk_notices_a_page_that_asks_for_the_wrong_action(
    make_app: Callable[..., Flask], world_engine: Engine
) -> None:
    app = make_app()
    app.add_url_rule("/loose/<code>", "loose", needs("person.read.F1", person="code")(lambda code: ""))

    faults = walk(Site(app, world_engine), "loose", Route("person.read.F3", person="code"))

    assert "svc GET /loose/ada: 200, expected 403" in faults


def test_a_list_narrowed_by_the_one_function_leaks_nothing(
    make_app: Callable[..., Flask], world_engine: Engine
) -> None:
    app = make_app()

    def view() -> str:
        reach = visible_staff("matrix.view")
        return " ".join(name for code, name in world.STAFF.items() if code in reach)

    app.add_url_rule("/list", "list", needs("matrix.view")(view))

    assert walk(Site(app, world_engine), "list", Route("matrix.view")) == []
