"""Security headers on every answer, cookies that scripts and other sites cannot use, and whose host it is."""

from collections.abc import Callable

import pytest
from flask import Flask

from skillsmatrix.web.shared.guards import public
from tests.web.conftest import CheckedClient, Site
from tests.web.policy import ROUTES

Browsers = Callable[[str], CheckedClient]

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


# The public check and a calendar's address tell no other site where their reader came from; the form of the
# check needs its own origin (CSRF).
OF_THE_CHECK = ("no-referrer", "same-origin")
TELL_NOTHING = ("verify.", "messages.feed")


def assert_headers(
    response: object, *, stored: bool = False, referrers: tuple[str, ...] = ("same-origin",)
) -> None:
    headers = response.headers  # type: ignore[attr-defined]
    rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert rules == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in referrers
    assert ("immutable" in headers["Cache-Control"]) is stored
    assert stored or headers["Cache-Control"] == "no-store"


def address_of(app: Flask, endpoint: str) -> str:
    route = ROUTES[endpoint]
    named = {name: "ada" for name in (route.person, route.service) if name}
    with app.test_request_context():
        return app.url_for(endpoint, **{**named, **route.values})


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_route_answers_with_the_headers(unchanged_site: Site, endpoint: str, method: str) -> None:
    app = unchanged_site.app
    address = address_of(app, endpoint)
    referrers = OF_THE_CHECK if endpoint.startswith(TELL_NOTHING) else ("same-origin",)

    assert_headers(app.test_client().open(address, method=method), referrers=referrers)
    assert_headers(unchanged_site.browser_of("hr").open(address, method=method), referrers=referrers)


@pytest.mark.parametrize(("path", "code"), [("/nothing-here", 404), ("/account?on=yesterday", 400)])
def test_refusals_carry_them_too(browser_of: Browsers, path: str, code: int) -> None:
    response = browser_of("hr").get(path)

    assert response.status_code == code
    assert_headers(response)


def test_a_failure_carries_them_too(app: Flask, client: CheckedClient) -> None:
    app.add_url_rule("/broken", "broken", public(why="test")(lambda: 1 / 0))

    response = client.get("/broken")

    assert response.status_code == 500
    assert_headers(response)


def test_files_under_their_digest_are_kept_for_ever(client: CheckedClient) -> None:
    address = client.get("/sign-in").text.split('rel="stylesheet" href="')[1].split('"')[0]

    response = client.get(address)

    assert response.status_code == 200
    assert_headers(response, stored=True)
    assert "Set-Cookie" not in response.headers


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: CheckedClient) -> None:
    client.get("/sign-in")

    cookie = client.get_cookie("skillsmatrix")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.secure) == (True, "Lax", "/", False)
    assert cookie.expires is None


def test_over_https_the_cookie_is_bound_to_this_host(make_app: Callable[..., Flask]) -> None:
    client = make_app(secure_cookies=True).test_client()

    response = client.get("/sign-in", base_url="https://localhost")

    header = response.headers["Set-Cookie"]
    assert header.startswith("__Host-skillsmatrix=")
    assert "; Secure" in header
    assert "Domain" not in header
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_without_https_nothing_promises_it(client: CheckedClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"])
def test_another_host_is_not_served(client: CheckedClient, host: str) -> None:
    response = client.get("/sign-in", headers={"Host": host})

    assert response.status_code == 400
    assert "evil" not in response.text
    assert_headers(response)


def test_what_a_stranger_says_about_proxies_is_not_believed(client: CheckedClient) -> None:
    response = client.get(
        "/account", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    )

    assert response.headers["Location"].startswith("/sign-in")


def test_as_many_proxies_are_believed_as_are_set_up(make_app: Callable[..., Flask]) -> None:
    app = make_app(proxy_hops=1, trusted_hosts=("skills.example.org",))
    app.add_url_rule("/who", "who", public(why="test")(who_asks))

    told = app.test_client().get(
        "/who",
        headers={
            "X-Forwarded-Host": "skills.example.org",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.66, 198.51.100.7",
        },
    )

    assert told.text == "https://skills.example.org 198.51.100.7"


def who_asks() -> str:
    from flask import request

    return f"{request.scheme}://{request.host} {request.remote_addr}"
