"""Looking after accounts: who sees which, who makes them, hands over ways in, and shuts them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Account, AccountGrant, AuditEntry, Ledger, Mail, Organisation, Staff
from skillsmatrix.operations.accounts import grant_role
from tests.web import world
from tests.web.conftest import CheckedClient, signed_in_client

Browsers = Callable[[str], CheckedClient]
MakeApp = Callable[..., Flask]
MAIL = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": "skills@example.org"}


def id_of(engine: Engine, persona: str) -> int:
    with reading(engine) as session:
        return session.scalars(select(Account.id).where(Account.email == world.email_of(persona))).one()


def how_many(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Account)) or 0


def typed(day_from_today: int) -> str:
    day = clock.today() + timedelta(days=day_from_today)
    return f"{day.day}/{day.month}/{day.year}"


def limit_to(engine: Engine, persona: str, organisation: str) -> None:
    """Let the persona's roles reach one organisation only."""
    with writing(engine) as session:
        there = session.scalars(select(Organisation.id).where(Organisation.code == organisation)).one()
        account = select(Account.id).where(Account.email == world.email_of(persona)).scalar_subquery()
        session.execute(
            update(AccountGrant).where(AccountGrant.account_id == account).values(organisation_id=there)
        )


def link_on(page: str) -> str:
    """The path of the one-time link that a page shows."""
    found = re.search(r"http://127\.0\.0\.1:8000(/set-password/[A-Za-z0-9_-]{43})", page)
    assert found
    return found[1]


def test_the_list_shows_every_account_its_state_and_its_roles(browser_of: Browsers) -> None:
    page = browser_of("adm").get("/accounts").text

    assert "19 accounts" in page
    for words in (
        "Qanarynia",
        "svc.birch@example.org",
        "Service manager (Birch)",
        "Disabled",
        "Left",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=SVC.birch", ["Nia Qanarynia"]),
        ("q=qanaryNIA", ["Nia Qanarynia"]),
        ("q=account+dpo", ["Account dpo"]),
        ("state=disabled", ["Account disabled"]),
        ("q=%25", []),
    ],
)
def test_the_list_is_searched_by_name_address_and_state(
    browser_of: Browsers, asked: str, found: list[str]
) -> None:
    page = browser_of("hr").get(f"/accounts?{asked}").text

    names = re.findall(r'href="/accounts/\d+">([^<]+)<', page)
    assert names == found


def test_a_name_corrected_in_the_staff_record_is_the_name_of_the_account(
    browser_of: Browsers, world_engine: Engine
) -> None:
    own, number = browser_of("staff"), id_of(world_engine, "staff")
    with writing(world_engine) as session:
        session.execute(update(Staff).where(Staff.code == "sid").values(given_name="Cid", family_name="Wyn"))
        session.execute(update(Ledger).values(data_version=Ledger.data_version + 1))

    pages = [browser_of("hr").get(path).text for path in ("/accounts", f"/accounts/{number}")]
    pages += [own.get(path).text for path in ("/account", "/me")]

    for page in pages:
        assert "Cid Wyn" in page
        assert "Account staff" not in page


def test_the_pages_say_nothing_of_training(browser_of: Browsers, world_engine: Engine) -> None:
    client = browser_of("adm")
    pages = [client.get(f"/accounts/{id_of(world_engine, name)}").text for name in ("staff", "svc", "host")]

    assert not any(word in page for page in pages for word in ("Medicines", "Valid", "Not held"))


def test_whoever_is_limited_to_an_organisation_sees_only_its_peoples_accounts(
    browser_of: Browsers, world_engine: Engine
) -> None:
    limit_to(world_engine, "hr", "SMALL")
    client = browser_of("hr")

    assert "No account matches" in client.get("/accounts").text
    assert client.get(f"/accounts/{id_of(world_engine, 'staff')}").status_code == 404
    assert client.send(f"/accounts/{id_of(world_engine, 'staff')}/disable").status_code == 404
    assert client.get("/accounts/new/staff/hal").status_code == 200
    assert client.get("/accounts/new/staff/ada").status_code == 404
    assert client.get("/accounts/new/outside").status_code == 403
    assert "Qanaryada" not in client.get("/accounts/new?q=Qanary").text


