"""What a page of the import holds back: what nobody looked at, rules, and what speaks for whoever imports."""

import csv
import io
from collections.abc import Callable

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Account, Organisation, Requirement, Staff
from tests.web.conftest import CheckedClient
from tests.web.imports.test_imports import commit, hand_in, names, package, seen
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]

ORGANISATIONS = "organisation,name\nHOME,Harbour Homes and Gardens\nTRUST,Fenland Trust\n"


def colleague_renames_the_trust(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(
            update(Organisation).where(Organisation.code == "TRUST").values(name="Fen and Marsh Trust")
        )


def hr_is(engine: Engine, code: str) -> None:
    with writing(engine) as session:
        staff = session.scalars(select(Staff.id).where(Staff.code == code)).one()
        session.execute(update(Account).where(Account.display_name == "Account hr").values(staff_id=staff))


def test_what_a_colleague_corrected_since_the_preview_is_not_undone_unseen(
    browser_of: Browser, world_engine: Engine
) -> None:
    client = browser_of("hr")
    address = hand_in(client, package(organisations=ORGANISATIONS)).location
    looked_at = seen(client, address)
    colleague_renames_the_trust(world_engine)

    answer = commit(client, address, seen=looked_at, reason="The charity was renamed")

    page = words(answer.text)
    assert "somebody changed the record since you looked. Look again" in page
    assert "Name: is Fen and Marsh Trust, would be Fenland Trust" in page
    assert 'value="The charity was renamed"' in answer.text
    assert names(world_engine)["TRUST"] == "Fen and Marsh Trust"
    assert names(world_engine)["HOME"] == "Harbour Homes"


def test_after_looking_again_all_of_it_is_imported(browser_of: Browser, world_engine: Engine) -> None:
    client = browser_of("hr")
    address = hand_in(client, package(organisations=ORGANISATIONS)).location
    looked_at = seen(client, address)
    colleague_renames_the_trust(world_engine)
    commit(client, address, seen=looked_at)

    answer = commit(client, address)

    assert answer.status_code == 302
    assert names(world_engine)["TRUST"] == "Fenland Trust"
    assert names(world_engine)["HOME"] == "Harbour Homes and Gardens"


def test_an_import_that_nobody_looked_at_stores_nothing(browser_of: Browser, world_engine: Engine) -> None:
    client = browser_of("hr")
    address = hand_in(client, package(organisations=ORGANISATIONS)).location

    client.send(f"{address}/commit")

    assert names(world_engine)["HOME"] == "Harbour Homes"


def test_a_file_with_rules_is_not_imported_and_says_who_changes_rules(
    browser_of: Browser, world_engine: Engine
) -> None:
    client = browser_of("hr")
    header = "requirement,competency,cover,strength,in_force_from\n"
    body = package(requirements=header + "own-rule,med,each,target,2026-01-01\n", organisations=ORGANISATIONS)

    address = hand_in(client, body).location
    answer = client.get(address)
    page = words(answer.text)
    commit(client, address)

    assert "1 row changes a rule" in page
    assert "Two people change rules" in page
    assert "Requirements, line 2: own-rule, would be added" in page
    assert "Import all of it" not in page
    assert 'href="/rules"' in answer.text
    assert names(world_engine)["HOME"] == "Harbour Homes"
    with Session(world_engine) as session:
        assert session.scalars(select(Requirement).where(Requirement.code == "own-rule")).all() == []


def test_rows_about_whoever_imports_are_worth_a_second_look(
    browser_of: Browser, world_engine: Engine
) -> None:
    hr_is(world_engine, "jon")
    client = browser_of("hr")
    learning = "staff,competency,completed_on\njon,med,2026-01-01\nada,med,2026-01-01\n"

    page = words(client.get(hand_in(client, package(learning=learning)).location).text)

    assert "Learning: 1 row about yourself. Nobody verifies for themself" in page


def test_nobody_imports_their_own_sign_off_on_the_page(browser_of: Browser, world_engine: Engine) -> None:
    hr_is(world_engine, "jon")
    client = browser_of("hr")
    header = "staff,competency,level,assessed_on,outcome,assessor\n"
    body = package(sign_offs=header + "jon,med,1,2026-01-01,competent,ada\n")

    page = words(client.get(hand_in(client, body).location).text)

    assert "This file cannot be imported yet" in page
    assert "Another person of human resources can import this row" in page


def test_every_row_that_would_change_is_a_file_that_runs_nothing(
    browser_of: Browser, world_engine: Engine
) -> None:
    client = browser_of("hr")
    rows = "".join(f"O{number},=1+{number}\n" for number in range(120))
    text = f"organisation,name\nHOME,Harbour Homes and Gardens\n{rows}"

    address = hand_in(client, package(organisations=text)).location
    page = client.get(address).text
    file = client.get(f"{address}/changes.csv")
    header, first, *others = csv.reader(io.StringIO(file.data.decode("utf-8-sig")))

    assert f'href="{address}/changes.csv"' in page
    assert file.headers["Content-Disposition"] == "attachment; filename=changes.csv"
    assert header == ["line", "table", "what", "key", "column", "before", "after"]
    assert first == [
        "2",
        "organisations",
        "corrected",
        "HOME",
        "name",
        "Harbour Homes",
        "Harbour Homes and Gardens",
    ]
    assert len(others) == 240
    assert others[-1] == ["122", "organisations", "added", "O119", "name", "", "'=1+119"]
    assert browser_of("hr_adm").get(f"{address}/changes.csv").status_code == 404


def test_the_changes_of_a_file_at_fault_lead_to_its_faults(browser_of: Browser) -> None:
    client = browser_of("hr")
    address = hand_in(client, b"no package").location

    assert client.get(f"{address}/changes.csv").location == address


def test_a_file_without_a_row_is_said_to_have_none(browser_of: Browser) -> None:
    client = browser_of("hr")
    body = package(organisations="organisation,name\n", learning="")

    page = client.get(hand_in(client, body).location).text

    assert "the file has no rows" in page
    assert "recorded already" not in page
    assert "Import all of it" not in page


def test_the_figures_of_the_preview_stand_under_one_another_on_a_narrow_screen(browser_of: Browser) -> None:
    client = browser_of("hr")

    page = client.get(hand_in(client, package(organisations=ORGANISATIONS)).location).text
    faults = client.get(hand_in(client, package(organisations="organisation\n\nA,B\n")).location).text

    assert 'data-label="Unchanged"' in page
    assert faults.count("app-stack") == 2
    assert 'data-label="What is expected"' in faults
