"""Scenarios through the pages: made, looked at, changed, copied, compared, put away; the record untouched."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Course, Ledger, Staff
from skillsmatrix.queries.conclusions import differences
from skillsmatrix.web.shared.formats import typed_day
from tests.web.conftest import CheckedClient
from tests.web.what_if.bench import (
    AFTER_TEN_DAYS,
    IN_TEN_DAYS,
    TYPED,
    add_change,
    new_scenario,
    press,
    said,
    version_on,
    with_leaver,
)

Browser = Callable[[str], CheckedClient]

# What a scenario may write: itself, its versions, the log, and that it was asked for once.
ITS_OWN = {
    "scenarios",
    "earlier_versions",
    "audit_entries",
    "idempotency_keys",
    "ledger",
    "account_sessions",
    "sign_in_attempts",
}
YESTERDAY = typed_day(clock.today() - timedelta(days=1))
TWO_AT_ALDER = {
    "competency": "fire",
    "service": "alder",
    "role": "",
    "level": "1",
    "cover": "count",
    "amount": "2",
    "hard_stop": "y",
    "in_force_from": TYPED,
}
NEWCOMER = {"service": "alder", "role": "sw", "basis": "permanent", "starts_on": TYPED}


def record(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table that a scenario has no business with, kept conclusions included."""
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()
        return {
            table: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
            for table in tables.all()
            if table not in ITS_OWN and not table.startswith("sqlite_")
        }


def test_a_leaver_is_said_in_one_sentence_and_the_services_that_read_differently_are_listed(
    browser_of: Browser,
) -> None:
    browser = browser_of("hcp")

    page = browser.get(with_leaver(browser)).text

    assert f"Ada Qanaryada leaves on {said(IN_TEN_DAYS)}" in page
    assert f"As on {said(IN_TEN_DAYS + timedelta(days=1))}" in page
    assert "Services that read differently" in page
    assert "3 services stay as they are" in page


def test_services_are_listed_with_the_worst_turn_first(browser_of: Browser) -> None:
    browser = browser_of("hcp")
    path = new_scenario(browser, "Two of them")
    target_at_alder = {name: value for name, value in TWO_AT_ALDER.items() if name != "hard_stop"}
    add_change(browser, path, "requirement_added", **target_at_alder)
    add_change(browser, path, "requirement_added", **{**TWO_AT_ALDER, "service": "ward"})

    page = " ".join(browser.get(path).text.split())

    listed = page[page.index("the worst turn first") :]
    assert listed.index(">Ward") < listed.index(">Alder")


def test_a_hard_stop_that_comes_to_be_unmet_is_said_first_by_name(browser_of: Browser) -> None:
    browser = browser_of("svc")
    path = new_scenario(browser, "Two for fire safety")

    add_change(browser, path, "requirement_added", **TWO_AT_ALDER)
    page = browser.get(path).text

    assert "1 hard stop comes to be not met" in page
    assert page.index("Not safe to run after these changes") < page.index("The changes")
    assert "Alder: Fire safety" in page
    assert "not asked becomes 1 held of 2" in " ".join(page.split())


def test_a_leaver_who_held_nothing_makes_nothing_better(browser_of: Browser) -> None:
    """ben holds no fire safety: without him three people at alder are asked, and two are missing."""
    browser = browser_of("svc")

    page = browser.get(with_leaver(browser, "ben", "Without Ben")).text

    assert "fewer are missing only because fewer are asked" in page
    assert "1 held of 4 becomes 1 held of 3" in " ".join(page.split())
    assert "Gets better" not in page
    assert "no requirement gets worse or better" in page


def test_people_who_gain_a_competency_close_the_gap_and_the_cheapest_course_is_named(
    browser_of: Browser, world_engine: Engine
) -> None:
    with writing(world_engine) as session:
        session.scalars(select(Course)).one().fee_pence = 4500
    browser = browser_of("hcp")
    path = new_scenario(browser)

    add_change(
        browser,
        path,
        "competency_gained",
        staff=["ben", "gus", "sid"][::2],
        competency="med",
        level="1",
        held_from=TYPED,
    )
    page = browser.get(path).text

    assert "Ben Qanaryben and Sid Qanarysid gain Medicines" in page
    assert "Gets better" in page
    assert "Medicines day" in page
    assert "£90.00" in page


