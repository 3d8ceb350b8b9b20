import random
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillsmatrix.domain.certificate import (
    RANDOM_BYTES,
    Afterwards,
    CertificateState,
    Frozen,
    RefusalReason,
    RevocationKind,
    StateToday,
    certificate_number,
    may_issue,
    parse_number,
    replaces,
    state_on,
)
from skillsmatrix.domain.standing import Standing

MEDICINES = Frozen("CS-MED", 2, date(2026, 3, 1), date(2027, 2, 28))
LAST, AFTER = date(2027, 2, 28), date(2027, 3, 1)
NUMBERS = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES).map(certificate_number)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize("standing", list(Standing))
def test_only_a_valid_or_expiring_standing_gives_a_certificate(standing: Standing) -> None:
    refused = may_issue(standing)

    assert (refused is None) == (standing in (Standing.VALID, Standing.EXPIRING))
    assert refused is None or refused.value == standing.value


def test_asking_twice_gives_one_certificate_and_a_renewal_replaces_it() -> None:
    renewed = Frozen("CS-MED", 2, date(2026, 3, 1), date(2028, 2, 29))

    assert may_issue(Standing.VALID, live=MEDICINES, wanted=MEDICINES) is RefusalReason.ALREADY_ISSUED
    assert may_issue(Standing.VALID, live=MEDICINES, wanted=renewed) is None
    assert replaces(MEDICINES, renewed)
    assert not replaces(MEDICINES, MEDICINES)
    assert not replaces(MEDICINES, Frozen("CS-FIRE", 2, date(2026, 3, 1), None))


@pytest.mark.parametrize(
    ("on", "suspended", "expected"),
    [
        (date(2026, 2, 28), False, CertificateState.NOT_YET),
        (date(2026, 3, 1), False, CertificateState.CURRENT),
        (LAST, False, CertificateState.CURRENT),
        (LAST, True, CertificateState.SUSPENDED),
        (AFTER, False, CertificateState.EXPIRED),
        (AFTER, True, CertificateState.EXPIRED),
    ],
)
def test_the_last_day_counts_and_the_day_after_does_not(
    on: date, suspended: bool, expected: CertificateState
) -> None:
    assert state_on(MEDICINES, Afterwards(), suspended=suspended, on=on).state is expected


@pytest.mark.parametrize(
    ("on", "record_to", "expected", "told"),
    [
        (date(2026, 6, 1), date(2026, 8, 31), CertificateState.CURRENT, date(2026, 8, 31)),
        (date(2026, 8, 31), date(2026, 8, 31), CertificateState.CURRENT, date(2026, 8, 31)),
        (date(2026, 9, 1), date(2026, 8, 31), CertificateState.SUSPENDED, date(2026, 8, 31)),
        (date(2026, 6, 1), LAST, CertificateState.CURRENT, None),
        (date(2026, 6, 1), date(2028, 2, 29), CertificateState.CURRENT, None),
        (date(2026, 6, 1), None, CertificateState.CURRENT, None),
        (date(2026, 6, 1), date(2026, 2, 28), CertificateState.CURRENT, None),
        (AFTER, date(2026, 8, 31), CertificateState.EXPIRED, None),
    ],
)
def test_a_record_that_ends_before_the_printed_day_is_told_and_its_last_day_counts(
    on: date, record_to: date | None, expected: CertificateState, told: date | None
) -> None:
    found = state_on(MEDICINES, Afterwards(), suspended=False, on=on, record_to=record_to)

    assert (found.state, found.record_to) == (expected, told)


def test_a_suspension_keeps_the_end_of_the_record_to_itself_until_it_is_over() -> None:
    found = state_on(
        MEDICINES, Afterwards(), suspended=True, on=date(2026, 6, 1), record_to=date(2026, 8, 31)
    )

    assert found == StateToday(CertificateState.SUSPENDED, date(2026, 6, 1))


