"""Claims, files and completions where no page is needed: races, kills, and what stays readable."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.file_kinds import FileRefused, kind_of
from skillsmatrix.foundation.database import begin_writing, make_engine, reading, writing
from skillsmatrix.models import AuditEntry, Claim, EarlierVersion, Equivalence, Learning, SignOff, Upload
from skillsmatrix.operations.claims import (
    Claimed,
    Decided,
    NeedsObservation,
    NotForOneself,
    accept_claim,
    claim_learning,
    end_equivalence,
    refuse_claim,
)
from skillsmatrix.operations.learning import (
    AlreadyRecorded,
    CompletedInFuture,
    correct_learning,
    record_learning,
    void_learning,
)
from skillsmatrix.operations.once import once
from skillsmatrix.operations.uploads import clear_strays, record_upload, store_file
from skillsmatrix.queries.conclusions import differences
from skillsmatrix.queries.workforce import workforce
from tests.domain.test_file_kinds import pdf, png
from tests.facts import add
from tests.operations.training_world import AT, TODAY, House, build

BY, OTHER = "account:1", "account:2"
DONE = date(2025, 9, 1)


@pytest.fixture
def session(sqlite_engine: Engine) -> Iterator[Session]:
    with Session(sqlite_engine) as session:
        begin_writing(session)
        yield session


@pytest.fixture
def house(session: Session) -> House:
    return build(session)


def claimed(house: House, **changes: object) -> Claimed:
    values = {
        "competency_id": house.medicines,
        "completed_on": DONE,
        "title": "Medicines 2",
        "provider": "Trust",
        "reference": "R1",
    }
    return Claimed(**{**values, **changes})  # type: ignore[arg-type]


def accepted(session: Session, claim_id: int, by: str = OTHER, decider: int | None = None) -> int:
    return accept_claim(
        session,
        claim_id=claim_id,
        decider_staff_id=decider,
        recent_enough=True,
        equal_standard=True,
        by=by,
        at=AT,
    )


def test_what_is_accepted_counts_from_the_day_of_the_training(session: Session, house: House) -> None:
    claim_id = claim_learning(
        session, claimed(house, valid_months=6), staff_id=house.staff["p4"], by=BY, at=AT
    )

    learning = session.get_one(Learning, accepted(session, claim_id))

    assert (learning.completed_on, learning.valid_months) == (DONE, 6)
    assert differences(session) == []


def test_nobody_accepts_for_themself_and_nothing_is_decided_twice(session: Session, house: House) -> None:
    nurse = house.staff["p4"]
    claim_id = claim_learning(session, claimed(house), staff_id=nurse, by=BY, at=AT)

    for by, decider in ((OTHER, nurse), (BY, None)):
        with pytest.raises(NotForOneself):
            accepted(session, claim_id, by=by, decider=decider)
    accepted(session, claim_id)
    with pytest.raises(Decided):
        refuse_claim(session, claim_id=claim_id, decider_staff_id=None, reason="No", by=OTHER, at=AT)


def test_an_agreement_may_wait_for_an_observation_here(session: Session, house: House) -> None:
    nurse = house.staff["p4"]
    rule = Equivalence(
        provider="Trust",
        title="Medicines 2",
        competency_id=house.medicines,
        level=2,
        needs_observation=True,
        in_force_from=date(2025, 1, 1),
    )
    add(session, rule)
    claim_id = claim_learning(session, claimed(house), staff_id=nurse, by=BY, at=AT)
    with pytest.raises(NeedsObservation):
        accepted(session, claim_id)
    about = {"staff_id": nurse, "competency_id": house.medicines, "level": 1, "outcome": "competent"}
    add(session, SignOff(**about, assessed_on=DONE, assessor_id=house.staff["p5"]))

    learning = session.get_one(Learning, accepted(session, claim_id))

    assert learning.level == 2


def test_an_agreement_that_ended_counts_for_training_up_to_its_last_day(
    session: Session, house: House
) -> None:
    rule = add(
        session,
        Equivalence(
            provider="Trust",
            title="Medicines 2",
            competency_id=house.medicines,
            in_force_from=date(2025, 1, 1),
        ),
    )

    end_equivalence(session, equivalence_id=rule.id, last_on=DONE - timedelta(days=1), by=BY, at=AT)
    claim_learning(session, claimed(house), staff_id=house.staff["p4"], by=BY, at=AT)

    assert session.scalars(select(Claim.equivalence_id)).one() is None


def test_the_same_completion_twice_is_refused_and_tomorrows_as_well(session: Session, house: House) -> None:
    about = {"staff_id": house.staff["p4"], "competency_id": house.medicines, "by": BY, "at": AT}
    record_learning(session, **about, completed_on=TODAY, reference="R1")  # type: ignore[arg-type]

    with pytest.raises(AlreadyRecorded):
        record_learning(session, **about, completed_on=TODAY, reference="R1")  # type: ignore[arg-type]
    with pytest.raises(CompletedInFuture):
        record_learning(session, **about, completed_on=TODAY + timedelta(days=1))  # type: ignore[arg-type]


def test_a_correction_and_a_voiding_keep_what_was_said(session: Session, house: House) -> None:
    nurse = house.staff["p4"]
    claim_id = claim_learning(session, claimed(house), staff_id=nurse, by=BY, at=AT)
    learning_id = accepted(session, claim_id)
    later, last = AT + timedelta(days=1), AT + timedelta(days=2)

    correct_learning(
        session,
        learning_id=learning_id,
        values={"completed_on": DONE - timedelta(days=5)},
        reason="Read wrongly",
        by=OTHER,
        at=later,
    )
    void_learning(session, learning_id=learning_id, reason="Another person's", by=OTHER, at=last)

    versions = session.scalars(
        select(EarlierVersion.reason)
        .where(EarlierVersion.table_name == "learning")
        .order_by(EarlierVersion.id)
    ).all()
    assert versions == ["Read wrongly", "Another person's"]
    assert session.get_one(Claim, claim_id).learning_id is None
    before = workforce(session, known_at=last - timedelta(hours=1)).people["p4"].completions
    assert [each.completed_on for each in before["MED"]] == [DONE - timedelta(days=5)]
    assert workforce(session).people["p4"].completions == {}
    assert differences(session) == []


def test_a_key_belongs_to_whoever_brings_it(session: Session, house: House) -> None:
    done: list[str] = []

    def do(who: str) -> int:
        done.append(who)
        return len(done)

    answers = [once(session, "op", "k", lambda who=who: do(who), by=who, at=AT) for who in (BY, BY, OTHER)]  # type: ignore[misc]

    assert (answers, done) == ([1, 1, 2], [BY, OTHER])


def test_a_file_that_no_row_names_is_cleared_away_after_a_day(
    session: Session, house: House, tmp_path: Path
) -> None:
    kept = store_file(pdf(), "a.pdf", folder=tmp_path)
    stray = store_file(png(4, 4), "b.png", folder=tmp_path)
    record_upload(session, kept, staff_id=house.staff["p4"], by=BY, at=AT)
    made = AT.timestamp()
    for name in (kept.name, stray.name):
        os.utime(tmp_path / name, (made, made))

    early = clear_strays(session, tmp_path, by="worker", at=AT + timedelta(hours=23))
    late = clear_strays(session, tmp_path, by="worker", at=AT + timedelta(hours=25))

    assert (early, late) == (0, 1)
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]


def test_the_scanner_sees_the_whole_file_and_a_refusal_leaves_none(tmp_path: Path) -> None:
    seen, folder = tmp_path / "seen", tmp_path / "up"
    script = f'cp "$1" {seen} && exit 1'

    with pytest.raises(FileRefused):
        store_file(pdf(), "a.pdf", folder=folder, scan=("sh", "-c", script, "scan"))

    assert seen.read_bytes() == pdf()
    assert list(folder.iterdir()) == []


def _claim_until_killed(url: str, folder: str, staff_id: int, competency_id: int) -> None:
    engine = make_engine(url)
    number = 0
    while True:
        number += 1
        stored = store_file(pdf(b"%d" % number), "a.pdf", folder=Path(folder))
        what = Claimed(
            competency_id=competency_id,
            completed_on=DONE,
            title="T",
            provider="P",
            reference=f"{number}",
        )
        with writing(engine) as session:
            claim_learning(session, what, staff_id=staff_id, evidence=stored, by=BY, at=AT)


def test_a_kill_leaves_no_row_without_its_file_and_no_half_claim(sqlite_url: str, tmp_path: Path) -> None:
    engine = make_engine(sqlite_url)
    with writing(engine) as session:
        house = build(session)
    arguments = (sqlite_url, str(tmp_path), house.staff["p4"], house.medicines)
    worker = multiprocessing.get_context("spawn").Process(target=_claim_until_killed, args=arguments)
    worker.start()
    count = 0
    while count < 5 and worker.is_alive():
        with reading(engine) as session:
            count = len(session.scalars(select(Claim.id)).all())
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join()

    with reading(engine) as session:
        names = session.scalars(select(Upload.name)).all()
        claims = session.scalars(select(Claim)).all()
        logged = session.scalars(select(AuditEntry.id).where(AuditEntry.kind == "learning_claimed")).all()
        assert len(claims) == len(names) == len(logged) >= 5
        assert all(kind_of((tmp_path / name).read_bytes()) for name in names)
    engine.dispose()
