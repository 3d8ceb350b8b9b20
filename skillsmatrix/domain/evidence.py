"""What a person has shown for one competency, and for how long it counts (contract section 2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from skillsmatrix.domain.calendar import (
    ONE_DAY,
    Period,
    add_months,
    earlier_end,
    merged,
    shared,
)
from skillsmatrix.domain.competency import Competency, Renewal


@dataclass(frozen=True, slots=True)
class Completion:
    """Learning completed. `level` and `months` are those that count (E1, E5): see `counted_months`."""

    completed_on: date
    level: int
    months: int | None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SignOff:
    """An assessor's decision on a day; `competent` False is a "not yet"."""

    assessed_on: date
    level: int
    competent: bool
    assessor: str
    withdrawn_on: date | None = None


class Term(NamedTuple):
    """How long one record counts: planned to `valid_to` (None: no end), and not from `withdrawn_on` on.

    `last_day` is the last on which it counts, both taken together; without an end the last there is.
    """

    level: int
    starts_on: date
    valid_to: date | None
    withdrawn_on: date | None
    last_day: date

    def counts_on(self, day: date) -> bool:
        return self.starts_on <= day <= self.last_day

    @property
    def period(self) -> Period:
        """The days on which it counted in the end."""
        last = None if self.withdrawn_on is None else self.withdrawn_on - ONE_DAY
        return Period(self.starts_on, earlier_end(self.valid_to, last))


def _term(level: int, starts_on: date, valid_to: date | None, withdrawn_on: date | None = None) -> Term:
    last_day = date.max if valid_to is None else valid_to
    if withdrawn_on is not None and withdrawn_on <= last_day:
        last_day = withdrawn_on - ONE_DAY
    return Term(level, starts_on, valid_to, withdrawn_on, last_day)


def counted_months(*stated: int | None) -> int | None:
    """The shortest of the lengths stated by record, course and competency; None: it never expires (E1)."""
    return min([months for months in stated if months is not None], default=None)


def learning_terms(competency: Competency, completions: Iterable[Completion]) -> tuple[Term, ...]:
    """Each completion with its end, in order of day (E1 to E3)."""
    in_order = list(completions)
    if len(in_order) > 1:
        in_order.sort(key=_order_of_renewal)
    if competency.renewal is Renewal.KEEP_ANNIVERSARY:
        return _terms_that_keep_the_anniversary(in_order, competency.early_window_days)
    return tuple(
        [_term(each.level, each.completed_on, _end(each.completed_on, each.months)) for each in in_order]
    )


def _order_of_renewal(completion: Completion) -> tuple[date, bool, int, int, str]:
    """Same day: no length first, then the longer, then the higher level, then the reference (E3)."""
    return (
        completion.completed_on,
        completion.months is not None,
        -(completion.months or 0),
        -completion.level,
        completion.reference,
    )


def _end(day: date, months: int | None) -> date | None:
    return None if months is None else add_months(day, months)


def _terms_that_keep_the_anniversary(in_order: list[Completion], early_window_days: int) -> tuple[Term, ...]:
    """Renewed within the early window: counted from the anchor, so that 29 February comes back (E3)."""
    window = timedelta(days=early_window_days)
    terms: list[Term] = []
    anchor, months_from_anchor = date.min, 0
    for each in in_order:
        before = terms[-1].valid_to if terms else None
        if before is not None and before - window <= each.completed_on <= before:
            months_from_anchor += each.months or 0
        else:
            anchor, months_from_anchor = each.completed_on, each.months or 0
        end = None if each.months is None else add_months(anchor, months_from_anchor)
        terms.append(_term(each.level, each.completed_on, end))
    return tuple(terms)


def sign_off_terms(competency: Competency, sign_offs: Iterable[SignOff]) -> tuple[Term, ...]:
    """Each competent sign-off with its end, in order of day; withdrawn on or before the day: never (E4)."""
    return tuple(
        _term(
            each.level,
            each.assessed_on,
            _end(each.assessed_on, competency.sign_off_months),
            each.withdrawn_on,
        )
        for each in sorted(sign_offs, key=lambda each: (each.assessed_on, each.level, each.assessor))
        if each.competent and (each.withdrawn_on is None or each.withdrawn_on > each.assessed_on)
    )


