"""A competency: which evidence it needs, how long that lasts, and what keeps it usable."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Renewal(StrEnum):
    """What a renewal does to the end: counts from the completion, or keeps the anniversary."""

    RESET = "reset"
    KEEP_ANNIVERSARY = "keep_anniversary"


@dataclass(frozen=True, slots=True)
class Competency:
    """The rules of one competency. Months are calendar months, windows are days; None is not stated."""

    code: str
    title: str = ""
    needs_learning: bool = True
    needs_sign_off: bool = False
    learning_level: int = 1
    learning_months: int | None = None
    sign_off_months: int | None = None
    renewal: Renewal = Renewal.RESET
    early_window_days: int = 0
    cumulative: bool = True
    supervision_kind: str | None = None
    supervision_every_days: int | None = None
    supervision_lapse_days: int | None = None
    supervision_max_group: int | None = None
    registration_body: str | None = None
    superseded_on: date | None = None
    superseded_by: str | None = None
    boundary: str | None = None
    framework: str | None = None
    group: str | None = None


def older_ones(competencies: Iterable[Competency]) -> dict[str, dict[str, Competency]]:
    """Competency → the older ones that it replaces, by code; those that replace nothing are absent."""
    found: dict[str, dict[str, Competency]] = {}
    for each in competencies:
        if each.superseded_by is not None:
            found.setdefault(each.superseded_by, {})[each.code] = each
    return found
