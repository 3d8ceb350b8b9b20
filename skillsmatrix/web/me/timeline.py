"""A bar for each competency: the stretches in which it was or will be held, two years back and one ahead."""

from dataclasses import dataclass
from datetime import date, timedelta

from skillsmatrix.domain.calendar import ONE_DAY, Period, add_months
from skillsmatrix.queries.record import PersonRecord, Standpoint
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.wording import gettext as _

WIDTH = 600
MONTHS_BACK, MONTHS_AHEAD = 24, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch, in the units of the picture."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture, and the same in words."""

    bars: tuple[Bar, ...]
    today_x: float
    years: tuple[tuple[float, int], ...]
    words: str


def timeline(record: PersonRecord, point: Standpoint) -> Timeline:
    """When the level asked for was met, by what was recorded up to the day; suspension is left aside."""
    first, last = add_months(record.on, -MONTHS_BACK), add_months(record.on, MONTHS_AHEAD)
    evidence = record.holding(point.competency.code).evidence
    runs = [_cut(run, point, record.on) for run in evidence.runs(point.verdict.level)]
    seen = [run for run in runs if run is not None and (run.ends_on or last) >= first]
    span = (last - first).days

    def place(day: date) -> float:
        return round(max(0, min((day - first).days, span)) * WIDTH / span, 1)

    bars = []
    for run in seen:
        start, end = place(run.starts_on), place((run.ends_on or last) + ONE_DAY)
        bars.append(Bar(start, max(round(end - start, 1), 1.0)))
    years = [(place(date(year, 1, 1)), year) for year in range(first.year + 1, last.year + 1)]
    return Timeline(tuple(bars), place(record.on), tuple(years), _in_words(seen))


def _cut(run: Period, point: Standpoint, on: date) -> Period | None:
    """The run as it looked on the day: nothing that happened later, the present one to its planned end."""
    if run.starts_on > on:
        return None
    if run.covers(on) and point.verdict.satisfied:
        return Period(run.starts_on, point.verdict.valid_to)
    return run


def _in_words(runs: list[Period]) -> str:
    if not runs:
        return _("Not held in the last two years.")
    parts = [
        _("from %(start)s to %(end)s", start=formats.day(run.starts_on), end=formats.day(run.ends_on))
        if run.ends_on and run.ends_on < date.max - timedelta(days=1)
        else _("from %(start)s, with no end", start=formats.day(run.starts_on))
        for run in runs
    ]
    return _("Held %(stretches)s.", stretches="; ".join(parts))
