"""Every page says who may open it, and the list the tests of access walk says the same."""

from collections.abc import Callable

from flask import Flask

from skillsmatrix.foundation.settings import Settings
from skillsmatrix.web.shared.guards import Need, need_of, needs
from skillsmatrix.web.shared.transactions import commitment_of
from tests.guards.source import told
from tests.web.policy import ROUTES, Route

UNDECLARED = (
    "A page that says nothing is refused to everybody. Declare its action, one of "
    "skillsmatrix/domain/permissions.py, with @needs(…) above the view; or @any_account(why=…) or "
    "@public(why=…)."
)
UNLISTED = (
    "The tests of access walk tests/web/policy.py. Add the route there, with the action and the argument "
    "that you think it must have, before you look at its declaration; take stale lines out."
)
UNKEPT = (
    "A view that takes POST keeps what it wrote only with @commits; without it every write is rolled back. "
    "@commits on a view that takes no POST keeps nothing either."
)
BARE = "Say in `why` what makes the page safe for everybody, or for any account."


def app_of(settings_for: Callable[..., Settings]) -> Flask:
    from skillsmatrix.app import create_app

    return create_app(settings_for("sqlite:////nowhere/nothing.db"))


def declared(app: Flask) -> dict[str, Need | None]:
    return {rule.endpoint: need_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}


def undeclared_in(app: Flask) -> list[str]:
    return sorted(endpoint for endpoint, need in declared(app).items() if need is None)


def as_listed(need: Need) -> tuple[str | None, bool, str | None, str | None]:
    return need.action, need.public, need.person, need.service


def as_written(route: Route) -> tuple[str | None, bool, str | None, str | None]:
    return route.action, route.public, route.person, route.service


def test_every_route_declares_who_may_open_it(settings_for: Callable[..., Settings]) -> None:
    faults = undeclared_in(app_of(settings_for))

    assert not faults, told(faults, UNDECLARED)


def test_the_list_of_routes_is_complete_and_has_no_stale_line(settings_for: Callable[..., Settings]) -> None:
    faults = sorted(set(declared(app_of(settings_for))) ^ set(ROUTES))

    assert not faults, told(faults, UNLISTED)


def test_the_list_says_the_same_as_the_routes(settings_for: Callable[..., Settings]) -> None:
    faults = [
        f"{endpoint}: declared {need}, listed {ROUTES[endpoint]}"
        for endpoint, need in declared(app_of(settings_for)).items()
        if need is not None and endpoint in ROUTES and as_listed(need) != as_written(ROUTES[endpoint])
    ]

    assert not faults, told(faults, UNLISTED)


def test_the_argument_a_declaration_names_is_in_the_address(settings_for: Callable[..., Settings]) -> None:
    app = app_of(settings_for)
    faults = [
        f"{rule.endpoint}: {argument} is not in {rule.rule}"
        for rule in app.url_map.iter_rules()
        for need in [need_of(app.view_functions[rule.endpoint])]
        for argument in ([need.person, need.service] if need else [])
        if argument is not None and argument not in rule.arguments
    ]

    assert not faults, told(faults, UNDECLARED)


def test_pages_for_everybody_say_why(settings_for: Callable[..., Settings]) -> None:
    faults = [
        endpoint
        for endpoint, need in declared(app_of(settings_for)).items()
        if need is not None and need.action is None and not need.why
    ]

    assert not faults, told(faults, BARE)


def test_views_that_take_a_post_keep_what_they_write(settings_for: Callable[..., Settings]) -> None:
    app = app_of(settings_for)
    faults = [
        f"{rule.endpoint}: {sorted(rule.methods or ())}"
        for rule in app.url_map.iter_rules()
        if ("POST" in (rule.methods or ())) != (commitment_of(app.view_functions[rule.endpoint]) is not None)
    ]

    assert not faults, told(faults, UNKEPT)


def test_no_route_takes_a_method_that_pages_do_not_use(settings_for: Callable[..., Settings]) -> None:
    methods = {method for rule in app_of(settings_for).url_map.iter_rules() for method in rule.methods or ()}

    assert methods <= {"GET", "HEAD", "POST"}


def test_the_guard_sees_a_route_that_declares_nothing(settings_for: Callable[..., Settings]) -> None:
    app = app_of(settings_for)
    app.add_url_rule("/forgotten", endpoint="forgotten", view_func=lambda: "")

    assert undeclared_in(app) == ["forgotten"]


def test_a_declaration_survives_other_decorators() -> None:
    from skillsmatrix.web.shared.transactions import commits

    view = commits(needs("matrix.view")(lambda: ""))

    assert need_of(view) == Need(action="matrix.view")
