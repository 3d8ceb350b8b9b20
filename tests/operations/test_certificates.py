"""A certificate is true when it is issued, issued once, and never goes away: it says what became of it."""

import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from skillsmatrix.documents.checkpoint import read_checkpoint
from skillsmatrix.documents.keys import make_keys
from skillsmatrix.domain.certificate import CertificateState, RefusalReason, RevocationKind
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import AuditEntry, Certificate, Competency, Job, LogLeaf, SignOff, Staff, Suspension
from skillsmatrix.operations.certificates import (
    CHECKPOINT_JOB,
    NotIssued,
    RevocationRefused,
    issue_certificate,
    make_checkpoint,
    note_check,
    revoke_certificate,
)
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.queries.audit import broken_links
from skillsmatrix.queries.certificate_awards import Award, award, awards
from skillsmatrix.queries.certificate_log import LOG_NAME, contains, log_faults, newest_checkpoint_line
from skillsmatrix.queries.certificates import (
    by_id,
    checks_of,
    refusal,
    state_today,
    status_places,
)
from tests.facts import add
from tests.operations.certifying import certified, drawn
from tests.operations.practice import BY, NOW, TODAY, House, house, signed_off

KIND = RevocationKind.AWARD_WITHDRAWN


def events(session: Session) -> list[str]:
    return list(session.scalars(select(LogLeaf.event).order_by(LogLeaf.id)))


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))


def revoke(session: Session, certificate_id: int, reason: str = "Not theirs") -> None:
    revoke_certificate(session, certificate_id=certificate_id, kind=KIND, reason=reason, by=BY, at=NOW)


