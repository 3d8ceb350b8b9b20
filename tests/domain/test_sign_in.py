"""What a password must be, how long a wrong guess costs, and when a session is over."""

from datetime import UTC, datetime, timedelta

import pytest

from skillsmatrix.domain.sign_in import (
    PER_ACCOUNT_AND_ADDRESS,
    Allowance,
    PasswordFault,
    SessionLimits,
    fold_email,
    is_address,
    mailbox,
    password_fault,
    waits_until,
)

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short words", PasswordFault.TOO_SHORT),
        ("twelve words", None),
        ("x y z" * 26, PasswordFault.TOO_LONG),
        ("river stone lamp", None),
        ("ébène sur l'île 7", None),
        ("amina.khan.2026", PasswordFault.ABOUT_YOU),
        ("Amina Khan likes the river", None),
        ("P@ssw0rd1234!", PasswordFault.COMMON),
        ("Welcome to 2026 !", PasswordFault.COMMON),
        ("aaaaaaaaaaaab", PasswordFault.COMMON),
        ("qwertyuiop12", PasswordFault.COMMON),
        ("123456789012", PasswordFault.COMMON),
        ("zyxwvutsrqpo", PasswordFault.COMMON),
        ("1qaz2wsx3edc!", PasswordFault.COMMON),
        ("lamp!lamp!lamp!", PasswordFault.COMMON),
        ("November2026!!", PasswordFault.COMMON),
        ("Test-User-1234", PasswordFault.COMMON),
        ("Harbour-Homes-1", PasswordFault.ABOUT_YOU),
        ("the harbour at low tide", None),
        ("november rain on tin", None),
    ],
)
def test_a_new_password_is_judged_by_length_and_by_how_easily_it_is_guessed(
    password: str, fault: PasswordFault | None
) -> None:
    found = password_fault(
        password, email="amina.khan@example.org", display_name="Amina Khan", organisation="Harbour Homes"
    )

    assert found is fault


@pytest.mark.parametrize(
    ("email", "owner"),
    [
        ("jo@example.org", "jo@example.org"),
        (" Jo+Training@Example.org ", "jo@example.org"),
        ("jo+a+b@example.org", "jo@example.org"),
        ("+jo@example.org", "+jo@example.org"),
        ("jo.may@example.org", "jo.may@example.org"),
    ],
)
def test_what_stands_behind_a_plus_sign_goes_to_the_same_mailbox(email: str, owner: str) -> None:
    assert mailbox(email) == owner


@pytest.mark.parametrize("email", ["jo@example.org", "J.O'Neil+x@mail.example.org", "jo@localhost"])
def test_an_address_is_one_that_every_server_takes(email: str) -> None:
    assert is_address(email)


@pytest.mark.parametrize(
    "email",
    ["", "jo", "jo@", "@example.org", "jo may@example.org", "jo@exam\u0440le.org", "a@b, c@d", "j" * 300],
)
def test_what_is_no_address_or_only_looks_like_one_is_not_taken(email: str) -> None:
    assert not is_address(email)


@pytest.mark.parametrize("spelling", ["Amina@Example.ORG", " amina@example.org ", "ａmina@example.org"])
def test_two_spellings_of_an_address_are_one_account(spelling: str) -> None:
    assert fold_email(spelling) == "amina@example.org"


@pytest.mark.parametrize(
    ("wrong", "seconds"), [(0, None), (4, None), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (500, 900)]
)
def test_the_wait_doubles_with_each_wrong_guess_beyond_the_free_ones(wrong: int, seconds: int | None) -> None:
    failures = [NINE - timedelta(seconds=place) for place in range(wrong)]

    until = waits_until(failures, PER_ACCOUNT_AND_ADDRESS)

    assert until == (None if seconds is None else NINE + timedelta(seconds=seconds))


def test_without_a_wrong_guess_nobody_waits_even_when_none_is_free() -> None:
    assert waits_until([], Allowance(free=0)) is None


@pytest.mark.parametrize(
    ("created", "seen", "over"),
    [
        (timedelta(0), timedelta(0), False),
        (timedelta(hours=1), timedelta(minutes=29, seconds=59), False),
        (timedelta(hours=1), timedelta(minutes=30), True),
        (timedelta(hours=11, minutes=59), timedelta(0), False),
        (timedelta(hours=12), timedelta(0), True),
    ],
)
def test_a_session_is_over_when_idle_or_old(created: timedelta, seen: timedelta, over: bool) -> None:
    limits = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))

    assert limits.passed(created_at=NINE - created, last_seen_at=NINE - seen, at=NINE) is over