def test_a_newcomer_who_holds_what_the_post_asks_for_counts_and_one_who_holds_nothing_does_not(
    browser_of: Browser,
) -> None:
    browser = browser_of("svc")
    path = new_scenario(browser)
    add_change(browser, path, "requirement_added", **TWO_AT_ALDER)
    add_change(browser, path, "person_joins", name="New starter", **NEWCOMER)
    alone = browser.get(path).text
    add_change(browser, path, "person_joins", name="Trained starter", trained="y", **NEWCOMER)

    page = browser.get(path).text

    assert "Not safe to run after these changes" in alone
    assert "New starter joins Alder as Support worker" in alone
    assert "Not safe to run after these changes" not in page


def test_a_course_date_that_moves_says_how_many_of_those_in_sight_complete_it_later(
    browser_of: Browser,
) -> None:
    later = typed_day(IN_TEN_DAYS + timedelta(days=30))
    pages = {}
    for persona in ("hcp", "svc"):
        browser = browser_of(persona)
        path = new_scenario(browser)
        add_change(browser, path, "course_moves", "1", held_on=later)
        pages[persona] = browser.get(path).text

    assert "1 person who is booked completes it then" in pages["hcp"]
    assert "nobody you may see is booked" in pages["svc"]


def test_what_changes_is_corrected_in_its_place_and_taken_out_again(browser_of: Browser) -> None:
    browser = browser_of("hcp")
    path = with_leaver(browser)
    form = browser.get(f"{path}/changes/0").text

    browser.send(f"{path}/changes/0", last_day="3/3/2030", version=version_on(form), once="b")
    corrected = browser.get(path).text
    browser.send(f"{path}/changes/0/remove", version=version_on(corrected))
    emptied = browser.get(path).text

    assert f'value="{TYPED}"' in form
    assert "Ada Qanaryada leaves on 3 March 2030" in corrected
    assert "There is no change in it yet" in emptied
    assert "Ada Qanaryada leaves on 3 March 2030" in browser.get(f"{path}/versions").text


def test_the_same_change_sent_twice_is_one(browser_of: Browser) -> None:
    browser = browser_of("hcp")
    path = new_scenario(browser)

    address = f"{path}/changes/new?kind=person_leaves&about=ada"
    version = version_on(browser.get(address).text)

    for _ in range(2):
        answer = browser.send(address, last_day=TYPED, version=version, once="the same")
        assert answer.status_code == 302

    assert browser.get(path).text.count("1. Ada Qanaryada leaves") == 1
    assert "2. Ada" not in browser.get(path).text


def test_a_change_made_on_an_old_page_is_told_so(browser_of: Browser) -> None:
    browser = browser_of("hcp")
    path = new_scenario(browser)
    old = version_on(browser.get(f"{path}/name").text)
    browser.send(f"{path}/name", name="Another name", version=old, once="a")

    late = browser.send(
        f"{path}/changes/new?kind=person_leaves&about=ada", last_day=TYPED, version=old, once="b"
    )

    assert late.status_code == 409
    assert "changed in another window" in late.text
    assert "There is no change in it yet" in browser.get(path).text


