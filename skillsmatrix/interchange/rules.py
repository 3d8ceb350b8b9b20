"""What the columns of one row must agree on. Each rule says which contract rule it keeps, and why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from skillsmatrix.interchange.tables import Value


@dataclass(frozen=True, slots=True)
class RowRule:
    """`broken` takes the values of `columns`, in that order; the fault is shown at the first of them."""

    columns: tuple[str, ...]
    broken: Callable[..., bool]
    expected: str


def _ends_before(end: Value, start: Value) -> bool:
    return end is not None and start is not None and end < start  # type: ignore[operator]


def _order(start: str, end: str) -> RowRule:
    return RowRule((end, start), _ends_before, f"a day on or after {start}")


def _same(one: Value, other: Value) -> bool:
    return one is not None and one == other


def _first_without_second(one: Value, other: Value) -> bool:
    return one is not None and other is None


ROW_RULES: Mapping[str, tuple[RowRule, ...]] = {
    "services": (
        _order("opens_on", "closes_on"),
        RowRule(("successor", "service"), _same, "another service, not the service itself"),
    ),
    "staff": (_order("employed_from", "employed_to"),),
    "posts": (_order("starts_on", "ends_on"),),
    "absences": (_order("starts_on", "ends_on"),),
    "competencies": (
        RowRule(
            ("needs_learning", "needs_sign_off"),
            lambda learning, sign_off: learning is False and sign_off is False,
            "yes here or in needs_sign_off: a competency needs some evidence (contract 2)",
        ),
        RowRule(
            ("supervision_kind", "supervision_lapse_days"),
            _first_without_second,
            "blank, or supervision_lapse_days stated as well (contract S3)",
        ),
        RowRule(
            ("supervision_lapse_days", "supervision_kind"),
            _first_without_second,
            "blank, or supervision_kind stated as well (contract S3)",
        ),
        RowRule(("superseded_by", "competency"), _same, "another competency, not the competency itself"),
    ),
    "sign_offs": (
        RowRule(
            ("assessor", "staff"),
            _same,
            "another person: nobody signs off their own competence (contract E4)",
        ),
        # A reason without a day would leave the person competent although somebody has taken it back.
        RowRule(
            ("withdrawn_reason", "withdrawn_on"),
            _first_without_second,
            "blank, or withdrawn_on stated as well",
        ),
    ),
    "registrations": (_order("registered_on", "valid_to"),),
    "suspensions": (_order("starts_on", "ends_on"),),
    "requirements": (
        _order("in_force_from", "in_force_to"),
        RowRule(
            ("amount", "cover"),
            lambda amount, cover: amount is None and cover not in (None, "each"),
            "how many: percent, count and named need it (contract V2)",
        ),
        RowRule(
            ("amount", "cover"),
            lambda amount, cover: cover == "percent" and amount is not None and amount > 100,
            "a whole number from 0 to 100: it is a percentage",
        ),
    ),
    "exemptions": (_order("starts_on", "ends_on"),),
}


def rules_within(table: str, columns: Iterable[str]) -> tuple[RowRule, ...]:
    """The rules of a table that can be answered from `columns` alone."""
    stated = set(columns)
    return tuple(rule for rule in ROW_RULES.get(table, ()) if stated.issuperset(rule.columns))


def rules_beyond(table: str, columns: Iterable[str]) -> tuple[RowRule, ...]:
    """The rules of a table that need a column which is not among `columns`, and touch one that is.

    They can be answered only together with the row that is already stored.
    """
    stated = set(columns)
    return tuple(
        rule
        for rule in ROW_RULES.get(table, ())
        if not stated.issuperset(rule.columns) and not stated.isdisjoint(rule.columns)
    )
