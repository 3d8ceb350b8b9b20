"""Why somebody stands differently: told from where they stood and where they work, on both days."""

import pytest

from skillsmatrix.domain.changes import Asked, Cause, Change, Presence, cause, in_order
from skillsmatrix.domain.standing import Standing

S = Standing
HOUSE, WARD = Presence(frozenset({"HOUSE"})), Presence(frozenset({"WARD"}))
NOWHERE = Presence(frozenset())
AWAY = Presence(frozenset({"HOUSE"}), away=True)


def asked(standing: Standing, *, level: int = 1, lapsed: bool = False) -> Asked:
    return Asked(standing, level, lapsed)


@pytest.mark.parametrize(
    ("was", "is_", "expected"),
    [
        (NOWHERE, HOUSE, Cause.BEGAN),
        (AWAY, HOUSE, Cause.BACK),
        (WARD, HOUSE, Cause.MOVED),
        (HOUSE, HOUSE, Cause.ASKED_ANEW),
    ],
)
def test_what_is_asked_only_on_the_later_day(was: Presence, is_: Presence, expected: Cause) -> None:
    assert cause(None, asked(S.NOT_HELD), was=was, is_=is_) is expected


@pytest.mark.parametrize(
    ("was", "is_", "expected"),
    [
        (HOUSE, NOWHERE, Cause.LEFT),
        (HOUSE, AWAY, Cause.AWAY),
        (HOUSE, WARD, Cause.MOVED),
        (HOUSE, HOUSE, Cause.ASKED_NO_LONGER),
    ],
)
def test_what_is_asked_only_on_the_earlier_day(was: Presence, is_: Presence, expected: Cause) -> None:
    assert cause(asked(S.VALID), None, was=was, is_=is_) is expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (S.EXPIRING, S.EXPIRED, Cause.RAN_OUT),
        (S.NOT_HELD, S.EXPIRED, Cause.RAN_OUT),  # gained and lost again in between
        (S.VALID, S.AWAITING_SIGN_OFF, Cause.RAN_OUT),
        (S.VALID, S.WITHDRAWN, Cause.WITHDRAWN),
        (S.VALID, S.EXPIRING, Cause.RUNS_OUT_SOON),
        (S.EXPIRING, S.VALID, Cause.RENEWED),
        (S.EXPIRED, S.VALID, Cause.GAINED),
        (S.NOT_HELD, S.AWAITING_SIGN_OFF, Cause.GAINED),
        (S.NOT_HELD, S.BELOW_LEVEL, Cause.GAINED),
        (S.SUSPENDED, S.VALID, Cause.LIFTED),
        (S.VALID, S.SUSPENDED, Cause.STOPPED),
        (S.IN_INDUCTION, S.NOT_HELD, Cause.INDUCTION_ENDED),
        (S.EXPIRED, S.EXEMPT, Cause.EXEMPTED),
        (S.EXEMPT, S.EXPIRED, Cause.EXEMPTION_ENDED),
        (S.EXPIRED, S.SUPERSEDED, Cause.OTHER),
    ],
)
def test_why_a_standing_changed(before: Standing, after: Standing, expected: Cause) -> None:
    assert cause(asked(before), asked(after), was=HOUSE, is_=HOUSE) is expected


def test_a_suspension_for_want_of_supervision_is_told_apart_from_other_stops() -> None:
    lapsed = asked(S.SUSPENDED, lapsed=True)

    assert cause(asked(S.VALID), lapsed, was=HOUSE, is_=HOUSE) is Cause.SUPERVISION_LAPSED


def test_a_higher_level_that_is_not_held_is_asked_anew() -> None:
    before, after = asked(S.VALID, level=1), asked(S.BELOW_LEVEL, level=2)

    assert cause(before, after, was=HOUSE, is_=HOUSE) is Cause.ASKED_ANEW
    assert cause(before, after, was=HOUSE, is_=WARD) is Cause.MOVED


def test_gaps_that_opened_come_first_and_those_that_closed_next() -> None:
    def change(person: str, before: Standing, after: Standing) -> Change:
        one, other = asked(before), asked(after)
        return Change(person, "MED", one, other, cause(one, other, was=HOUSE, is_=HOUSE))

    soon, closed = change("ade", S.VALID, S.EXPIRING), change("bo", S.EXPIRED, S.VALID)
    opened = change("cy", S.EXPIRING, S.EXPIRED)

    assert in_order([soon, closed, opened]) == [opened, closed, soon]
    assert (opened.opens_gap, opened.closes_gap) == (True, False)
    assert (closed.opens_gap, closed.closes_gap) == (False, True)
