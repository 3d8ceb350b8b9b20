"""A page that is kept is the page that would be made, for the same reader, until the record changes."""

import gzip
import random
import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, select, update
from werkzeug.test import TestResponse

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Account, AccountGrant, Competency, Staff
from skillsmatrix.operations.learning import record_learning
from skillsmatrix.web.shared.kept_pages import zipped
from tests.web import world
from tests.web.conftest import CheckedClient, text_of

Browser = Callable[[str], CheckedClient]
MATRIX = "/matrix"


def ask(client: CheckedClient, address: str = MATRIX) -> TestResponse:
    return client.get(address, headers={"Accept-Encoding": "gzip"})


def settled(client: CheckedClient, address: str = MATRIX) -> TestResponse:
    """As it is for somebody who has asked often enough to be answered before the site begins to work."""
    return [ask(client, address) for _time in range(3)][-1]


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_a_page_is_made_once_and_given_again_as_it_was(browser_of: Browser) -> None:
    client = browser_of("hr")

    first, second, third = ask(client), ask(client), ask(client)

    assert first.headers["Content-Encoding"] == "gzip"
    assert third.data == second.data == first.data
    assert without_tokens(text_of(third)) == without_tokens(client.get(MATRIX).text)


def test_browsers_are_told_to_store_nothing(browser_of: Browser) -> None:
    client = browser_of("hr")
    settled(client)

    assert ask(client).headers["Cache-Control"] == "no-store"


def test_a_new_fact_shows_at_once(browser_of: Browser, world_engine: Engine) -> None:
    client = browser_of("hr")
    before = text_of(settled(client))
    with writing(world_engine) as session:
        record_learning(
            session,
            staff_id=session.scalars(select(Staff.id).where(Staff.code == "ben")).one(),
            competency_id=session.scalars(select(Competency.id).where(Competency.code == "fire")).one(),
            completed_on=clock.today(),
            by="command:test",
            at=clock.now(),
        )

    after = text_of(ask(client))

    assert "1 of 4" in before
    assert "2 of 4" in after


def test_each_reader_and_each_address_has_a_page_of_its_own(browser_of: Browser) -> None:
    head, manager = browser_of("hr"), browser_of("svc")

    pages = {
        (name, address): text_of(ask(client, address))
        for _turn in range(4)
        for name, client in (("head", head), ("manager", manager))
        for address in (MATRIX, f"{MATRIX}?q=fire", f"{MATRIX}?on={date(2020, 1, 1)}")
    }

    assert len(set(pages.values())) == len(pages)
    assert "/services/birch/needs/" in pages["head", MATRIX]
    assert "/services/birch/needs/" not in pages["manager", MATRIX]


def test_a_second_session_of_the_same_account_has_its_own_tokens(browser_of: Browser) -> None:
    one, other = browser_of("hr"), browser_of("hr")

    assert without_tokens(text_of(settled(one))) == without_tokens(text_of(settled(other)))
    assert text_of(ask(one)) != text_of(ask(other))


def test_a_role_that_ended_takes_the_page_along(browser_of: Browser, world_engine: Engine) -> None:
    client = browser_of("svc")
    assert "/services/alder/needs/" in text_of(settled(client))
    with writing(world_engine) as session:
        manager = select(Account.id).where(Account.email == world.email_of("svc")).scalar_subquery()
        session.execute(
            update(AccountGrant).where(AccountGrant.account_id == manager).values(to_on=date(2021, 1, 1))
        )

    assert "/services/alder/needs/" not in text_of(ask(client))


def test_nobody_who_has_signed_out_is_given_the_page(browser_of: Browser) -> None:
    client = browser_of("hr")
    settled(client)
    client.send("/sign-out")

    assert ask(client).status_code == 302


def test_a_message_is_shown_once(browser_of: Browser) -> None:
    client = browser_of("hr")
    settled(client)
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "Kept for later")]

    assert "Kept for later" in text_of(ask(client))
    assert "Kept for later" not in text_of(ask(client))


def test_whoever_takes_no_gzip_gets_none(browser_of: Browser) -> None:
    assert "Content-Encoding" not in browser_of("hr").get(MATRIX).headers


@pytest.mark.parametrize("seed", range(8))
def test_zipped_pages_unzip_to_what_they_were(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - drawn from a seed on purpose
    around = [
        draw.randbytes(draw.choice((0, 1, 70_000, 65_535, 131_070))).replace(b"<", b"-") for _ in range(2)
    ]
    body = around[0] + b"<tbody><tr><td>cell</td></tr></tbody>" * draw.choice((0, 1, 5_000)) + around[1]

    assert gzip.decompress(zipped(body)) == body


def test_only_the_rows_are_compressed() -> None:
    page = (
        b"<input value='secret'><table><tbody>" + b"<tr><td>cell</td></tr>" * 999 + b"</tbody></table>secret"
    )

    found = zipped(page)

    assert len(found) < len(page) / 10
    assert found.count(b"secret") == 2
