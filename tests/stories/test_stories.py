"""One story each: when something lapses, is withdrawn or runs out, everything says so on the same day."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Competency, SignOff, Staff
from skillsmatrix.operations.staff import mark_leaver
from skillsmatrix.operations.supervision import record_session
from tests.stories.conftest import Story, Told

IN_ORDER = Told(
    matrix="Valid",
    image="valid",
    cover="1 of 1",
    safe=True,
    card="May do alone",
    own_record="In order",
    certificate="Genuine and current",
    put_right=False,
    unsafe=False,
)
STOPPED = Told(
    matrix="Suspended",
    image="suspended",
    cover="0 of 1",
    safe=False,
    card="Must not do now",
    own_record="What you must not do now",
    certificate="Genuine, but suspended today",
    put_right=True,
    unsafe=True,
)


def staff(session: Session, code: str) -> Staff:
    return session.scalars(select(Staff).where(Staff.code == code)).one()


def supervised(story: Story, day: date) -> None:
    """Ivy holds a session with Ada, and records it the same day."""
    story.comes_to(day)
    with writing(story.engine) as session:
        record_session(
            session,
            supervisor_id=staff(session, "ivy").id,
            supervisee_ids=[staff(session, "ada").id],
            kind="clinical",
            held_on=day,
            minutes=60,
            others=0,
            key=f"session-{day}",
            by="command:test",
            at=clock.now(),
        )


def test_supervision_lapses_and_a_session_brings_it_back(story: Story) -> None:
    story.comes_to(date(2026, 3, 2))
    assert story.told("med") == IN_ORDER  # 56 days after 5 January: not more than 56

    story.comes_to(date(2026, 3, 3))
    assert story.told("med") == STOPPED

    supervised(story, date(2026, 3, 4))
    assert story.told("med") == IN_ORDER


def test_a_sign_off_is_withdrawn(story: Story) -> None:
    story.comes_to(date(2026, 2, 25))
    assert story.told("med") == IN_ORDER

    story.comes_to(date(2026, 2, 26))
    with reading(story.engine) as session:
        number = session.scalars(
            select(SignOff.id)
            .join(Competency, Competency.id == SignOff.competency_id)
            .where(Competency.code == "med")
        ).one()
    path = f"/people/ada/sign-offs/{number}/withdraw"
    answer = story.browser_of("manager").send(
        path, since="today", reason="The same dose was given twice", step="save"
    )

    assert answer.status_code == 302
    assert story.told("med") == replace(STOPPED, matrix="Withdrawn", image="withdrawn")


def test_a_registration_runs_out(story: Story) -> None:
    supervised(story, date(2026, 2, 25))
    story.comes_to(date(2026, 3, 12))
    assert story.told("nurse") == IN_ORDER  # the last day counts

    story.comes_to(date(2026, 3, 13))
    assert story.told("nurse") == STOPPED
    assert replace(story.told("med"), safe=True) == IN_ORDER


def test_somebody_leaves(story: Story) -> None:
    story.comes_to(date(2026, 2, 24))
    with writing(story.engine) as session:
        leaver = staff(session, "ada")
        mark_leaver(
            session,
            staff_id=leaver.id,
            employed_to=date(2026, 2, 26),
            version=leaver.version_from,
            reason="Moves away",
            by="command:test",
            at=clock.now(),
        )
    story.comes_to(date(2026, 2, 26))
    assert story.told("med") == IN_ORDER  # the last day at work

    story.comes_to(date(2026, 2, 27))
    # The award is hers to keep; the house, its matrix and its pages know her no more.
    assert story.told("med") == Told(
        matrix=None,
        image=None,
        cover="0 of 1",
        safe=False,
        card=None,
        own_record=None,
        certificate="Genuine and current",
        put_right=False,
        unsafe=True,
    )


@pytest.mark.parametrize("skill", ["med", "nurse"])
def test_before_anything_happens_all_is_in_order(story: Story, skill: str) -> None:
    story.comes_to(date(2026, 2, 20))

    assert story.told(skill) == IN_ORDER
