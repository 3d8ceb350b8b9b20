"""Days on which something that runs out was done and done again."""

from datetime import date, timedelta
from random import Random

from skillsmatrix.demonstration.setting import months_before, working_day
from skillsmatrix.domain.calendar import add_months

DAYS_A_MONTH = 30
LATE = 0.6  # share of renewals after the end, in years in which nobody counted
LATEST_DAYS_A_MONTH = 13  # how late, for each month of the term: five months for a yearly course


def without_gap(draw: Random, first: date, until: date, months: int | None) -> list[date]:
    """Renewed each time before the end, from `first` up to `until`; once only when nothing runs out."""
    days = [first]
    while months is not None:
        due = add_months(days[-1], months)
        again = working_day(due - timedelta(days=draw.randint(8, 45)))
        if again > until:
            break
        days.append(again)
    return days


def ending_valid(draw: Random, earliest: date, since: date, until: date, months: int | None) -> list[date]:
    """Done and redone, mostly in time, and valid on `until`. `since`: when first asked for."""
    if months is None or since > months_before(until, months):
        first = since + timedelta(days=draw.randint(2, 60))
        return [working_day(min(first, until))]
    last = months_before(until + timedelta(days=_left(draw, months)), months)
    return _looking_back(draw, working_day(min(last, until)), since, earliest, months)


def ending_expired(draw: Random, earliest: date, since: date, until: date, months: int | None) -> list[date]:
    """Done and redone, and let run out before `until`; empty when there was no time for that."""
    if months is None:
        return []
    last = working_day(months_before(until - timedelta(days=draw.randint(3, 170)), months))
    if last < since - timedelta(days=40):
        return []
    return _looking_back(draw, last, since, earliest, months, renewed_late=True)


def _left(draw: Random, months: int) -> int:
    """Days left to run: anything, though few people leave a renewal to the last three months."""
    longest = months * DAYS_A_MONTH - 5
    days = draw.randint(2, longest)
    if days <= 90 < longest and draw.random() < 0.6:
        days = draw.randint(91, longest)
    return days


def _looking_back(
    draw: Random, last: date, since: date, earliest: date, months: int, *, renewed_late: bool = False
) -> list[date]:
    """The days before `last`, back to the first days in post or to `earliest`."""
    days = [last]
    while days[0] > max(since, earliest):
        late = renewed_late or draw.random() < LATE
        slack = -draw.randint(1, months * LATEST_DAYS_A_MONTH) if late else draw.randint(3, 75)
        before = working_day(months_before(days[0] + timedelta(days=slack), months))
        renewed_late = False
        if before < since:
            soon = since + timedelta(
                days=draw.randint(2, 60) if draw.random() < 0.7 else draw.randint(60, 300)
            )
            return [working_day(soon), *days] if soon + timedelta(days=60) < days[0] else days
        days.insert(0, before)
    return days