def test_hr_makes_an_account_for_a_member_of_staff_and_hands_over_the_way_in_once(
    browser_of: Browsers, app: Flask, world_engine: Engine
) -> None:
    client = browser_of("hr")
    assert "/accounts/new/staff/ada" in client.get("/accounts/new?q=qanaryADA").text
    form = client.get("/accounts/new/staff/ada")
    assert ('name="name"' in form.text, "New account for Ada Qanaryada" in form.text) == (False, True)

    made = client.send("/accounts/new/staff/ada", email="Ada@example.org", once="1")
    shown = client.get(made.headers["Location"]).text

    path = link_on(shown)
    assert "shown this once" in shown
    assert "/set-password/" not in client.get(made.headers["Location"]).text
    newcomer = app.test_client()
    assert newcomer.send(path, new="quiet herons at dusk", again="quiet herons at dusk").status_code == 302
    assert "Your record" in newcomer.get("/me").text or newcomer.get("/me").status_code == 200
    assert "Active" in client.get(made.headers["Location"]).text


def test_the_same_form_sent_twice_makes_one_account(browser_of: Browsers, world_engine: Engine) -> None:
    client, before = browser_of("hr"), how_many(world_engine)
    answers = [
        client.send("/accounts/new/staff/ada", email="ada@example.org", once="same").headers["Location"]
        for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert how_many(world_engine) == before + 1


@pytest.mark.parametrize("spelling", ["HR@example.org", "hr+x@example.org"])
def test_an_address_that_is_taken_leads_to_its_account(
    browser_of: Browsers, world_engine: Engine, spelling: str
) -> None:
    client, before = browser_of("adm"), how_many(world_engine)

    answer = client.send("/accounts/new/staff/ada", email=spelling, once="1")

    assert answer.headers["Location"] == f"/accounts/{id_of(world_engine, 'hr')}"
    assert "no second one was made" in client.get(answer.headers["Location"]).text
    assert how_many(world_engine) == before


def test_a_member_of_staff_has_one_account(browser_of: Browsers, world_engine: Engine) -> None:
    answer = browser_of("hr").get("/accounts/new/staff/sid")

    assert answer.headers["Location"] == f"/accounts/{id_of(world_engine, 'staff')}"


def test_somebody_from_outside_gets_an_account_that_ends(browser_of: Browsers, app: Flask) -> None:
    client = browser_of("hr")
    refused = client.send("/accounts/new/outside", name="Ivo Inspector", email="ivo@cqc.example", once="1")
    assert "Enter the last day" in refused.text
    late = {"name": "Ivo Inspector", "email": "ivo@cqc.example", "once": "2", "ends_on": typed(-1)}
    assert "Enter today or a later day" in client.send("/accounts/new/outside", **late).text

    made = client.send("/accounts/new/outside", **{**late, "ends_on": typed(0)}).headers["Location"]
    path = link_on(client.get(made).text)

    visitor = app.test_client()
    assert visitor.send(path, new="quiet herons at dusk", again="quiet herons at dusk").status_code == 302
    assert visitor.get("/account").status_code == 200
    assert visitor.get("/people").status_code == 403


def test_an_account_from_outside_is_shut_after_its_last_day(
    browser_of: Browsers, world_engine: Engine
) -> None:
    visitor, client = browser_of("host"), browser_of("hr")
    path = f"/accounts/{id_of(world_engine, 'host')}"
    assert client.send(f"{path}/last-day", ends_on=typed(0)).status_code == 302
    assert visitor.get("/account").status_code == 200
    with writing(world_engine) as session:
        session.execute(
            update(Account)
            .where(Account.id == int(path.rpartition("/")[2]))
            .values(ends_on=clock.today() - timedelta(days=1))
        )

    assert visitor.get("/account").status_code == 302
    assert "Ended" in client.get(path).text
    again = visitor.send("/sign-in", email="host@example.org", password=world.PASSWORD)
    assert again.status_code == 200


def test_the_way_in_goes_by_mail_where_there_is_a_mail_server(
    make_app: MakeApp, world_engine: Engine
) -> None:
    client = signed_in_client(make_app(**MAIL), world_engine, "hr")
    made = client.send("/accounts/new/staff/ada", email="ada@example.org", once="1")

    page = client.get(made.headers["Location"]).text

    assert "A link is on its way to ada@example.org" in page
    assert "/set-password/" not in page
    with reading(world_engine) as session:
        assert session.scalars(select(Mail.subject)).all() == ["Your account for Harbour Homes"]


def test_nobody_is_handed_a_way_into_an_account_that_reaches_everybody(
    browser_of: Browsers, world_engine: Engine
) -> None:
    client, path = browser_of("adm"), f"/accounts/{id_of(world_engine, 'hr')}"
    client.send(f"{path}/link")

    page = client.get(path).text

    assert "/set-password/" not in page
    assert "account hr@example.org --again" in page
    staff = f"/accounts/{id_of(world_engine, 'staff')}"
    client.send(f"{staff}/link")
    assert link_on(client.get(staff).text)


def test_a_link_made_for_one_account_is_not_shown_on_anothers_page(
    browser_of: Browsers, world_engine: Engine
) -> None:
    client = browser_of("hr")
    client.send(f"/accounts/{id_of(world_engine, 'staff')}/link")

    assert "/set-password/" not in client.get(f"/accounts/{id_of(world_engine, 'sup')}").text


def test_disabling_shuts_somebody_out_at_once_and_enabling_lets_them_in(
    browser_of: Browsers, world_engine: Engine
) -> None:
    victim, client = browser_of("svc"), browser_of("hr")
    path = f"/accounts/{id_of(world_engine, 'svc')}"

    client.send(f"{path}/disable")

    assert victim.get("/account").status_code == 302
    assert "the account is disabled" in client.get(path).text
    client.send(f"{path}/enable")
    assert victim.get("/account").status_code == 302
    again = victim.send("/sign-in", email="svc@example.org", password=world.PASSWORD)
    assert again.status_code == 302


def test_nobody_shuts_themself_out(browser_of: Browsers, world_engine: Engine) -> None:
    client, path = browser_of("adm"), f"/accounts/{id_of(world_engine, 'adm')}"
    assert "Disable the account" not in client.get(path).text

    client.send(f"{path}/disable")

    assert "Nobody disables their own account" in client.get(path).text


def test_an_administrator_signs_somebody_out_everywhere_and_hr_does_not(
    browser_of: Browsers, world_engine: Engine
) -> None:
    victim, path = browser_of("svc"), f"/accounts/{id_of(world_engine, 'svc')}"

    assert browser_of("hr").send(f"{path}/sign-out").status_code == 403
    assert browser_of("staff").send(f"{path}/sign-out").status_code == 403
    assert victim.get("/account").status_code == 200
    assert browser_of("adm").send(f"{path}/sign-out").status_code == 302
    assert victim.get("/account").status_code == 302


def test_every_act_leaves_its_line_in_the_log(browser_of: Browsers, world_engine: Engine) -> None:
    client, path = browser_of("adm"), f"/accounts/{id_of(world_engine, 'staff')}"
    with reading(world_engine) as session:
        before = session.scalar(select(func.max(AuditEntry.id))) or 0
    for act in ("link", "sign-out", "disable", "enable"):
        client.send(f"{path}/{act}")

    with reading(world_engine) as session:
        lines = session.execute(
            select(AuditEntry.kind, AuditEntry.by).where(AuditEntry.id > before).order_by(AuditEntry.id)
        ).all()
    kinds = ["account_link_made", "signed_out_everywhere", "account_disabled", "account_enabled"]
    assert [line.kind for line in lines] == kinds
    assert {line.by for line in lines} == {f"account:{id_of(world_engine, 'adm')}"}


def test_an_account_that_is_not_there_is_not_found(browser_of: Browsers, world_engine: Engine) -> None:
    client = browser_of("adm")

    assert client.get("/accounts/9999").status_code == 404
    assert client.send("/accounts/9999/disable").status_code == 404
    with writing(world_engine) as session:
        role, since = AccessRole.ADMINISTRATOR, clock.today()
        other = id_of(world_engine, "nobody")
        grant_role(session, account_id=other, role=role, from_on=since, by="command:test", at=clock.now())
    assert client.get("/accounts/9999/roles/new").status_code == 404
