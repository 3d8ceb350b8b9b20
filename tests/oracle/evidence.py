"""What one person's evidence for one competency says on a day (contract, section 2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.days import ONE_DAY, add_months, covers, day, known_day, number
from tests.oracle.form import Row


@dataclass(frozen=True)
class Record:
    """A completion or a sign-off, reduced to the days on which it is valid."""

    level: int
    first: date
    last: date | None
    withdrawn_on: date | None = None

    def valid(self, on: date) -> bool:
        return covers(self.first, self.last, on)


@dataclass(frozen=True)
class Completion:
    done: date
    level: int
    months: int | None
    reference: str


class Evidence:
    """All that had happened by day `on`, asked about that day or any other (C6)."""

    def __init__(
        self,
        competency: Row,
        *,
        learning: list[Row],
        sign_offs: list[Row],
        grants: list[Row],
        on: date,
    ) -> None:
        self.on = on
        self.needs_learning = competency["needs_learning"] == "yes"
        self.needs_sign_off = competency["needs_sign_off"] == "yes"
        self.cumulative = competency.get("cumulative", "") != "no"
        self.completions = completion_records(competency, learning, grants, on)
        self.signed = sign_off_records(competency, sign_offs, on)

    def held_level(self, x: date) -> int:
        """E5. Zero when nothing is held."""
        learnt = [record.level for record in self.completions if record.valid(x)]
        signed = [record.level for record in self.signed if record.valid(x)]
        if not self.needs_sign_off:
            return max(learnt, default=0)
        if self.needs_learning and not learnt:
            return 0
        return max(signed, default=0)

    def satisfies(self, level: int, x: date) -> bool:
        """E6."""
        if self.cumulative:
            return self.held_level(x) >= level
        learnt = [record.level for record in self.completions if record.valid(x)]
        signed = [record.level for record in self.signed if record.valid(x)]
        if not self.needs_sign_off:
            return level in learnt
        if self.needs_learning and not learnt:
            return False
        return level in signed

    def some_completion_valid(self, x: date) -> bool:
        return any(record.valid(x) for record in self.completions)

    def change_days(self) -> list[date]:
        """The only days on which an answer can differ from the day before: records begin and end."""
        days = set()
        for record in self.completions + self.signed:
            days.add(record.first)
            if record.last is not None:
                days.add(record.last + ONE_DAY)
        return sorted(days)

    def run_end(self, holds: Callable[[date], bool], start: date) -> date | None:
        """E7: the last day of the unbroken run from `start`; None when it has no end."""
        for x in self.change_days():
            if x > start and not holds(x):
                return x - ONE_DAY
        return None

    def run_start(self, holds: Callable[[date], bool], end: date) -> date:
        """E8: the first day of the unbroken run up to `end`, on which it must hold."""
        for x in reversed(self.change_days()):
            if x <= end and holds(x) and not holds(x - ONE_DAY):
                return x
        raise AssertionError("asked for the run of a day that has none")

    def valid_to(self, level: int) -> date | None:
        return self.run_end(lambda x: self.satisfies(level, x), self.on)

    def held_since(self, level: int) -> date:
        return self.run_start(lambda x: self.satisfies(level, x), self.on)

    def last_earlier_day(self, holds: Callable[[date], bool]) -> date | None:
        """The last day before `on` that holds: the eve of a change, or of `on` itself."""
        eves = [x - ONE_DAY for x in [*self.change_days(), self.on] if x <= self.on]
        return max((x for x in eves if holds(x)), default=None)


def completion_records(competency: Row, learning: list[Row], grants: list[Row], on: date) -> list[Record]:
    """E1 to E3: the completions up to `on` of one person, each with its days."""
    if competency["needs_learning"] != "yes":
        return []  # evidence of a kind that is not needed is not used
    happened = [row for row in learning if known_day(row["completed_on"]) <= on]
    facts = [completion(competency, row, grants) for row in happened]
    if competency.get("renewal", "") == "keep_anniversary":
        early = timedelta(days=number(competency.get("early_window_days", "")) or 0)
        return list(anniversaries(facts, early))
    return [Record(fact.level, fact.done, own_end(fact)) for fact in facts]


def completion(competency: Row, row: Row, grants: list[Row]) -> Completion:
    """E1's length and E5's level of one completion."""
    granted = [
        grant
        for grant in grants
        if row.get("course", "") != ""
        and grant["course"] == row["course"]
        and grant["competency"] == row["competency"]
    ]
    lengths = [row.get("valid_months", ""), competency.get("learning_months", "")]
    lengths += [grant.get("valid_months", "") for grant in granted]
    levels = [row.get("level", "")]
    levels += [grant.get("level", "") for grant in granted]
    levels += [competency.get("learning_level", ""), "1"]
    return Completion(
        done=known_day(row["completed_on"]),
        level=int(next(text for text in levels if text)),
        months=min((int(text) for text in lengths if text), default=None),
        reference=row.get("reference", ""),
    )


def own_end(fact: Completion) -> date | None:
    """E2: completion day and length; without a length it never ends."""
    return None if fact.months is None else add_months(fact.done, fact.months)


def anniversaries(facts: list[Completion], early: timedelta) -> Iterator[Record]:
    """E3."""
    order = sorted(
        facts,
        key=lambda f: (f.done, f.months is not None, -(f.months or 0), -f.level, f.reference),
    )
    anchor: date | None = None
    months = 0
    before: date | None = None  # V, the valid_to of the completion before
    for fact in order:
        if fact.months is None:
            anchor, before = None, None
        elif anchor is not None and before is not None and before - early <= fact.done <= before:
            months += fact.months
            before = add_months(anchor, months)
        else:
            anchor, months = fact.done, fact.months
            before = add_months(anchor, months)
        yield Record(fact.level, fact.done, before)


def sign_off_records(competency: Row, sign_offs: list[Row], on: date) -> list[Record]:
    """E4: the sign-offs up to `on` that were valid on at least one day."""
    if competency["needs_sign_off"] != "yes":
        return []
    months = number(competency.get("sign_off_months", ""))
    found = []
    for row in sign_offs:
        assessed = known_day(row["assessed_on"])
        if assessed > on or row["outcome"] != "competent" or row["assessor"] == row["staff"]:
            continue
        last = None if months is None else add_months(assessed, months)
        withdrawn = day(row.get("withdrawn_on", ""))
        if withdrawn is not None and withdrawn > on:
            withdrawn = None  # C6: not yet withdrawn
        if withdrawn is not None:
            eve = withdrawn - ONE_DAY
            last = eve if last is None else min(last, eve)
        if last is None or last >= assessed:
            found.append(Record(int(row["level"]), assessed, last, withdrawn))
    return found