def test_issuing_keeps_the_bytes_a_leaf_a_line_of_the_log_and_asks_for_a_checkpoint(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = house(session)
        number = certified(session, at_house.bo, at_house.skill)

    with reading(engine) as session:
        kept = by_id(session, number)
        assert kept.pdf == f"%PDF {kept.number}".encode()
        assert (kept.level, kept.valid_to) == (3, date(2026, 1, 10))
        assert events(session) == ["issued"]
        assert kinds(session)[-1] == "certificate_issued"
        job = session.scalars(select(Job).where(Job.kind == CHECKPOINT_JOB)).one()
        assert job.not_before.isoformat() == "2025-06-10T23:00:00+00:00"  # midnight in London, in summer
        assert list(log_faults(session)) == []
        assert broken_links(session) == []


def test_the_same_request_sent_twice_at_once_gives_one_certificate(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = house(session)
        wanted = award(session, staff_id=at_house.bo, competency_id=at_house.skill, on=TODAY)
    assert isinstance(wanted, Award)
    together, given = threading.Barrier(2), []

    def send() -> None:
        page = drawn(wanted)
        together.wait()
        with writing(engine) as session:
            given.append(issue_certificate(session, page, request_key="click", by=BY, at=NOW))

    both = [threading.Thread(target=send) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert len(given) == 2
    assert len(set(given)) == 1
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 1
        assert events(session) == ["issued"]


def withdrawn(session: Session, at_house: House) -> Any:
    return session.execute(
        update(SignOff)
        .where(SignOff.staff_id == at_house.bo)
        .values(withdrawn_on=TODAY, withdrawn_reason="In doubt")
    )


def suspended(session: Session, at_house: House) -> Any:
    return add(
        session,
        Suspension(staff_id=at_house.bo, competency_id=at_house.skill, starts_on=TODAY, reason="Stopped"),
    )


@pytest.mark.parametrize(
    ("happens", "reason", "days"),
    [
        (lambda _session, _house: None, RefusalReason.EXPIRED, 365),
        (withdrawn, RefusalReason.WITHDRAWN, 0),
        (suspended, RefusalReason.SUSPENDED, 0),
    ],
)
def test_none_is_issued_from_a_standing_that_does_not_count(
    sqlite_engine: Engine, happens: Any, reason: RefusalReason, days: int
) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        page = award(session, staff_id=at_house.bo, competency_id=at_house.skill, on=TODAY)
        assert isinstance(page, Award)
        happens(session, at_house)
        refresh(session, staff_ids=[at_house.bo], by=BY, at=NOW)
        on = TODAY + timedelta(days=days)

        with pytest.raises(NotIssued) as refused:
            issue_certificate(session, drawn(page, on=on), request_key="k", by=BY, at=NOW)

        assert refused.value.reason is reason
        assert refusal(session, staff_id=at_house.bo, competency_id=at_house.skill, on=on) is reason
        assert events(session) == []


def test_none_is_issued_for_what_was_never_held_or_held_below_the_level(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)

        never = award(session, staff_id=at_house.ade, competency_id=at_house.skill, on=TODAY)
        below = award(session, staff_id=at_house.bo, competency_id=at_house.skill, on=TODAY, level=4)

    assert never in (RefusalReason.NOT_HELD, RefusalReason.AWAITING_SIGN_OFF)
    assert below is RefusalReason.BELOW_LEVEL


def test_a_second_one_that_says_the_same_is_refused_and_a_renewal_replaces(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        first = certified(session, at_house.bo, at_house.skill)
        with pytest.raises(NotIssued) as refused:
            certified(session, at_house.bo, at_house.skill, key="another")
        signed_off(session, at_house.bo, at_house.skill, at_house.dee, on=TODAY)

        second = certified(session, at_house.bo, at_house.skill, key="renewal")

        assert refused.value.reason is RefusalReason.ALREADY_ISSUED
        told = state_today(session, by_id(session, first), on=TODAY)
        assert told.state is CertificateState.REPLACED
        assert told.replaced_by == by_id(session, second).number
        assert events(session) == ["issued", "issued", "replaced"]
        assert status_places(session, purpose="revocation", on=TODAY) == [by_id(session, first).status_index]


def test_a_change_of_name_is_certified_anew(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        first = certified(session, at_house.bo, at_house.skill)
        session.execute(update(Staff).where(Staff.id == at_house.bo).values(family_name="Ŵyn"))
        session.expire_all()

        certified(session, at_house.bo, at_house.skill, key="name")

        assert state_today(session, by_id(session, first), on=TODAY).state is CertificateState.REPLACED


def test_revoking_says_so_once_and_for_ever(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = house(session)
        number = certified(session, at_house.bo, at_house.skill)
        revoke(session, number)
        with pytest.raises(RevocationRefused):
            revoke(session, number)

    with reading(engine) as session:
        told = state_today(session, by_id(session, number), on=TODAY)
        assert (told.state, told.revocation_kind) == (CertificateState.REVOKED, KIND)
        assert events(session) == ["issued", "revoked"]
        assert kinds(session)[-1] == "certificate_revoked"
        assert list(log_faults(session)) == []


def test_a_revocation_without_a_reason_is_refused(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        number = certified(session, at_house.bo, at_house.skill)

        with pytest.raises(RevocationRefused):
            revoke(session, number, reason="  ")


def test_a_suspension_shows_from_the_day_it_begins_and_in_the_list_of_badges(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        number = certified(session, at_house.bo, at_house.skill)
        suspended(session, at_house)

        before = state_today(session, by_id(session, number), on=TODAY - timedelta(days=1))
        told = state_today(session, by_id(session, number), on=TODAY)

        assert before.state is CertificateState.CURRENT
        assert told.state is CertificateState.SUSPENDED
        place = by_id(session, number).status_index
        assert status_places(session, purpose="suspension", on=TODAY) == [place]
        assert status_places(session, purpose="revocation", on=TODAY) == []


def test_a_record_shortened_later_ends_the_certificate_on_the_earlier_day(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = house(session)
        certificate = by_id(session, certified(session, at_house.bo, at_house.skill))
        assert certificate.valid_to == date(2026, 1, 10)
        assert state_today(session, certificate, on=TODAY).record_to is None
        session.get_one(Competency, at_house.skill).sign_off_months = 6
        session.flush()
        last, after = date(2025, 7, 10), date(2025, 7, 11)

        told = [state_today(session, certificate, on=on) for on in (TODAY, last, after)]

        assert [(each.state, each.record_to) for each in told] == [
            (CertificateState.CURRENT, last),
            (CertificateState.CURRENT, last),
            (CertificateState.SUSPENDED, last),
        ]
        assert status_places(session, purpose="suspension", on=last) == []
        assert status_places(session, purpose="suspension", on=after) == [certificate.status_index]


def test_the_day_on_which_a_sign_off_was_withdrawn_is_not_told(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        certificate = by_id(session, certified(session, at_house.bo, at_house.skill))
        withdrawn(session, at_house)

        told = state_today(session, certificate, on=TODAY + timedelta(days=1))

        assert (told.state, told.record_to) == (CertificateState.SUSPENDED, None)


def test_a_check_is_noted_for_the_holder_without_who_it_was(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        number = certified(session, at_house.bo, at_house.skill)
        note_check(session, certificate_id=number, way="number", told="current", by="public", at=NOW)
        session.flush()

        found = checks_of(session, staff_id=at_house.bo)

        assert found == [(NOW, "number", "current", by_id(session, number).number)]


def test_an_earlier_checkpoint_is_contained_until_entries_change(engine: Engine, tmp_path: Path) -> None:
    keys = make_keys(tmp_path / "keys", issuer="Bridge Homes", at=NOW)
    with writing(engine) as session:
        at_house = house(session)
        first = certified(session, at_house.bo, at_house.skill)
        text = make_checkpoint(session, keys, by=BY, at=NOW)
        again = make_checkpoint(session, keys, by=BY, at=NOW)
        certified(session, at_house.cy, at_house.skill)
        revoke(session, first)
    earlier = read_checkpoint(text, origin=LOG_NAME, keys=[keys.checkpoint.public_key()])

    with writing(engine) as session:
        assert again == text
        assert earlier.size == 1
        assert contains(session, earlier)
        assert newest_checkpoint_line(session).startswith("1 entries")
        session.execute(update(LogLeaf).where(LogLeaf.id == 1).values(leaf_hash="00" * 32))
        assert not contains(session, earlier)
        assert next(log_faults(session)).startswith("entry 1 does not say")


def test_a_log_cut_short_does_not_contain_a_longer_one(sqlite_engine: Engine, tmp_path: Path) -> None:
    keys = make_keys(tmp_path / "keys", issuer="Bridge Homes", at=NOW)
    with writing(sqlite_engine) as session:
        at_house = house(session)
        certified(session, at_house.bo, at_house.skill)
        text = make_checkpoint(session, keys, by=BY, at=NOW)
        session.execute(LogLeaf.__table__.delete())  # type: ignore[attr-defined]

        earlier = read_checkpoint(text, origin=LOG_NAME, keys=[keys.checkpoint.public_key()])

        assert not contains(session, earlier)
        assert any("issued in one of log and record" in fault for fault in log_faults(session))


def test_changed_bytes_are_found(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        certified(session, at_house.bo, at_house.skill)
        session.execute(update(Certificate).values(pdf=b"%PDF other"))
        session.expire_all()

        assert any("its bytes are not those" in fault for fault in log_faults(session))


def test_many_are_read_as_one_is(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = house(session)
    people = [at_house.ade, at_house.bo, at_house.cy, at_house.dee]
    with reading(engine) as session:
        together = awards(session, staff_ids=people, competency_id=at_house.skill, on=TODAY)
        alone = {
            each: award(session, staff_id=each, competency_id=at_house.skill, on=TODAY) for each in people
        }

    assert together == alone
    assert [isinstance(together[each], Award) for each in people] == [False, True, True, False]
