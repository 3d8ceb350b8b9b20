"""Many certificates revoked at once: never by one person alone, each once, whatever happens meanwhile."""

import multiprocessing
import os
import signal
import threading
import time
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import IntegrityError

from skillsmatrix.domain.certificate import RevocationKind
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.models import AuditEntry, Certificate, CertificateRun, Job, LogLeaf, Staff
from skillsmatrix.operations import certificate_revocations as revocations
from skillsmatrix.operations.certificate_revocations import (
    ALREADY,
    NotForThemselves,
    RevocationOfManyRefused,
    SettledAlready,
    ask_to_revoke,
    confirm_revocation,
    do_revocations,
    refuse_revocation,
)
from skillsmatrix.operations.certificate_runs import RunInterrupted
from skillsmatrix.operations.certificates import revoke_certificate
from skillsmatrix.queries.certificate_log import log_faults
from skillsmatrix.queries.certificate_revocations import (
    Revocation,
    RevocationFilter,
    assessors_of_certificates,
    keys_in_use,
    on_the_list,
    revocable,
    revocation,
)
from tests.facts import add
from tests.operations.certifying import certified
from tests.operations.practice import BY, LONG_AGO, NOW, TODAY, House, house, signed_off

KIND = RevocationKind.KEY_LOST
SECOND = "account:8"
PEOPLE = 6


def certificates(engine: Engine) -> tuple[House, list[int]]:
    """Six people and Bo with a certificate each; Dee assessed all of them."""
    with writing(engine) as session:
        at_house = house(session)
        employer = session.get_one(Staff, at_house.bo).employer_id
        found = [certified(session, at_house.bo, at_house.skill)]
        for number in range(PEOPLE):
            facts = {"family_name": f"Person {number}", "employer_id": employer, "employed_from": LONG_AGO}
            person = add(session, Staff(code=f"person-{number}", **facts)).id
            signed_off(session, person, at_house.skill, at_house.dee)
            found.append(certified(session, person, at_house.skill))
    return at_house, found


def asked(engine: Engine, ids: list[int], *, key: str = "once", by: str = BY) -> int:
    with writing(engine) as session:
        return ask_to_revoke(
            session,
            certificate_ids=ids,
            kind=KIND,
            reason="The key was on a lost laptop",
            wanted={"key": "20250101T000000Z"},
            request_key=key,
            by=by,
            at=NOW,
        )


def confirmed(engine: Engine, run_id: int, *, by: str = SECOND, own: int | None = None) -> None:
    with writing(engine) as session:
        confirm_revocation(session, run_id=run_id, own_staff_id=own, by=by, at=NOW)


def done(engine: Engine, run_id: int, *, go_on: bool = True) -> Any:
    return do_revocations(engine, run_id, go_on=lambda: go_on, now=lambda: NOW)


def state(engine: Engine, run_id: int) -> Revocation:
    with reading(engine) as session:
        found = revocation(session, run_id, at=NOW)
    assert found is not None
    return found


def revoked(engine: Engine) -> int:
    with reading(engine) as session:
        rows = select(func.count()).select_from(Certificate).where(Certificate.revoked_at.is_not(None))
        return session.scalar(rows) or 0


def test_nothing_is_revoked_before_a_second_person_confirms_and_all_of_it_after(engine: Engine) -> None:
    _house, ids = certificates(engine)
    run_id = asked(engine, ids)
    assert done(engine, run_id) == {"revoked": 0}
    assert (revoked(engine), state(engine, run_id).waits_for_somebody) == (0, True)

    confirmed(engine, run_id)
    assert done(engine, run_id) == {"revoked": len(ids)}

    found = state(engine, run_id)
    assert (found.state, found.done, found.total) == ("done", len(ids), len(ids))
    assert (found.asked_by, found.confirmed_by) == (BY, SECOND)
    with reading(engine) as session:
        assert list(log_faults(session)) == []
        events = list(session.scalars(select(LogLeaf.event).order_by(LogLeaf.id)))
        kinds = list(session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))
        one = session.get_one(Certificate, ids[0])
        assert (one.revoked_by, one.revocation_kind) == (BY, KIND.value)
        assert session.scalars(select(Job.key).where(Job.kind == revocations.REVOKE_JOB)).all() == [
            str(run_id)
        ]
    assert events == ["issued"] * len(ids) + ["revoked"] * len(ids)
    assert kinds.count("certificate_revoked") == len(ids)
    assert {"revocation_asked_for", "revocation_confirmed"} <= set(kinds)


