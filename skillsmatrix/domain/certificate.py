"""Certificates of competency: who may have one, what one is worth today, and the number it goes by."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from skillsmatrix.domain.standing import Standing

ISSUABLE = frozenset({Standing.VALID, Standing.EXPIRING})


class RefusalReason(StrEnum):
    """Why a certificate may not be issued; lower-case words chosen for ever."""

    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    BELOW_LEVEL = "below_level"
    AWAITING_SIGN_OFF = "awaiting_sign_off"
    IN_INDUCTION = "in_induction"
    EXEMPT = "exempt"
    NOT_HELD = "not_held"
    ALREADY_ISSUED = "already_issued"
    CHANGED = "changed_meanwhile"


class RevocationKind(StrEnum):
    """The kind of reason that the public page may name; the reason itself stays inside the organisation."""

    ISSUED_IN_ERROR = "issued_in_error"
    AWARD_WITHDRAWN = "award_withdrawn"
    KEY_LOST = "key_lost"
    OTHER = "other"


class CertificateState(StrEnum):
    """What a genuine certificate is worth on a day."""

    CURRENT = "current"
    NOT_YET = "not_yet_valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REPLACED = "replaced"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a certificate states about itself: the days it counts, ends included (None: no end)."""

    competency: str
    level: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What happened to it later. `replaced_by` is the number that took its place."""

    revoked_on: date | None = None
    revocation_kind: RevocationKind | None = None
    replaced_on: date | None = None
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class StateToday:
    """The state, the day it began where one is known, and what a reader is told beside it.

    `replaced_by` is for those who may read the holder's certificates; a stranger is told no number.
    `record_to`: the last day by the record as it is now, where that is earlier than the printed one.
    """

    state: CertificateState
    since: date | None = None
    revocation_kind: RevocationKind | None = None
    replaced_by: str = ""
    record_to: date | None = None


def may_issue(
    standing: Standing, *, live: Frozen | None = None, wanted: Frozen | None = None
) -> RefusalReason | None:
    """Why no certificate may be issued from this standing; None when it may.

    Only a standing that is valid or expiring on the day counts, also one that ends tomorrow (its last day is
    printed). `live`: a certificate the person has already, neither revoked nor replaced; one that says the
    same as `wanted` is refused, so that asking twice gives one certificate.
    """
    if standing not in ISSUABLE:
        return RefusalReason(standing.value)
    if live is not None and live == wanted:
        return RefusalReason.ALREADY_ISSUED
    return None


def replaces(live: Frozen, wanted: Frozen) -> bool:
    """Whether the new certificate takes the place of the old: the same competency, other level or days."""
    return live.competency == wanted.competency and live != wanted


def state_on(
    certificate: Frozen,
    afterwards: Afterwards,
    *,
    suspended: bool,
    on: date,
    record_to: date | None = None,
) -> StateToday:
    """What the certificate is worth on the day, strongest first: revoked, replaced, expired, suspended,
    current.

    `suspended`: whether the holder's competency is suspended on that day. What happened after the day is not
    known on it. `valid_to` is the last day that counts. `record_to`: the last day on which the level is held
    by the record as it is now (None: no end, or none is told). After it the certificate counts as suspended,
    since a record that is put right again brings it back.
    """
    if afterwards.revoked_on is not None and afterwards.revoked_on <= on:
        return StateToday(CertificateState.REVOKED, afterwards.revoked_on, afterwards.revocation_kind)
    if afterwards.replaced_on is not None and afterwards.replaced_on <= on:
        return StateToday(
            CertificateState.REPLACED, afterwards.replaced_on, replaced_by=afterwards.replaced_by
        )
    if certificate.valid_to is not None and certificate.valid_to < on:
        return StateToday(CertificateState.EXPIRED, certificate.valid_to)
    if on < certificate.valid_from:
        return StateToday(CertificateState.NOT_YET, certificate.valid_from)
    earlier = _earlier_than_printed(certificate, record_to)
    if suspended or (earlier is not None and earlier < on):
        ended = earlier if earlier is not None and earlier < on else None
        return StateToday(CertificateState.SUSPENDED, on, record_to=ended)
    return StateToday(CertificateState.CURRENT, certificate.valid_from, record_to=earlier)


def _earlier_than_printed(certificate: Frozen, record_to: date | None) -> date | None:
    """The end by the record, where it lies within the days that are printed and before the last of them."""
    if record_to is None or record_to < certificate.valid_from:
        return None
    return record_to if certificate.valid_to is None or record_to < certificate.valid_to else None


# Crockford's base 32: no I, L, O or U, so that it can be read over the telephone.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_RANDOM_LETTERS = 27  # 135 bits; 128 are asked for
_GROUP = 4
RANDOM_BYTES = 17


def certificate_number(random: bytes) -> str:
    """A number out of 17 random bytes: seven groups of four letters, the last letter a check on the others.

    135 bits from the caller's random source and nothing else: no order, no date, no row. The check catches
    every single wrong letter and every two neighbours swapped.
    """
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"a number needs exactly {RANDOM_BYTES} random bytes")
    value = int.from_bytes(random, "big") >> (8 * RANDOM_BYTES - 5 * _RANDOM_LETTERS)
    letters = "".join(_LETTERS[value >> 5 * place & 31] for place in reversed(range(_RANDOM_LETTERS)))
    return _grouped(letters + _check_letter(letters))


def parse_number(typed: str) -> str | None:
    """The number somebody typed, in its one true form; None when it cannot be one.

    Any case; spaces and hyphens anywhere or nowhere; O for 0, I and L for 1.
    """
    if len(typed) > 100:
        return None
    letters = re.sub(r"[\s-]", "", typed).upper().translate(_HEARD_AS)
    if len(letters) != _RANDOM_LETTERS + 1 or any(letter not in _LETTERS for letter in letters):
        return None
    return _grouped(letters) if _check_letter(letters[:-1]) == letters[-1] else None


def _grouped(letters: str) -> str:
    return "-".join(letters[place : place + _GROUP] for place in range(0, len(letters), _GROUP))


def _check_letter(letters: str) -> str:
    # A polynomial over the field of 32 elements (x^5 + x^2 + 1): each place has another weight, none of them
    # zero or equal to its neighbour's, which is what catches a wrong letter and a swap.
    check = 0
    for letter in letters:
        check ^= _LETTERS.index(letter)
        check = check << 1 ^ (0b100101 if check & 16 else 0)
    return _LETTERS[check]
