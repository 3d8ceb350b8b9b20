"""Learning done elsewhere: what a certificate from another provider is worth here, and what is doubtful.

An agreement says whose course counts as ours; everything else waits for a named person. The day that counts
is the day of the training, and the shortest length stated anywhere governs (domain L5 to L7, contract E1).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from skillsmatrix.domain.calendar import add_months, covers
from skillsmatrix.domain.evidence import counted_months


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whose course counts as ours: for which competency, at what level, how long, and after what."""

    id: int
    provider: str
    title: str
    competency: str
    level: int
    valid_months: int | None
    needs_observation: bool
    in_force_from: date
    in_force_to: date | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """What somebody says they did elsewhere. `level`, `valid_months`: as printed on it; None: not stated."""

    provider: str
    title: str
    competency: str
    completed_on: date
    level: int | None = None
    valid_months: int | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What the certificate counts for here. `valid_to`: last day (None: no end); `months` goes on record."""

    level: int | None
    months: int | None
    valid_to: date | None
    shortened: bool


class Doubt(StrEnum):
    """What whoever decides should look at first."""

    SAME_FILE = "same_file"
    SAME_REFERENCE = "same_reference"
    ALREADY_RECORDED = "already_recorded"
    NO_EVIDENCE = "no_evidence"
    OVER_ALREADY = "over_already"


def agreement_for(certificate: Certificate, agreements: Iterable[Agreement]) -> Agreement | None:
    """The agreement in force on the day of the training; the latest to begin, where there are several.

    Provider and title are compared without case, accents and spacing, and otherwise exactly.
    """
    wanted = _folded(certificate.provider), _folded(certificate.title)
    fitting = [
        each
        for each in agreements
        if each.competency == certificate.competency
        and (_folded(each.provider), _folded(each.title)) == wanted
        and covers(certificate.completed_on, each.in_force_from, each.in_force_to)
    ]
    return max(fitting, key=lambda each: (each.in_force_from, each.id), default=None)


def worth(certificate: Certificate, agreement: Agreement | None, *, our_months: int | None) -> Worth:
    """What it counts for: the agreement's level, counted from the day of the training (L6), and no longer
    than the shortest of the certificate's, the agreement's and our own length (L7)."""
    agreed = agreement.valid_months if agreement else None
    on_record = counted_months(certificate.valid_months, agreed)
    counted = counted_months(on_record, our_months)
    return Worth(
        level=agreement.level if agreement else certificate.level,
        months=on_record,
        valid_to=None if counted is None else add_months(certificate.completed_on, counted),
        shortened=certificate.valid_months is not None and counted != certificate.valid_months,
    )


def accepted_by_rule(agreement: Agreement | None, found: Worth, *, doubts: Iterable[Doubt], on: date) -> bool:
    """May the agreement alone accept it: no observation asked, still in date, and nothing doubtful (L4)."""
    in_date = found.valid_to is None or found.valid_to >= on
    return agreement is not None and not agreement.needs_observation and in_date and not list(doubts)


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in spread if not unicodedata.combining(letter)).split())
