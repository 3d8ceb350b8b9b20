"""A sign-off is withdrawn: what that changes is seen first, and why is kept."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from skillsmatrix.foundation.database import reading
from tests.web.conftest import CheckedClient
from tests.web.practice_world import decisions_of, sign_off_of

Browsers = Callable[[str], CheckedClient]


def test_a_withdrawal_says_why(browser_of: Browsers, world_engine: Engine) -> None:
    number = sign_off_of(world_engine, "sid")
    mia = browser_of("svc")
    path = f"/people/sid/sign-offs/{number}/withdraw"

    unsaid = mia.send(path, since="today", step="save").text
    done = mia.send(path, since="ever", reason="Never watched", step="save")

    with reading(world_engine) as session:
        fact = decisions_of(session, "sid")[0]
        assert "Say why it is withdrawn" in unsaid
        assert done.status_code == 302
        assert (fact.withdrawn_on, fact.withdrawn_reason) == (fact.assessed_on, "Never watched")


def test_what_a_withdrawal_changes_is_shown_before_it_is_kept(
    browser_of: Browsers, world_engine: Engine
) -> None:
    number = sign_off_of(world_engine, "sid")
    path = f"/people/sid/sign-offs/{number}/withdraw"

    page = browser_of("svc").send(path, since="today", reason="Unseen").text

    with reading(world_engine) as session:
        assert decisions_of(session, "sid")[0].withdrawn_on is None
    assert "Nothing is kept yet." in page
    assert 'app-standing--withdrawn"' in page
    assert 'value="Unseen"' in page


def test_a_sign_off_is_withdrawn_once(browser_of: Browsers, world_engine: Engine) -> None:
    number = sign_off_of(world_engine, "sid")
    path = f"/people/sid/sign-offs/{number}/withdraw"
    mia = browser_of("svc")
    mia.send(path, since="today", reason="Unseen", step="save")

    again = mia.send(path, since="ever", reason="Never watched").text

    assert "This sign-off was withdrawn before" in again
    with reading(world_engine) as session:
        assert decisions_of(session, "sid")[0].withdrawn_reason == "Unseen"


@pytest.mark.parametrize(
    ("persona", "person", "status"),
    [
        ("ass", "ada", 403),
        ("sup", "ada", 403),
        ("svc", "cyn", 404),
        ("svc", "sid", 404),
        ("insp", "ada", 403),
    ],
)
def test_withdrawing_is_for_those_who_may_and_for_the_person_of_the_address(
    browser_of: Browsers, world_engine: Engine, persona: str, person: str, status: int
) -> None:
    number = sign_off_of(world_engine, "ada")

    response = browser_of(persona).send(
        f"/people/{person}/sign-offs/{number}/withdraw", since="today", reason="x", step="save"
    )

    with reading(world_engine) as session:
        assert response.status_code == status
        assert decisions_of(session, "ada")[0].withdrawn_on is None
