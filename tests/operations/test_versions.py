"""Corrections keep the old version, and the log shows every change and every change to itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text

from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import AuditEntry, EarlierVersion, Learning
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.versions import correct, record
from skillsmatrix.queries.audit import broken_links
from skillsmatrix.queries.tables import StoredTables
from tests.facts import AT, a_whole_record

LATER = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def corrected_learning(engine: Engine) -> None:
    with writing(engine) as session:
        learning = a_whole_record(session)["learning"]
        correct(
            session,
            learning,
            {"completed_on": date(2024, 2, 2)},
            "learning_corrected",
            by="account:1",
            at=LATER,
            reason="Wrong day on the list",
        )


def test_s13_a_correction_is_a_new_version_with_its_reason(engine: Engine) -> None:
    corrected_learning(engine)

    with reading(engine) as session:
        before = session.scalars(select(EarlierVersion)).one()
        now = session.scalars(select(Learning)).one()
        assert now.completed_on == date(2024, 2, 2)
        assert (before.known_from, before.known_to, before.reason) == (AT, LATER, "Wrong day on the list")
        assert '"completed_on":"2024-02-01"' in before.row


def test_s10_an_answer_as_known_then_uses_what_was_believed_then(engine: Engine) -> None:
    corrected_learning(engine)

    with reading(engine) as session:
        believed = [
            [row["completed_on"] for row in StoredTables(session, known_at=instant).rows("learning")]
            for instant in (AT - timedelta(seconds=1), AT, LATER - timedelta(seconds=1), LATER, None)
        ]

    assert believed == [
        [],
        [date(2024, 2, 1)],
        [date(2024, 2, 1)],
        [date(2024, 2, 2)],
        [date(2024, 2, 2)],
    ]


def test_tables_that_cannot_say_when_they_were_recorded_reach_back_to_the_first_load(engine: Engine) -> None:
    with writing(engine) as session:
        a_whole_record(session)

    with reading(engine) as session:
        long_before = StoredTables(session, known_at=AT - timedelta(days=400))
        assert [row["staff"] for row in long_before.rows("posts")] == ["ade"]
        assert list(long_before.rows("sign_offs")) == []


def test_a_correction_that_changes_nothing_writes_nothing(engine: Engine) -> None:
    with writing(engine) as session:
        learning = a_whole_record(session)["learning"]
        assert not correct(
            session,
            learning,
            {"completed_on": learning.completed_on},
            "learning_corrected",
            by="account:1",
            at=LATER,
            reason=None,
        )

    with reading(engine) as session:
        assert session.scalars(select(EarlierVersion)).all() == []
        assert session.scalars(select(AuditEntry)).all() == []


def test_recording_a_fact_writes_its_line_in_the_log(engine: Engine) -> None:
    with writing(engine) as session:
        rows = a_whole_record(session)
        fact = Learning(
            staff_id=rows["bo"].id, competency_id=rows["competency"].id, completed_on=date(2025, 2, 1)
        )
        key = record(session, fact, "learning_recorded", by="account:7", at=LATER, staff_id=rows["bo"].id)

    with reading(engine) as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.by, entry.at, entry.kind) == ("account:7", LATER, "learning_recorded")
        assert (entry.subject_table, entry.subject_id) == ("learning", key)
        assert broken_links(session) == []


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE audit_entries SET by = 'nobody' WHERE id = 2", "entry 2 was changed"),
        ("DELETE FROM audit_entries WHERE id = 2", "entry 2 is missing"),
        ("DELETE FROM audit_entries WHERE id = 3", "the log ends at entry 2, but 3 were written"),
        ("UPDATE audit_entries SET previous_hash = 'x' WHERE id = 3", "entry 3 does not follow"),
    ],
)
def test_tampering_with_the_log_shows(engine: Engine, tampering: str, fault: str) -> None:
    with writing(engine) as session:
        for kind in ("first", "second", "third"):
            audit(session, kind, by="account:1", at=LATER)
    with engine.begin() as connection:
        connection.execute(text(tampering))

    with reading(engine) as session:
        assert any(fault in each for each in broken_links(session))
