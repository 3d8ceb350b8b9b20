"""Signing in: what a password must be, and how long somebody waits after guessing wrong.

Lengths and the absence of composition rules follow NCSC's password guidance and OWASP ASVS 5.0.0 (6.2.1 to
6.2.9: at least 8, allow at least 64). We ask for 12, and slow guessing down instead of locking anybody out.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 128  # argon2 itself has no limit; a page that hashes novels has
LONGEST_ADDRESS: Final = 254
LOOK_BACK: Final = timedelta(hours=1)

_ADDRESS: Final = re.compile(r"[^@\s<>\",;:\\()\[\]]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
_FEWEST_CHARACTERS: Final = 5
_LONGEST_RUN: Final = 4
_LONGEST_REPEATED: Final = 6
_KEYBOARD: Final = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "!\"£$%^&*()",
)  # fmt: skip
# Roots of the passwords that lists of leaked ones open with; digits and signs around them do not help.
_WORN_OUT: Final = frozenset({
    "password", "passwort", "passw", "letmein", "welcome", "changeme", "iloveyou", "football", "liverpool",
    "sunshine", "princess", "monkey", "dragon", "superman", "charlie", "trustno", "administrator", "admin",
    "skillsmatrix", "summer", "winter", "spring", "autumn", "secret", "manchester", "arsenal", "chelsea",
    "january", "february", "march", "april", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "birthday",
    "hello", "temporary", "default", "master", "computer", "internet", "training", "hospital", "england",
    "scotland", "ireland", "wales", "london", "christmas", "baseball", "starwars", "whatever", "flower",
    "mother", "family", "forever", "freedom", "login", "access", "guest", "user", "test", "pass",
})  # fmt: skip
_LEET: Final = str.maketrans("013457@$!", "oieastasi")


class PasswordFault(StrEnum):
    """Why a new password is not taken; the wording is the page's."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    ABOUT_YOU = "about_you"
    COMMON = "common"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Wrong guesses that cost nothing, then a wait that doubles with each further one, up to a longest."""

    free: int
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=15)


# One person at one computer mistypes; a house shares one address; a stranger guesses from many.
PER_ACCOUNT_AND_ADDRESS: Final = Allowance(free=5)
PER_ACCOUNT: Final = Allowance(free=20)
PER_ADDRESS: Final = Allowance(free=100)


def fold_email(email: str) -> str:
    """The form in which two spellings of one address are the same account."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def is_address(email: str) -> bool:
    """True for one plain e-mail address; letters that only look like others are not taken."""
    return email.isascii() and len(email) <= LONGEST_ADDRESS and bool(_ADDRESS.fullmatch(fold_email(email)))


def mailbox(email: str) -> str:
    """The address whose owner reads what is sent to this one: without the part behind a plus sign."""
    local, at, domain = fold_email(email).rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def waits_until(failures: Sequence[datetime], allowance: Allowance) -> datetime | None:
    """The instant from which the next guess is looked at; None when it is at once.

    `failures`: instants of the wrong guesses since the last right one, in any order.
    """
    beyond = len(failures) - allowance.free
    if beyond < 0 or not failures:
        return None
    # Beyond some twenty doublings every wait is the longest; the bound keeps the sum small.
    doubled: int = 2 ** min(beyond, 20)
    return max(failures) + min(allowance.first_wait * doubled, allowance.longest_wait)


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a browser stays signed in: without a request, and at the very most."""

    idle: timedelta
    absolute: timedelta

    def passed(self, *, created_at: datetime, last_seen_at: datetime, at: datetime) -> bool:
        """True when a session has been idle too long or has lasted its whole time."""
        return at - last_seen_at >= self.idle or at - created_at >= self.absolute


def password_fault(
    password: str, *, email: str, display_name: str, organisation: str = ""
) -> PasswordFault | None:
    """What is wrong with a new password, the first thing that applies; None when it will do.

    There is no list of leaked passwords here: what stands for one are rules about how such passwords are
    made: roots that everybody uses, rows of the keyboard, something short over and over.
    """
    if len(password) < SHORTEST:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST:
        return PasswordFault.TOO_LONG
    plain = password.casefold()
    about = f"{email} {display_name} {organisation}".casefold()
    own = [word for word in re.split(r"[^\w]+", about) if len(word) >= 4]
    if any(word in plain for word in own) and len(_without(plain, own)) < SHORTEST - 4:
        return PasswordFault.ABOUT_YOU
    if _is_common(plain):
        return PasswordFault.COMMON
    return None


def _without(plain: str, words: Sequence[str]) -> str:
    for word in words:
        plain = plain.replace(word, "")
    return plain


def _is_common(plain: str) -> bool:
    if len(set(plain)) < _FEWEST_CHARACTERS or _is_repeated(plain):
        return True
    core = re.sub(r"[^a-z]+$", "", plain)  # "…1234!" at the end is what everybody adds
    letters = re.sub(r"[^a-z]", "", core.translate(_LEET))
    rest = _without(letters, sorted(_WORN_OUT, key=lambda word: (-len(word), word)))
    if len(rest) < 4 and letters != rest:
        return True
    return len(_without_runs(plain)) < _LONGEST_RUN


def _is_repeated(plain: str) -> bool:
    """True when it is one short stretch over and over, the last time perhaps in part."""
    return any(
        all(plain[place] == plain[place % length] for place in range(length, len(plain)))
        for length in range(1, min(_LONGEST_REPEATED, len(plain) // 2) + 1)
    )


def _without_runs(plain: str) -> str:
    """The password less every stretch of four or more neighbours on the keyboard or in the alphabet."""
    rows = [row for line in _KEYBOARD for row in (line, line[::-1])]
    kept, start = [], 0
    while start < len(plain):
        length = max(_run_length(plain[start:], row) for row in rows)
        if length < _LONGEST_RUN:
            kept.append(plain[start])
            length = 1
        start += length
    return "".join(kept)


def _run_length(text: str, row: str) -> int:
    place = row.find(text[0])
    if place < 0:
        return 0
    length = 0
    while length < len(text) and place + length < len(row) and text[length] == row[place + length]:
        length += 1
    return length