def test_a_certificate_without_an_end_does_not_expire() -> None:
    for_ever = Frozen("CS-MED", 2, date(2026, 3, 1), None)

    assert (
        state_on(for_ever, Afterwards(), suspended=False, on=date(2999, 1, 1)).state
        is CertificateState.CURRENT
    )


def test_revoked_says_since_when_and_which_kind_and_is_stronger_than_all_else() -> None:
    revoked = Afterwards(
        revoked_on=date(2026, 6, 1), revocation_kind=RevocationKind.ISSUED_IN_ERROR,
        replaced_on=date(2026, 5, 1), replaced_by="NEW",
    )  # fmt: skip

    assert state_on(MEDICINES, revoked, suspended=True, on=AFTER) == StateToday(
        CertificateState.REVOKED, date(2026, 6, 1), RevocationKind.ISSUED_IN_ERROR
    )


def test_replaced_names_the_number_that_took_its_place() -> None:
    replaced = Afterwards(replaced_on=date(2026, 5, 1), replaced_by="NEW")

    assert state_on(MEDICINES, replaced, suspended=False, on=date(2026, 5, 1)) == StateToday(
        CertificateState.REPLACED, date(2026, 5, 1), replaced_by="NEW"
    )


def test_what_happened_later_is_not_known_on_an_earlier_day() -> None:
    later = Afterwards(revoked_on=date(2026, 6, 2), replaced_on=date(2026, 6, 2), replaced_by="NEW")

    assert state_on(MEDICINES, later, suspended=False, on=date(2026, 6, 1)).state is CertificateState.CURRENT


def test_a_number_is_seven_groups_of_four() -> None:
    assert certificate_number(bytes(RANDOM_BYTES)) == "0000-0000-0000-0000-0000-0000-0000"
    assert certificate_number(b"\xff" * RANDOM_BYTES).startswith("ZZZZ-ZZZZ")
    with pytest.raises(ValueError, match="17 random bytes"):
        certificate_number(b"short")


@given(NUMBERS)
def test_a_number_is_understood_however_it_is_typed(number: str) -> None:
    letters = number.replace("-", "")
    for typed in (number, letters, number.lower(), f"  {number} ", number.replace("-", " ").replace("0", "o"),
                  letters.replace("1", "l"), letters.replace("1", "I")):  # fmt: skip
        assert parse_number(typed) == number


@given(NUMBERS, st.integers(0, 27), st.sampled_from(LETTERS))
def test_each_wrong_letter_is_caught(number: str, place: int, letter: str) -> None:
    letters = number.replace("-", "")
    typed = letters[:place] + letter + letters[place + 1 :]

    assert (parse_number(typed) is None) == (typed != letters)


@given(NUMBERS, st.integers(0, 26))
def test_two_neighbours_swapped_are_caught(number: str, place: int) -> None:
    letters = number.replace("-", "")
    swapped = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]

    assert (parse_number(swapped) is None) == (swapped != letters)


@pytest.mark.parametrize(
    "typed", ["", "X", "U" * 28, "0" * 27, "0" * 29, "🙂" * 28, "0" * 100_000, "' OR 1=1 --"]
)
def test_what_cannot_be_a_number_is_none(typed: str) -> None:
    assert parse_number(typed) is None


def test_numbers_have_no_order_no_common_beginning_and_even_letters() -> None:
    source = random.Random(20260601)  # noqa: S311 - a fixed sequence, so that the test cannot fail by chance
    numbers = [certificate_number(source.randbytes(RANDOM_BYTES)) for _ in range(10_000)]

    assert len(set(numbers)) == 10_000
    assert len({number[:9] for number in numbers}) > 9_990
    counts = Counter("".join(numbers).replace("-", ""))
    expected = 280_000 / 32
    assert set(counts) == set(LETTERS)
    # Chi-square with 31 degrees of freedom: 61.1 is passed by chance once in a thousand seeds, and this seed
    # is fixed.
    assert sum((counts[letter] - expected) ** 2 / expected for letter in LETTERS) < 61.1
