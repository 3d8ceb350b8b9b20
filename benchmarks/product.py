"""The product's own way from stored facts to an answer: kept conclusions, the image, what is asked of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import numpy as np
from sqlalchemy import Engine, insert

from benchmarks.answer import Answer
from benchmarks.data import NOW, TODAY
from benchmarks.facts import BY
from skillsmatrix import models
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.engine.counting import Counts
from skillsmatrix.engine.days import DAY_ZERO, day_number
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.leavers import every_leaver
from skillsmatrix.engine.matrix import matrix
from skillsmatrix.engine.over_days import first_below_cover, trend
from skillsmatrix.engine.recount import CoverRows, recounted
from skillsmatrix.engine.scenario import Leaves
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.versions import record
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.what_if import what_if

AT = datetime(2026, 1, 1, tzinfo=UTC)
MONTHS = tuple(date(2024 + month // 12, month % 12 + 1, 1) for month in range(37))  # 24 back, 12 ahead
YEAR_AHEAD = tuple(TODAY + timedelta(days=number) for number in range(365))


def anew(image: Image) -> Image:
    """The image without the counts of the days that it was asked about."""
    image.days = {}
    return image


class ProductImage:
    """The image, asked for the seven numbers of each requirement row."""

    name = "engine"

    def __init__(self, image: Image) -> None:
        self.image = image
        self.order: Any = np.argsort(image.catalogue.lines.row)  # every row of the data names its service
        if np.array_equal(self.order, np.arange(len(self.order))):
            self.order = slice(None)  # the image has them in the order asked for

    def matrix(self, day: int) -> Answer:
        """The answer for one day, in the order of the others."""
        found = anew(self.image).counts(on=date.fromordinal(day))
        columns = (
            found.in_scope,
            found.required,
            found.held,
            found.expiring_30,
            found.expiring_60,
            found.expiring_90,
        )
        return Answer.of(*(column[self.order] for column in columns))


def agrees_with_the_rules(image: Image, facts: Workforce, services: list[str], days: tuple[int, ...]) -> bool:
    """Does the image give the cover of these services, on these days, that the rules give."""
    return all(
        image.cover(on=on, service=service) == facts.cover(on=on, service=service)
        for on in map(date.fromordinal, days)
        for service in services
    )


def questions(image: Image, engine: Engine) -> dict[str, Callable[[], Any]]:
    """What else a page asks of the image."""
    held = image.columns.held
    someone = image.people.codes[0]

    def bench() -> Image:
        with reading(engine) as session:
            return what_if(session, image, [Leaves(someone, TODAY)])

    return {
        "byte copy": lambda: (held.starts_on.copy(), held.ends_on.copy(), held.valid_to.copy()),
        "counts of every line": lambda: anew(image).counts(on=TODAY),
        "matrix": lambda: matrix(anew(image), on=TODAY),
        "matrix of a day that was counted before": lambda: matrix(image, on=TODAY),
        "trend and forecast, 37 months": lambda: trend(image, MONTHS, today=TODAY),
        "effect of every leaver": lambda: every_leaver(image, on=TODAY),
        "first day below cover, 365 days": lambda: first_below_cover(image, YEAR_AHEAD, today=TODAY),
        "compliance of everybody": lambda: image.compliance(on=TODAY),
        "compliance by service": lambda: image.compliance_by_service(on=TODAY),
        "what if one person leaves": bench,
    }


class Writes:
    """One new completion: the bare row, with its line in the log, with all that follows from it."""

    def __init__(self, engine: Engine, people: int) -> None:
        self.engine = engine
        self.people = people
        self.numbers = count(1)
        self.staff_id = 0  # of whom something was written last

    def works(self) -> dict[str, Callable[[], None]]:
        """By what is done."""
        return {
            "bare insert": self.bare,
            "and its line in the log": lambda: self.recorded(kept=False),
            "and all that follows from it": lambda: self.recorded(kept=True),
        }

    def bare(self) -> None:
        """The row alone, committed."""
        row = self._values() | {"recorded_at": AT, "version_from": AT, "recorded_by": BY}
        with writing(self.engine) as session:
            session.execute(insert(models.Learning.__table__), row)  # type: ignore[arg-type]

    def recorded(self, *, kept: bool) -> None:
        """As an operation does it."""
        values = self._values()
        with writing(self.engine) as session:
            fact, staff = models.Learning(**values), values["staff_id"]
            record(session, fact, "learning_recorded", by=BY, at=AT, staff_id=staff)
            if kept:
                of = [values["competency_id"]]
                refresh(session, staff_ids=[staff], competency_ids=of, by=BY, at=AT)

    def _values(self) -> dict[str, Any]:
        number = next(self.numbers)
        self.staff_id = number % self.people + 1
        return {
            "staff_id": self.staff_id,
            "competency_id": number % 40 + 1,
            "completed_on": date.fromordinal(NOW - 1 - number % 300),
            "level": 1,
            "reference": f"write {number}",
        }

    def next_image(self) -> Image:
        """The image after the last write, in a process that had the one before."""
        with reading(self.engine) as session:
            return current(session)

    def recounting(self, before: Image, after: Image) -> tuple[Callable[[], Counts], Callable[[], Counts]]:
        """Today's counts from those before the last write: all of it, and once the rows are at hand."""
        lines, counts = before.catalogue.lines, before.counts(on=TODAY)
        people = np.array([before.people.by_id[self.staff_id]], dtype=np.int32)
        number = day_number(TODAY)

        def said() -> tuple[CoverRows, CoverRows]:
            return CoverRows.of(before.columns, people), CoverRows.of(after.columns, people)

        def again(old: CoverRows, new: CoverRows) -> Counts:
            return recounted(counts, lines, old, new, day=number, supervision_day=number)

        at_hand = said()
        return lambda: again(*said()), lambda: again(*at_hand)


def day_of(ordinal: int) -> int:
    """The day as the engine counts it."""
    return ordinal - DAY_ZERO