class Evidence:
    """All the evidence of one person for one competency, ready to be asked about any day.

    An answer about a day uses nothing that happened after it (C6): a record counts from its own day on,
    and a withdrawal shortens nothing before its day.
    """

    __slots__ = (
        "_graded",
        "_levels",
        "_needs_both",
        "_runs",
        "competency",
        "completions",
        "learning",
        "sign_offs",
        "signed_off",
    )

    def __init__(
        self,
        competency: Competency,
        completions: Iterable[Completion] = (),
        sign_offs: Iterable[SignOff] = (),
    ) -> None:
        self.competency = competency
        self.completions = tuple(completions)
        self.sign_offs = tuple(sign_offs)
        self.learning = learning_terms(competency, self.completions) if competency.needs_learning else ()
        self.signed_off = sign_off_terms(competency, self.sign_offs) if competency.needs_sign_off else ()
        self._needs_both = competency.needs_learning and competency.needs_sign_off
        # The records that carry the level: the sign-offs where a sign-off is needed, else the learning.
        self._graded = self.signed_off if competency.needs_sign_off else self.learning
        self._levels: dict[int, tuple[Term, ...]] = {}
        self._runs: dict[int | None, tuple[Period, ...]] = {}

    def _at_level(self, level: int | None) -> tuple[Term, ...]:
        """The records that carry the level or, where levels are cumulative, a higher one."""
        if level is None:
            return self._graded
        found = self._levels.get(level)
        if found is None:
            more = self.competency.cumulative
            found = tuple(
                [term for term in self._graded if term.level == level or (more and term.level > level)]
            )
            self._levels[level] = found
        return found

    def has_begun(self, on: date) -> bool:
        """Is there any evidence up to the day, whether it still counts or not."""
        return _have_begun(self.learning, on) or _have_begun(self.signed_off, on)

    def has_learning(self, on: date) -> bool:
        """Is some completion valid on the day."""
        return _some_count(self.learning, on)

    def held_level(self, on: date) -> int:
        """The highest level held on the day; 0 is none (E5)."""
        if self._needs_both and not self.has_learning(on):
            return 0
        return max([term.level for term in self._graded if term.starts_on <= on <= term.last_day], default=0)

    def satisfies(self, level: int | None, on: date) -> bool:
        """Does what is valid on the day meet the level (E6); None: any level."""
        if self._needs_both and not self.has_learning(on):
            return False
        return _some_count(self._at_level(level), on)

    def valid_to(self, level: int, on: date) -> date | None:
        """The last day of the unbroken run from `on`, where the level is satisfied; None: no end (E7)."""
        end = _last_day(self._at_level(level), on)
        return earlier_end(end, _last_day(self.learning, on)) if self._needs_both else end

    def runs(self, level: int | None = None) -> tuple[Period, ...]:
        """The stretches of days on which `level` was satisfied (None: held at any level), in order."""
        if level not in self._runs:
            runs = merged([term.period for term in self._at_level(level)])
            if self._needs_both:
                runs = shared(runs, merged([term.period for term in self.learning]))
            self._runs[level] = runs
        return self._runs[level]

    def held_since(self, on: date, level: int | None = None) -> date | None:
        """The first day of the unbroken run up to the day (E8); None when there is none."""
        return next((run.starts_on for run in self.runs(level) if run.covers(on)), None)

    def last_day_before(self, on: date, level: int | None = None) -> date | None:
        """The last day before `on` on which the level was satisfied; None: never."""
        for run in reversed(self.runs(level)):
            if run.ends_on is not None and run.ends_on < on:
                return run.ends_on
        return None

    def was_ever_signed_off(self, on: date) -> bool:
        """Was some sign-off, at any level, valid on any day up to this one."""
        return any(term.starts_on <= on for term in self.signed_off)

    def withdrawn_on(self, day: date) -> bool:
        """Was a sign-off that had counted withdrawn on this very day."""
        return any(term.withdrawn_on == day for term in self.signed_off)

    def change_days(self) -> set[date]:
        """The days on which an answer may differ from the day before."""
        days = set()
        for term in (*self.learning, *self.signed_off):
            days.add(term.starts_on)
            if term.valid_to is not None and term.valid_to != date.max:
                days.add(term.valid_to + ONE_DAY)
            if term.withdrawn_on is not None:
                days.add(term.withdrawn_on)
        return days


def _have_begun(in_order: Sequence[Term], on: date) -> bool:
    return bool(in_order) and in_order[0].starts_on <= on


def _some_count(terms: Iterable[Term], on: date) -> bool:
    for term in terms:  # noqa: SIM110 - half the time of any(): asked of every record, for many days
        if term.starts_on <= on <= term.last_day:
            return True
    return False


def _last_day(terms: Iterable[Term], on: date) -> date | None:
    """The latest end among those that count on the day, of which there is one at least; None: no end."""
    latest = on
    for term in terms:
        if term.starts_on <= on <= term.last_day:
            if term.valid_to is None:
                return None
            if term.valid_to > latest:
                latest = term.valid_to
    return latest