def test_the_same_person_cannot_confirm_and_the_database_says_so_too(engine: Engine) -> None:
    _house, ids = certificates(engine)
    run_id = asked(engine, ids)

    with pytest.raises(NotForThemselves):
        confirmed(engine, run_id, by=BY)
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.execute(update(CertificateRun).values(confirmed_by=BY, confirmed_at=NOW))
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.execute(update(CertificateRun).values(state="running"))

    assert done(engine, run_id) == {"revoked": 0}


def test_nobody_confirms_a_list_with_a_certificate_of_their_own(sqlite_engine: Engine) -> None:
    at_house, ids = certificates(sqlite_engine)
    run_id = asked(sqlite_engine, ids)

    with pytest.raises(NotForThemselves):
        confirmed(sqlite_engine, run_id, own=at_house.bo)
    confirmed(sqlite_engine, run_id, own=at_house.cy)

    assert state(sqlite_engine, run_id).confirmed_by == SECOND


def test_a_refused_list_revokes_nothing_and_stays_refused(sqlite_engine: Engine) -> None:
    _house, ids = certificates(sqlite_engine)
    run_id = asked(sqlite_engine, ids)
    with writing(sqlite_engine) as session:
        refuse_revocation(session, run_id=run_id, by=SECOND, at=NOW)

    with pytest.raises(SettledAlready):
        confirmed(sqlite_engine, run_id)
    with pytest.raises(SettledAlready), writing(sqlite_engine) as session:
        refuse_revocation(session, run_id=run_id, by=SECOND, at=NOW)

    assert done(sqlite_engine, run_id) == {"revoked": 0}
    assert (state(sqlite_engine, run_id).state, revoked(sqlite_engine)) == ("cancelled", 0)


