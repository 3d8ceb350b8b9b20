"""Pictures as numbers for inline SVG: lines over time, and a radar. Colour comes from style sheets; each line
also has a mark of its own, and a table says the same."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 760, 280
LEFT, RIGHT, TOP, BOTTOM = 52, 168, 16, 36
MARKS = ("circle", "square", "triangle")

RADAR, RADIUS = 460, 180


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name and a value for each day; None where there is nothing to say."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the picture."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line as drawn. `path`: up to today; `ahead`: after it, dashed. `label`: where its name goes."""

    name: str
    mark: str
    path: str
    ahead: str
    points: tuple[Point, ...]
    label: Point


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over days. `ticks`: height and words of the scale; `years`, `today`: where they stand."""

    lines: tuple[DrawnLine, ...]
    ticks: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, int], ...]
    today: float | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def line_chart(
    days: Sequence[date], series: Sequence[Series], *, today: date, ceiling: float | None = None
) -> LineChart:
    """The lines over the days, from zero; what is after today is kept apart. `ceiling`: top of the scale."""
    highest = max((value for each in series for value in each.values if value is not None), default=0.0)
    top, step = _scale(highest if ceiling is None else ceiling)
    span = max((days[-1] - days[0]).days, 1)
    inner, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def across(day: date) -> float:
        return round(LEFT + (day - days[0]).days * inner / span, 1)

    def up(value: float) -> float:
        return round(TOP + tall * (1 - value / top), 1)

    drawn = []
    taken: list[float] = []
    for number, each in enumerate(series):
        dots = [
            (day, Point(across(day), up(value)))
            for day, value in zip(days, each.values, strict=True)
            if value is not None
        ]
        if dots:
            drawn.append(_drawn(each.name, MARKS[number % len(MARKS)], dots, today, taken))
    years = [date(year, 1, 1) for year in range(days[0].year + 1, days[-1].year + 1)]
    return LineChart(
        lines=tuple(drawn),
        ticks=tuple((up(value), f"{value:g}") for value in _steps(top, step)),
        years=tuple((across(day), day.year) for day in years if days[0] <= day <= days[-1]),
        today=across(today) if days[0] <= today <= days[-1] else None,
    )


def _drawn(
    name: str, mark: str, dots: Sequence[tuple[date, Point]], today: date, taken: list[float]
) -> DrawnLine:
    past = [point for day, point in dots if day <= today]
    ahead = [point for day, point in dots if day > today]
    last = dots[-1][1]
    height = last.y
    while any(abs(height - other) < 16 for other in taken):
        height += 16 if height < HEIGHT / 2 else -16
    taken.append(height)
    return DrawnLine(
        name=name,
        mark=mark,
        path=_path(past),
        ahead=_path([*past[-1:], *ahead]) if ahead else "",
        points=tuple(point for _day, point in dots),
        label=Point(last.x + 12, height + 4),
    )


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{'L' if place else 'M'}{point.x:g} {point.y:g}" for place, point in enumerate(points))


def _scale(highest: float) -> tuple[float, float]:
    """A round top of the scale and the step between its marks: about four of them."""
    rough = max(highest, 4) / 4
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * each for each in (1, 2, 2.5, 5, 10) if size * each >= rough)
    if size < 1 or step != int(step):
        step = math.ceil(step)
    return step * math.ceil(max(highest, 4) / step), step


def _steps(top: float, step: float) -> list[float]:
    return [step * number for number in range(round(top / step) + 1)]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a radar: its name, the line from the middle, and where the name goes."""

    name: str
    end: Point
    label: Point
    anchor: str


@dataclass(frozen=True, slots=True)
class Radar:
    """Shares on axes around a middle; `shape`, `rings`: corners as the points of polygons."""

    axes: tuple[Axis, ...]
    shape: str
    dots: tuple[Point, ...]
    rings: tuple[tuple[int, str], ...]
    size: int = RADAR
    middle: float = RADAR / 2
    reach: int = RADIUS


def radar(shares: Sequence[tuple[str, float]]) -> Radar:
    """The shares, each from 0 to 1, on axes by name, clockwise from the top."""
    angles = [2 * math.pi * place / len(shares) - math.pi / 2 for place in range(len(shares))]

    def at(angle: float, share: float) -> Point:
        middle, reach = RADAR / 2, RADIUS * share
        return Point(round(middle + reach * math.cos(angle), 1), round(middle + reach * math.sin(angle), 1))

    def corners(wanted: Sequence[float]) -> str:
        found = (at(angle, share) for angle, share in zip(angles, wanted, strict=True))
        return " ".join(f"{point.x:g},{point.y:g}" for point in found)

    return Radar(
        axes=tuple(
            Axis(name, at(angle, 1), at(angle, 1.14), _anchor(angle))
            for angle, (name, _share) in zip(angles, shares, strict=True)
        ),
        shape=corners([share for _name, share in shares]),
        dots=tuple(at(angle, share) for angle, (_name, share) in zip(angles, shares, strict=True)),
        rings=tuple((percent, corners([percent / 100] * len(shares))) for percent in (25, 50, 75, 100)),
    )


def _anchor(angle: float) -> str:
    side = math.cos(angle)
    return "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