@pytest.mark.parametrize(
    ("kind", "about", "fields", "told"),
    [
        ("person_leaves", "ada", {"last_day": "31/2/2027"}, "Enter a real date"),
        ("service_closes", "alder", {"closes_on": ""}, "Enter the day"),
        ("service_closes", "alder", {"closes_on": YESTERDAY}, "The day is over"),
        ("person_leaves", "ada", {"last_day": YESTERDAY}, "The day is over"),
        ("course_moves", "1", {"held_on": YESTERDAY}, "The day is over"),
        ("requirement_added", None, {**TWO_AT_ALDER, "amount": ""}, "needs a figure"),
        ("requirement_added", None, {**TWO_AT_ALDER, "cover": "percent", "amount": "101"}, "100 per cent"),
        ("competency_gained", None, {"competency": "fire", "held_from": TYPED}, "Choose at least one person"),
        (
            "post_starts",
            "ada",
            {**NEWCOMER, "ends_on": typed_day(clock.today())},
            "The last day cannot be before the first",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    browser_of: Browser, kind: str, about: str | None, fields: dict[str, str], told: str
) -> None:
    browser = browser_of("hcp")
    path = new_scenario(browser)

    answer = add_change(browser, path, kind, about, **fields)

    assert answer.status_code == 200
    assert told in answer.text
    assert "There is no change in it yet" in browser.get(path).text


def test_a_change_that_no_longer_fits_is_named_and_left_out(
    browser_of: Browser, world_engine: Engine
) -> None:
    browser = browser_of("hcp")
    path = with_leaver(browser)
    add_change(browser, path, "requirement_added", **TWO_AT_ALDER)
    yesterday = clock.today() - timedelta(days=1)
    with writing(world_engine) as session:
        session.scalars(select(Staff).where(Staff.code == "ada")).one().employed_to = yesterday

    page = browser.get(path).text

    assert "No longer fits, and is left out" in page
    assert f"The record has {said(yesterday)} as the last day of Ada Qanaryada." in page
    assert "Not safe to run after these changes" in page
    assert "1 change no longer fits" in browser.get("/what-if").text


def test_two_scenarios_stand_side_by_side_on_the_page_and_in_its_file(browser_of: Browser) -> None:
    browser = browser_of("hcp")
    numbers = [with_leaver(browser, "ada", "=Ada"), with_leaver(browser, "ben", "Without Ben")]
    asked = "&".join(f"scenario={path.rsplit('/', 1)[1]}" for path in numbers)

    page = browser.get(f"/what-if/compare?{asked}").text
    file = browser.get(f"/what-if/compare.csv?{asked}")
    rows = list(csv.reader(io.StringIO(file.text.lstrip("\ufeff"))))

    assert "Without Ben" in page
    assert "All services you may see" in page
    assert rows[0] == [
        f"On {said(IN_TEN_DAYS + timedelta(days=1))}",
        "As things stand",
        "'=Ada",
        "Without Ben",
    ]
    assert rows[1][0] == "Hard stops not met"
    assert all(len(row) == 4 for row in rows)


def test_one_scenario_is_too_few_to_compare(browser_of: Browser) -> None:
    browser = browser_of("hcp")
    number = with_leaver(browser).rsplit("/", 1)[1]

    assert "Choose two or three scenarios" in browser.get(f"/what-if/compare?scenario={number}").text
    assert browser.get(f"/what-if/compare.csv?scenario={number}").status_code == 400


def test_the_file_holds_the_lines_that_differ(browser_of: Browser) -> None:
    browser = browser_of("hcp")
    path = with_leaver(browser)

    file = browser.get(f"{path}/lines.csv?on={AFTER_TEN_DAYS}").text.lstrip("\ufeff")
    rows = {row[0]: row for row in csv.reader(io.StringIO(file))}

    # sid, mia, ada and ben work at alder; only ada has fire safety, and she leaves
    assert rows["Alder: Fire safety"][3:9] == ["4", "1", "3", "3", "0", "3"]


def test_it_is_copied_renamed_and_put_away(browser_of: Browser) -> None:
    browser = browser_of("hcp")
    path = with_leaver(browser)

    copy = str(press(browser, path, "copy").headers["Location"])
    press(browser, path, "archive")
    listed = browser.get("/what-if").text

    assert copy != path
    assert "Ada Qanaryada leaves" in browser.get(copy).text
    assert "Without Ada (copy)" in listed
    assert "1 archived scenario" in listed
    assert "Add a change" not in browser.get(path).text
    press(browser, path, "archive")
    assert "archived" not in browser.get("/what-if").text


def test_nothing_that_is_tried_touches_the_record_or_what_is_concluded_from_it(
    browser_of: Browser, world_engine: Engine
) -> None:
    browser = browser_of("hcp")
    before = record(world_engine)
    with reading(world_engine) as session:
        version = session.scalar(select(Ledger.data_version))

    path = with_leaver(browser)
    tried = [
        ("person_joins", None, {"name": "New", "trained": "y", **NEWCOMER}),
        ("post_starts", "ben", NEWCOMER),
        (
            "competency_gained",
            None,
            {"staff": ["ben"], "competency": "fire", "level": "1", "held_from": TYPED},
        ),
        ("course_moves", "1", {"held_on": TYPED}),
        ("service_added", None, {"name": "Elm House", "opens_on": TYPED, "like": "alder"}),
        ("service_closes", "birch", {"closes_on": TYPED}),
        ("requirement_added", None, TWO_AT_ALDER),
        ("requirement_changed", "R-FIRE", {"level": "2", "cover": "each", "takes_effect_on": TYPED}),
        ("requirement_ended", "R-MED", {"in_force_to": TYPED}),
        ("length_changed", "fire", {"learning_months": "1"}),
    ]
    for kind, about, fields in tried:
        answer = add_change(browser, path, kind, about, **fields)
        assert answer.status_code == 302, (kind, answer.text)
        assert browser.get(path).status_code == 200

    assert "no longer fits" not in browser.get(path).text
    assert record(world_engine) == before
    with reading(world_engine) as session:
        assert session.scalar(select(Ledger.data_version)) == version
        assert differences(session) == []
