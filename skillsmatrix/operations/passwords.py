"""Hashing passwords: argon2id at OWASP's minimum, a bounded number at a time.

m = 19456 KiB, t = 2, p = 1 (OWASP Password Storage Cheat Sheet) takes under 0.1 s here. Without the bound a
flood of sign-ins would take every core from the people who are reading.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from skillsmatrix.domain.sign_in import PasswordFault, password_fault

AT_ONCE: Final = 2
PATIENCE_SECONDS: Final = 10

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_places = BoundedSemaphore(AT_ONCE)

# Of a random password that nobody kept: an unknown account costs the same time as a known one.
_NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$9f9oyo3aXTPcjl8Q9VYQ3mM9Cjx3MfQ1zRN0q3O5Fjg"
)


class PasswordRefused(Exception):
    """The new password will not do; `fault` says why."""

    def __init__(self, fault: PasswordFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class TooManyAtOnce(Exception):
    """So many people are signing in at this moment that the password could not be looked at."""


def hash_password(password: str) -> str:
    """The hash to keep, parameters included. Raises TooManyAtOnce."""
    with _place():
        return _hasher.hash(password)


def new_password_hash(password: str, *, email: str, display_name: str, organisation: str = "") -> str:
    """The hash of a password that somebody chose. Raises PasswordRefused, TooManyAtOnce."""
    fault = password_fault(password, email=email, display_name=display_name, organisation=organisation)
    if fault is not None:
        raise PasswordRefused(fault)
    return hash_password(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """True when the password is the one that was hashed; False, after the same work, when there is no hash.

    Raises TooManyAtOnce.
    """
    with _place():
        try:
            _hasher.verify(password_hash or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """True when the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise TooManyAtOnce
    try:
        yield
    finally:
        _places.release()
