"""Assessment and sign-off in a browser: the form on a phone, and everybody who may not."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from skillsmatrix.domain.sign_off import STANDARD_CRITERIA
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import AssessmentCriterion, AssessmentRequest, SignOffReview, Staff, Suspension
from tests.web.conftest import CheckedClient
from tests.web.practice_world import (
    ask_for,
    assessments_of,
    decisions_of,
    give_account,
    medicines,
    sign_off_of,
    staff_id,
)

Browsers = Callable[[str], CheckedClient]
NEW = "/people/ada/assessments/new/med"
ALL = [str(place) for place in range(len(STANDARD_CRITERIA))]
TODAY = clock.today()


def seen(**changes: object) -> dict[str, object]:
    """The form as somebody fills it who saw everything."""
    return {
        "level": "1",
        "version": "standard",
        "assessed_on": f"{TODAY.day}/{TODAY.month}/{TODAY.year}",
        "criteria": ALL,
        "outcome": "competent",
        **changes,
    }


def test_the_form_lists_what_has_to_be_seen(browser_of: Browsers) -> None:
    page = browser_of("ass").get(NEW).text

    assert all(wording in page for wording in STANDARD_CRITERIA)


def test_an_assessor_signs_off_on_one_screen(browser_of: Browsers, world_engine: Engine) -> None:
    response = browser_of("ass").send(NEW, **seen(present="Sam", setting="Flat 2"))

    with reading(world_engine) as session:
        (made,) = assessments_of(session, "ada")
        assert response.status_code == 302
        assert (made.outcome, made.present, made.setting) == ("competent", "Sam", "Flat 2")
        assert decisions_of(session, "ada")[-1].assessed_on == TODAY
        assert made.sign_off_id == decisions_of(session, "ada")[-1].id


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"criteria": ALL[:2]}, "Competent means that everything on the list was seen"),
        ({"outcome": ""}, "Choose an outcome"),
        ({"outcome": "not_yet"}, "Say what to do next"),
        ({"assessed_on": "1/1/2090"}, "Enter a day up to today"),
        ({"assessed_on": "soon"}, "Enter a real date"),
        ({"level": "3"}, "the assessor did not hold it at this level on that day"),
        ({"version": "2020-01-01"}, "On that day another list was in force"),
        ({"level": "99"}, "choose one of those listed"),
    ],
)
def test_what_is_wrong_is_said_on_its_field_and_nothing_is_stored(
    browser_of: Browsers, world_engine: Engine, changes: dict[str, object], said: str
) -> None:
    response = browser_of("ass").send(NEW, **seen(note="Typed with cold fingers", **changes))

    with reading(world_engine) as session:
        assert response.status_code == 200
        assert said in response.text
        assert "Typed with cold fingers" in response.text
        assert assessments_of(session, "ada") == []


def test_sending_the_form_twice_stores_it_once(browser_of: Browsers, world_engine: Engine) -> None:
    ivy = browser_of("ass")

    answers = [ivy.send(NEW, **seen(once="the same")).status_code for _ in range(2)]

    with reading(world_engine) as session:
        assert answers == [302, 302]
        assert len(assessments_of(session, "ada")) == 1


def test_a_second_form_after_the_sign_off_says_who_was_first(
    browser_of: Browsers, world_engine: Engine
) -> None:
    ivy = browser_of("ass")
    ivy.send(NEW, **seen())

    response = ivy.send(NEW, **seen())

    with reading(world_engine) as session:
        assert "Ivy Qanaryivy has signed this off already" in ivy.get(response.headers["Location"]).text
        assert len(assessments_of(session, "ada")) == 1


@pytest.mark.parametrize(
    ("persona", "path", "status"),
    [
        ("ass", "/people/cyn/assessments/new/med", 404),
        ("ass", "/people/ivy/assessments/new/med", 403),
        ("hcp", NEW, 403),
        ("hr", NEW, 403),
        ("sup", NEW, 403),
        ("svc", NEW, 403),
        ("staff", "/people/sid/assessments/new/med", 403),
        ("ass", "/people/ada/assessments/new/fire", 404),
        ("ass", "/people/ada/assessments/new/nothing", 404),
    ],
)
def test_nobody_else_signs_off(
    browser_of: Browsers, world_engine: Engine, persona: str, path: str, status: int
) -> None:
    response = browser_of(persona).send(path, **seen())

    with reading(world_engine) as session:
        assert response.status_code == status
        assert assessments_of(session, "ada") == assessments_of(session, "cyn") == []


def test_three_times_not_yet_locks_it_until_a_manager_says_why(
    browser_of: Browsers, world_engine: Engine
) -> None:
    ivy, mia = browser_of("ass"), browser_of("svc")
    failed = seen(outcome="not_yet", next_steps="Practise the chart", criteria=[])
    for _ in range(3):
        ivy.send(NEW, **failed)
    ask = "/people/ada/assessments/ask?competency=med&level=1"

    locked = ivy.send(NEW, **seen()).text
    unsaid = mia.send(ask, assessor="ivy").text
    by_supervisor = browser_of("sup").send(ask, assessor="ivy", reopen_reason="Please").text
    reopened = mia.send(ask, assessor="ivy", reopen_reason="Two weeks with a mentor")

    assert "All three attempts are used" in locked
    assert "A manager has to reopen it and say why" in unsaid
    assert "A manager has to reopen it and say why" in by_supervisor
    assert reopened.status_code == 302
    assert ivy.send(NEW, **seen()).status_code == 302
    with reading(world_engine) as session:
        assert [each.outcome for each in assessments_of(session, "ada")] == ["not_yet"] * 3 + ["competent"]


def test_what_to_do_next_is_read_by_the_person(browser_of: Browsers, world_engine: Engine) -> None:
    with writing(world_engine) as session:
        give_account(session, "nobody", "ada")
    browser_of("ass").send(NEW, **seen(outcome="not_yet", next_steps="Practise the chart", criteria=[]))

    page = browser_of("nobody").get("/people/ada/assessments").text

    assert "Practise the chart" in page


def test_a_host_partner_reads_no_notes(browser_of: Browsers, world_engine: Engine) -> None:
    with writing(world_engine) as session:
        session.add(
            AssessmentRequest(
                staff_id=staff_id(session, "eve"),
                competency_id=medicines(session),
                level=1,
                assessor_id=staff_id(session, "ivy"),
                starts_on=TODAY,
                recorded_at=clock.now(),
                version_from=clock.now(),
                recorded_by="test",
            )
        )
    path = "/people/eve/assessments/new/med"
    browser_of("ass").send(path, **seen(outcome="not_yet", next_steps="Private words", criteria=[]))

    page = browser_of("host").get("/people/eve/assessments").text

    assert "not yet" in page
    assert "Private words" not in page


def test_asking_names_an_assessor_who_then_sees_the_person(
    browser_of: Browsers, world_engine: Engine
) -> None:
    ivy, mia = browser_of("ass"), browser_of("svc")
    before = ivy.get("/people/sid/assessments/new/med").status_code

    asked = mia.send("/people/sid/assessments/ask?competency=med&level=1", assessor="ivy")

    with reading(world_engine) as session:
        sid = staff_id(session, "sid")
        number = session.scalars(select(AssessmentRequest.id).where(AssessmentRequest.staff_id == sid)).one()
    assert (before, asked.status_code) == (404, 302)
    assert "Qanarysid" in ivy.get("/assessments").text
    assert ivy.get("/people/sid/assessments/new/med").status_code == 200
    assert mia.send(f"/people/ada/assessments/requests/{number}/end").status_code == 404
    assert mia.send(f"/people/sid/assessments/requests/{number}/end").status_code == 302
    assert "Qanarysid" not in ivy.get("/assessments").text


def test_nobody_is_asked_to_have_assessed_by_a_day_that_is_over(
    browser_of: Browsers, world_engine: Engine
) -> None:
    asked = browser_of("svc").send(
        "/people/sid/assessments/ask?competency=med&level=1", assessor="ivy", wanted_by="1/1/2020"
    )

    assert "The day is over: enter today" in asked.text
    with reading(world_engine) as session:
        sid = staff_id(session, "sid")
        assert not session.scalars(
            select(AssessmentRequest.id).where(AssessmentRequest.staff_id == sid)
        ).all()


def test_only_those_who_may_assess_are_offered(browser_of: Browsers) -> None:
    mia = browser_of("svc")

    assert "Ivy Qanaryivy" in mia.get("/people/sid/assessments/ask?competency=med&level=1").text
    assert "Nobody may assess this" in mia.get("/people/sid/assessments/ask?competency=med&level=5").text
    assert mia.send("/people/sid/assessments/ask?competency=med&level=5", assessor="ivy").status_code == 200


@pytest.mark.parametrize(("persona", "person"), [("ass", "ada"), ("staff", "sid"), ("hr", "ada")])
def test_the_sheet_links_to_the_form_for_those_who_may_fill_it_in(
    browser_of: Browsers, persona: str, person: str
) -> None:
    client = browser_of(persona)
    page = client.get(f"/people/{person}/assessments/sheet/med?level=1").text
    form = client.get(f"/people/{person}/assessments/new/med?level=1")

    assert "Code that opens the form" in page
    assert (">Open the form</a>" in page, form.status_code == 200) == ((persona == "ass",) * 2)


def test_the_sheet_carries_a_code_and_the_criteria(browser_of: Browsers) -> None:
    page = browser_of("ass").get("/people/ada/assessments/sheet/med?level=1").text

    assert "<svg" in page
    assert all(wording in page for wording in STANDARD_CRITERIA)
    assert re.search(r'href="http://[^"]+/people/ada/assessments/new/med\?level=1"', page)


def waiting_for_a_second(browser_of: Browsers, engine: Engine) -> int:
    with writing(engine) as session:
        ask_for(session, needs_countersign=True)
    browser_of("ass").send(NEW, **seen())
    with reading(engine) as session:
        (made,) = assessments_of(session, "ada")
        assert made.sign_off_id is None
        return made.id


def test_a_second_signature_makes_it_count(browser_of: Browsers, world_engine: Engine) -> None:
    number = waiting_for_a_second(browser_of, world_engine)
    head = browser_of("hcp")
    path = f"/people/ada/assessments/{number}/countersign"

    listed = head.get("/assessments/decisions").text
    signed = head.send(path, once="x")
    again = head.send(path, once="x")

    with reading(world_engine) as session:
        assert path in listed
        assert (signed.status_code, again.status_code) == (302, 302)
        assert assessments_of(session, "ada")[0].sign_off_id == decisions_of(session, "ada")[-1].id
    assert head.get(path).status_code == 404


@pytest.mark.parametrize(
    ("persona", "status"), [("ass", 403), ("svc", 403), ("hr", 403), ("sup", 403), ("staff", 404)]
)
def test_nobody_else_gives_the_second_signature(
    browser_of: Browsers, world_engine: Engine, persona: str, status: int
) -> None:
    number = waiting_for_a_second(browser_of, world_engine)

    response = browser_of(persona).send(f"/people/ada/assessments/{number}/countersign")

    assert response.status_code == status


def test_the_assessor_is_not_the_second_signature(browser_of: Browsers, world_engine: Engine) -> None:
    number = waiting_for_a_second(browser_of, world_engine)
    with writing(world_engine) as session:
        give_account(session, "ass", "hal")
        give_account(session, "hcp", "ivy")

    page = browser_of("hcp").send(f"/people/ada/assessments/{number}/countersign").text

    with reading(world_engine) as session:
        assert "The second signature has to be somebody else" in page
        assert assessments_of(session, "ada")[0].sign_off_id is None


def reviews(engine: Engine) -> list[tuple[str, bool]]:
    with reading(engine) as session:
        rows = session.execute(
            select(Staff.code, SignOffReview.suspension_id)
            .join(Suspension, Suspension.id == SignOffReview.suspension_id, isouter=True)
            .join(Staff, Staff.id == Suspension.staff_id, isouter=True)
        )
        return sorted((str(code), held is not None) for code, held in rows)


def test_all_that_an_assessor_signed_is_doubted_in_one_step(
    browser_of: Browsers, world_engine: Engine
) -> None:
    head = browser_of("hcp")
    page = head.get("/assessors/pat/sign-offs").text
    offered = re.findall(r'name="sign_offs" type="checkbox" value="(\d+)"', page)

    done = head.send("/assessors/pat/sign-offs", sign_offs=offered, reason="Not qualified")

    found = reviews(world_engine)
    assert done.status_code == 302
    assert len(offered) == len(found) > 10
    assert all(held for _, held in found)


def test_a_manager_doubts_about_their_own_people_only(browser_of: Browsers, world_engine: Engine) -> None:
    mia = browser_of("svc")
    foreign = sign_off_of(world_engine, "cyn")
    own = sign_off_of(world_engine, "sid")

    both = mia.send("/assessors/pat/sign-offs", sign_offs=[str(own), str(foreign)], reason="x")

    assert "Qanarycyn" not in mia.get("/assessors/pat/sign-offs").text
    assert both.status_code == 404
    assert reviews(world_engine) == []
    assert mia.get("/assessors/zoe/sign-offs").status_code == 404


def test_a_review_is_settled_by_somebody_else(browser_of: Browsers, world_engine: Engine) -> None:
    head, number = browser_of("hcp"), sign_off_of(world_engine, "sid")
    head.send("/assessors/pat/sign-offs", sign_offs=[str(number)], reason="Not qualified")
    with reading(world_engine) as session:
        review = session.scalars(select(SignOffReview.id)).one()
    path = f"/people/sid/sign-off-reviews/{review}"

    assert "Not qualified" in head.get(path).text
    assert head.get(f"/people/ada/sign-off-reviews/{review}").status_code == 404
    assert browser_of("svc").send(path).status_code == 403
    assert head.send(path).status_code == 302
    with reading(world_engine) as session:
        assert session.get_one(SignOffReview, review).outcome == "stands"


def test_criteria_and_rules_are_kept_by_the_head_of_practice(
    browser_of: Browsers, world_engine: Engine
) -> None:
    head = browser_of("hcp")
    since = TODAY + timedelta(days=1)

    saved = [
        head.send("/assessment-rules/med", observations="3", settings="Day\nNight\n\nDay"),
        head.send(
            "/assessment-rules/med/criteria",
            wordings="Reads the chart\nGives the right dose",
            in_force_from=f"{since.day}/{since.month}/{since.year}",
        ),
    ]
    early = head.send("/assessment-rules/med/criteria", wordings="x", in_force_from="1/1/2026").text

    with reading(world_engine) as session:
        kept = session.scalars(
            select(AssessmentCriterion.wording).order_by(AssessmentCriterion.position)
        ).all()
        assert [each.status_code for each in saved] == [302, 302]
        assert kept == ["Reads the chart", "Gives the right dose"]
        assert "Enter a later day" in early
    page = browser_of("ass").get(NEW).text
    assert "3 more observations; still to be seen: Day, Night" in page
    assert browser_of("ass").send("/assessment-rules/med", observations="1").status_code == 403
