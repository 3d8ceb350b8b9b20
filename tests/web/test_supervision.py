"""Supervision in a browser: recorded in a minute, said before it lapses, closed to everybody else."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import (
    Competency,
    Staff,
    SupervisionAction,
    SupervisionAgreement,
    SupervisionSession,
)
from tests.web.conftest import CheckedClient
from tests.web.practice_world import give_account, staff_id

Browsers = Callable[[str], CheckedClient]
TODAY = clock.today()


def typed(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def held(**changes: Any) -> dict[str, Any]:
    return {"supervisees": ["ada"], "kind": "management", "held_on": typed(TODAY), "minutes": "60", **changes}


def sessions_by_sam(engine: Engine) -> list[SupervisionSession]:
    with reading(engine) as session:
        sam = staff_id(session, "sam")
        found = session.scalars(
            select(SupervisionSession).where(SupervisionSession.supervisor_id == sam)
        ).all()
        session.expunge_all()
        return list(found)


def test_a_supervisor_records_a_session_on_one_screen(browser_of: Browsers, world_engine: Engine) -> None:
    sam = browser_of("sup")

    response = sam.send("/supervision/record", **held(minutes="45"))

    (row,) = sessions_by_sam(world_engine)
    assert response.status_code == 302
    assert (row.kind, row.held_on, row.minutes, row.group_size) == ("management", TODAY, 45, None)
    told = f"Recorded: management supervision on {TODAY.day} {TODAY:%B %Y} with Ada Qanaryada."
    assert told in sam.get("/supervision").text


def test_everything_that_is_missing_about_a_session_is_said_at_once(browser_of: Browsers) -> None:
    answer = browser_of("sup").send("/supervision/record", **held(supervisees=[], kind=""))

    assert "Tick everybody who was there" in answer.text
    assert "Choose a kind" in answer.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_on": typed(TODAY + timedelta(days=1))}, "Enter today or an earlier day"),
        ({"supervisees": []}, "Tick everybody who was there"),
        ({"kind": ""}, "Choose a kind"),
        ({"others": "999"}, "Enter a number from 0 to 60"),
        ({"minutes": "61"}, "choose one of those listed"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    browser_of: Browsers, world_engine: Engine, changes: dict[str, Any], said: str
) -> None:
    response = browser_of("sup").send("/supervision/record", **held(**changes))

    assert response.status_code == 200
    assert said in response.text
    assert sessions_by_sam(world_engine) == []


@pytest.mark.parametrize("foreign", ["ben", "cyn", "sam", "zoe"])
def test_one_person_who_is_not_theirs_refuses_the_whole_group(
    browser_of: Browsers, world_engine: Engine, foreign: str
) -> None:
    response = browser_of("sup").send("/supervision/record", **held(supervisees=["ada", foreign]))

    assert response.status_code == 404
    assert sessions_by_sam(world_engine) == []


@pytest.mark.parametrize("persona", ["svc", "hr", "hcp", "ass", "staff", "adm", "insp"])
def test_nobody_else_records_sessions(browser_of: Browsers, persona: str) -> None:
    assert browser_of(persona).send("/supervision/record", **held()).status_code == 403


def cap_of_two(engine: Engine) -> None:
    with writing(engine) as session:
        skill = session.scalars(select(Competency).where(Competency.code == "med")).one()
        skill.supervision_kind, skill.supervision_lapse_days = "management", 120
        skill.supervision_max_group, skill.supervision_every_days = 2, 42


def test_v3_a_group_over_the_cap_is_said_before_it_is_saved(
    browser_of: Browsers, world_engine: Engine
) -> None:
    cap_of_two(world_engine)
    sam = browser_of("sup")

    told = sam.send("/supervision/record", **held(others="2"))
    before = sessions_by_sam(world_engine)
    sure = sam.send("/supervision/record", **held(others="2", sure="y"))

    assert "Ada Qanaryada: 3 in the group, and Medicines counts at most 2" in told.text
    assert before == []
    assert sure.status_code == 302
    assert [row.group_size for row in sessions_by_sam(world_engine)] == [3]


def test_a_kind_that_nothing_asks_for_is_said_before_it_is_saved(browser_of: Browsers) -> None:
    page = browser_of("sup").send("/supervision/record", **held(kind="clinical")).text

    assert "Ada Qanaryada: no clinical supervision is agreed, and nothing they hold asks for it" in page


def test_sending_the_form_twice_stores_it_once(browser_of: Browsers, world_engine: Engine) -> None:
    sam = browser_of("sup")

    answers = [sam.send("/supervision/record", **held(once="same")).status_code for _ in range(2)]
    again = sam.send("/supervision/record", **held(once="another"))

    assert answers == [302, 302]
    assert "This session is recorded already" in again.text
    assert len(sessions_by_sam(world_engine)) == 1


def test_what_a_lapse_stops_is_said_before_it_happens(browser_of: Browsers, world_engine: Engine) -> None:
    cap_of_two(world_engine)  # the last session was 100 days ago

    page = browser_of("sup").get("/supervision").text

    assert "Overdue" in page
    stops_on = TODAY - timedelta(days=100) + timedelta(days=121)
    assert f"Without a session these stop on {stops_on.day} {stops_on:%B %Y}: Medicines" in page


def test_v2_a_supervisor_who_leaves_is_flagged_at_once(browser_of: Browsers, world_engine: Engine) -> None:
    with writing(world_engine) as session:
        sam = session.scalars(select(Staff).where(Staff.code == "sam")).one()
        sam.employed_to = TODAY + timedelta(days=30)

    page = browser_of("svc").get("/supervision").text

    assert "Without a supervisor" in page
    assert "Sam Qanarysam gives it until the day before" in page
    assert "Leaves on" in page


def test_the_agenda_lists_gaps_and_what_runs_out(browser_of: Browsers) -> None:
    page = browser_of("sup").get("/people/ada/supervision").text

    assert "Open gaps" in page
    assert "Medicines" in page
    assert "Runs out soon" in page
    assert "Fire safety" in page


def test_an_inspector_gets_no_figure_about_so_few_people(browser_of: Browsers) -> None:
    page = browser_of("insp").get("/supervision?whose=alder").text

    assert "How many each supervisor has" not in page
    assert "In time:" not in page


def test_a_manager_names_a_supervisor_and_a_supervisor_changes_how_often(
    browser_of: Browsers, world_engine: Engine
) -> None:
    mia, sam = browser_of("svc"), browser_of("sup")
    agreed = {"supervisor": "sam", "kind": "clinical", "every_days": "42", "starts_on": typed(TODAY)}

    named = mia.send("/people/sid/supervision/agree", **agreed)
    twice = mia.send("/people/sid/supervision/agree", **agreed).text
    with reading(world_engine) as session:
        sid = staff_id(session, "sid")
        number = session.scalars(
            select(SupervisionAgreement.id).where(SupervisionAgreement.supervisee_id == sid)
        ).one()
    changed = sam.send(f"/people/sid/supervision/agreements/{number}", every_days="28", ends_on="")

    assert (named.status_code, changed.status_code) == (302, 302)
    assert "This is agreed already" in twice
    assert sam.send("/people/ada/supervision/agree", **agreed).status_code == 403
    assert mia.send("/people/cyn/supervision/agree", **agreed).status_code == 404
    assert sam.send(f"/people/ada/supervision/agreements/{number}", every_days="7").status_code == 404
    with reading(world_engine) as session:
        assert session.get_one(SupervisionAgreement, number).every_days == 28


def test_nobody_is_named_as_supervisor_who_is_not_trusted_as_one(
    browser_of: Browsers, world_engine: Engine
) -> None:
    response = browser_of("svc").send(
        "/people/sid/supervision/agree",
        supervisor="hal",
        kind="clinical",
        every_days="42",
        starts_on=typed(TODAY),
    )

    assert response.status_code == 200
    assert "choose one of those listed" in response.text


def test_an_action_has_an_owner_and_a_day_and_is_done_by_either(
    browser_of: Browsers, world_engine: Engine
) -> None:
    sam = browser_of("sup")
    agreed = {"what": "Book the refresher", "owner": "ada", "due_on": typed(TODAY)}

    made = sam.send("/people/ada/supervision/actions", **agreed)
    outsider = sam.send("/people/ada/supervision/actions", **{**agreed, "owner": "cyn"})
    with reading(world_engine) as session:
        number = session.scalars(select(SupervisionAction.id)).one()
    page = sam.get("/people/ada/supervision").text
    foreign = browser_of("staff").send(f"/people/sid/supervision/actions/{number}/done")
    done = sam.send(f"/people/ada/supervision/actions/{number}/done")

    assert (made.status_code, outsider.status_code) == (302, 200)
    assert "Book the refresher" in page
    assert (foreign.status_code, done.status_code) == (404, 302)
    with reading(world_engine) as session:
        assert session.get_one(SupervisionAction, number).done_on == TODAY


@pytest.mark.parametrize(
    ("persona", "reads"), [("sup", True), ("staff", True), ("svc", False), ("hcp", False), ("insp", False)]
)
def test_what_is_agreed_is_for_the_two_and_others_see_how_much_it_is(
    browser_of: Browsers, world_engine: Engine, persona: str, reads: bool
) -> None:
    agreed = {"what": "Book the refresher", "owner": "ada", "due_on": typed(TODAY)}
    with writing(world_engine) as session:
        give_account(session, "staff", "ada")
    browser_of("sup").send("/people/ada/supervision/actions", **agreed)

    page = browser_of(persona).get("/people/ada/supervision").text

    assert ("Book the refresher" in page) is reads
    assert ("1 thing is agreed and not done yet" in page) is not reads


def test_a_supervisor_puts_right_only_their_own_sessions(browser_of: Browsers, world_engine: Engine) -> None:
    sam = browser_of("sup")
    sam.send("/supervision/record", **held())
    (row,) = sessions_by_sam(world_engine)
    with reading(world_engine) as session:
        ada = staff_id(session, "ada")
        other = session.scalars(
            select(SupervisionSession.id).where(
                SupervisionSession.supervisee_id == ada, SupervisionSession.id != row.id
            )
        ).one()
    wrong = {"what": "never", "held_on": typed(TODAY), "reason": "She was ill"}

    assert sam.send(f"/people/ada/supervision/sessions/{other}", **wrong).status_code == 404
    assert (
        "Say why it is changed"
        in sam.send(f"/people/ada/supervision/sessions/{row.id}", **{**wrong, "reason": ""}).text
    )
    assert sam.send(f"/people/ada/supervision/sessions/{row.id}", **wrong).status_code == 302
    assert sessions_by_sam(world_engine) == []