def test_of_a_yes_and_a_no_at_the_same_moment_one_counts(engine: Engine) -> None:
    _house, ids = certificates(engine)
    run_id = asked(engine, ids)
    start, outcomes = threading.Barrier(4), []

    def say(yes: bool, by: str) -> None:
        start.wait()
        try:
            if yes:
                confirmed(engine, run_id, by=by)
            else:
                with writing(engine) as session:
                    refuse_revocation(session, run_id=run_id, by=by, at=NOW)
        except SettledAlready:
            return
        outcomes.append("yes" if yes else "no")

    threads = [
        threading.Thread(target=say, args=(number % 2 == 0, f"account:{20 + number}")) for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 1
    found = state(engine, run_id)
    assert (found.state == "cancelled", bool(found.confirmed_by)) == (
        outcomes == ["no"],
        outcomes == ["yes"],
    )
    assert done(engine, run_id) == {"revoked": len(ids) if outcomes == ["yes"] else 0}


def test_asked_twice_it_is_one_list_and_an_empty_one_or_no_reason_is_none(sqlite_engine: Engine) -> None:
    _house, ids = certificates(sqlite_engine)
    first = asked(sqlite_engine, ids)

    assert asked(sqlite_engine, ids) == first
    assert asked(sqlite_engine, ids, by=SECOND) != first  # somebody else's key is another key
    with pytest.raises(RevocationOfManyRefused):
        asked(sqlite_engine, [], key="empty")
    with pytest.raises(RevocationOfManyRefused), writing(sqlite_engine) as session:
        ask_to_revoke(
            session,
            certificate_ids=ids,
            kind=KIND,
            reason=" ",
            wanted={},
            request_key="blank",
            by=BY,
            at=NOW,
        )


def test_one_that_somebody_revoked_meanwhile_keeps_its_own_reason(sqlite_engine: Engine) -> None:
    _house, ids = certificates(sqlite_engine)
    run_id = asked(sqlite_engine, ids)
    other: dict[str, Any] = {"kind": RevocationKind.OTHER, "reason": "Another", "by": SECOND, "at": NOW}
    with writing(sqlite_engine) as session:
        revoke_certificate(session, certificate_id=ids[1], **other)
    confirmed(sqlite_engine, run_id)

    done(sqlite_engine, run_id)

    with reading(sqlite_engine) as session:
        listed = {each.id: each for each in on_the_list(session, run_id)}
        assert session.get_one(Certificate, ids[1]).revocation_reason == "Another"
    assert (listed[ids[1]].state, listed[ids[1]].failure) == ("failed", ALREADY)
    assert (state(sqlite_engine, run_id).done, state(sqlite_engine, run_id).failed) == (len(ids) - 1, 1)


def test_each_filter_finds_its_own_and_only_what_still_stands(sqlite_engine: Engine) -> None:
    at_house, ids = certificates(sqlite_engine)
    with writing(sqlite_engine) as session:
        revoke_certificate(session, certificate_id=ids[-1], kind=KIND, reason="Gone", by=BY, at=NOW)
    with reading(sqlite_engine) as session:

        def found(wanted: RevocationFilter, codes: set[str] | None = None) -> int:
            return len(revocable(session, wanted, on=TODAY, staff_codes=codes))

        key = keys_in_use(session)[0]
        counts = [
            found(RevocationFilter(competency="MED")),
            found(RevocationFilter(competency="OTHER")),
            found(RevocationFilter(services=("HOUSE",))),
            found(RevocationFilter(assessor="dee")),
            found(RevocationFilter(assessor="cy")),
            found(RevocationFilter(key=key)),
            found(RevocationFilter(key="20000101T000000Z")),
            found(RevocationFilter(key=key), {"bo", "person-0"}),
        ]
        assessors = assessors_of_certificates(session)

    standing = len(ids) - 1
    assert counts == [standing, 0, 1, standing, 0, standing, 0, 2]
    assert assessors == [("dee", "Dee")]
    assert RevocationFilter().says_nothing
    assert not RevocationFilter(key=key).says_nothing
    assert at_house.dee


def revoke_slowly(url: str, run_id: int) -> None:
    revocations.TOGETHER = 1

    def now() -> datetime:
        time.sleep(0.05)
        return NOW

    do_revocations(make_engine(url), run_id, go_on=lambda: True, now=now)


def test_a_killed_worker_loses_none_and_revokes_none_twice(database_url: str) -> None:
    engine = make_engine(database_url)
    _house, ids = certificates(engine)
    run_id = asked(engine, ids)
    confirmed(engine, run_id)
    context = multiprocessing.get_context("spawn")
    for wanted in (1, 3):
        worker = context.Process(target=revoke_slowly, args=(database_url, run_id))
        worker.start()
        until = time.monotonic() + 60
        while state(engine, run_id).done < wanted and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()

    assert state(engine, run_id).done < len(ids)
    done(engine, run_id)

    assert state(engine, run_id).done == revoked(engine) == len(ids)
    with reading(engine) as session:
        events = list(session.scalars(select(LogLeaf.event)))
        assert list(log_faults(session)) == []
    assert events.count("revoked") == len(ids)
    engine.dispose()


def test_an_interrupted_one_goes_on_where_it_was(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocations, "TOGETHER", 2)
    _house, ids = certificates(sqlite_engine)
    run_id = asked(sqlite_engine, ids)
    confirmed(sqlite_engine, run_id)

    with pytest.raises(RunInterrupted):
        done(sqlite_engine, run_id, go_on=False)
    assert state(sqlite_engine, run_id).done == 2
    done(sqlite_engine, run_id)

    assert state(sqlite_engine, run_id).done == len(ids)
