"""One organisation's conclusions in memory: any day's cover, standings and compliance, at once.

An image never changes. It is made for one data version, and the next one is made from it by replacing the
people whose facts changed; the counts of the days that were asked about go along, less what those people
counted for and more what they count for now. It answers the questions of domain/workforce.py by the same
names.

`supervision_on` is the day for which lapsed supervision is looked up: None is the day asked about, as the
commands answer (contract V8); a page that looks ahead passes today, and says that it does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.domain.compliance import Compliance, Share
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.standing import Standing, is_expiring
from skillsmatrix.engine import shares
from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.columns import Columns, Flags
from skillsmatrix.engine.counting import Counts, Needs, count, needs, single_points
from skillsmatrix.engine.days import NOT_STATED, as_date, day_number
from skillsmatrix.engine.lapses import Lapses
from skillsmatrix.engine.packing import ALL_POSTS, HARD_STOP, STANDINGS
from skillsmatrix.engine.recount import CoverRows, recounted
from skillsmatrix.engine.splice import Persons, Splice

NOBODY = Compliance(Share(0, 0), Share(0, 0), Share(0, 0))
VALID = STANDINGS.index(Standing.VALID)
SUSPENDED = STANDINGS.index(Standing.SUSPENDED)
MOST_DAYS = 4  # whose counts are kept
FEW = 20  # people; for more, counting anew is faster
Days = Mapping[tuple[int, int], Counts]  # by the day, and that of supervision


@dataclass(frozen=True)
class People:
    """Who the numbers in the columns stand for. A number is never given to somebody else."""

    ids: tuple[int, ...]
    codes: tuple[str, ...]
    employers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def by_id(self) -> Mapping[int, int]:
        """Number by id."""
        return {each: number for number, each in enumerate(self.ids)}

    @cached_property
    def by_code(self) -> Mapping[str, int]:
        """Number by code."""
        return {code: number for number, code in enumerate(self.codes)}

    def with_replaced(self, fresh: "People") -> "People":
        """These people, with what `fresh` says of theirs, and then those that are new."""
        told = list(zip(fresh.ids, fresh.codes, fresh.employers, strict=True))
        if all(self._is_known(*each) for each in told):
            return self
        ids, codes, employers = list(self.ids), list(self.codes), list(self.employers)
        for each, code, employer in told:
            number = self.by_id.get(each, len(ids))
            ids[number : number + 1], codes[number : number + 1] = [each], [code]
            employers[number : number + 1] = [employer]
        return People(tuple(ids), tuple(codes), tuple(employers))

    def _is_known(self, each: int, code: str, employer: str) -> bool:
        number = self.by_id.get(each)
        return number is not None and (self.codes[number], self.employers[number]) == (code, employer)


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One requirement instance, without its reasons; `valid_to` None: no end, or not held at the level."""

    person: str
    competency: str
    level: int
    hard_stop: bool
    standing: Standing
    valid_to: date | None


class Image:
    """The conclusions of everybody at one data version."""

    def __init__(self, catalogue: Catalogue, people: People, columns: Columns, *, version: int) -> None:
        self.catalogue = catalogue
        self.people = people
        self.columns = columns
        self.version = version
        self.days: Days = {}

    def with_replaced(
        self, fresh: People, found: Columns, *, version: int, competencies: Flags | None = None
    ) -> "Image":
        """The image in which `found` is all there is about the people of `fresh`, whom it numbers from 0.

        `competencies` (a flag for each number): all there is about those; the rest stays.
        """
        people = self.people.with_replaced(fresh)
        numbers = np.array([people.by_id[each] for each in fresh.ids], dtype=np.int32)
        found = found.renumbered(numbers)
        numbers.sort()
        if competencies is not None:
            found = found.completed(numbers, competencies, self.columns, self.catalogue.lines.competency)
        following = Image(self.catalogue, people, self.columns.with_replaced(numbers, found), version=version)
        if following.columns.counts_as(self.columns):
            following.days = self.days
            following.__dict__["held_lapses"] = self.held_lapses
        elif len(numbers) <= FEW:
            following.days = self._recounted(numbers, found)
            following.__dict__["held_lapses"] = self._lapses_with(numbers, found)
        return following

    def _recounted(self, people: Persons, found: Columns) -> Days:
        """The days whose counts are kept, where `found` is all there is about these people."""
        before, after = CoverRows.of(self.columns, people), CoverRows.of(found, people)
        return {
            asked: recounted(
                counts, self.catalogue.lines, before, after, day=asked[0], supervision_day=asked[1]
            )
            for asked, counts in self.days.items()
        }

    def _lapses_with(self, people: Persons, found: Columns) -> Lapses:
        """The same of the rows under supervision that has lapsed."""
        splice = Splice.between(people, self.columns.held.person, found.held.person)
        competency = self.catalogue.lines.competency[found.held.line]
        return self.held_lapses.with_replaced(splice, Lapses.of(found.lapsed, found.held.person, competency))

    @property
    def numbers(self) -> Mapping[str, int]:
        """Person code → number in the columns."""
        return self.people.by_code

    @cached_property
    def held_lapses(self) -> Lapses:
        """Rows of `columns.held` under supervision that has lapsed at some time."""
        line = self.columns.held.line
        competency = self.catalogue.lines.competency[line]
        return Lapses.of(self.columns.lapsed, self.columns.held.person, competency)

    @cached_property
    def required_lapses(self) -> Lapses:
        """Rows of `columns.required` under supervision that has lapsed at some time."""
        rows = self.columns.required
        return Lapses.of(self.columns.lapsed, rows.person, rows.competency)

    def held_on(self, on: date, *, supervision_on: date | None = None) -> NDArray[np.int64]:
        """The rows of `columns.held` that count on the day."""
        counted = self.columns.held.on(day_number(on))
        counted[self.held_lapses.rows_on(day_number(supervision_on or on))] = False
        return np.flatnonzero(counted)

    def counts(self, *, on: date, supervision_on: date | None = None) -> Counts:
        """Every line of cover on the day, as columns in the order of `catalogue.lines`."""
        asked = day_number(on), day_number(supervision_on or on)
        if asked not in self.days:
            found = self.counts_of(self.held_on(on, supervision_on=supervision_on), on)
            self.days = dict([*self.days.items(), (asked, found)][-MOST_DAYS:])
            return found
        return self.days[asked]

    def counts_of(self, held_now: NDArray[np.int64], on: date) -> Counts:
        """The same where the rows that count (`held_on`) are known."""
        return count(self.catalogue.lines, self.columns, held_now, day=day_number(on))

    def needs_of(self, held_lines: NDArray[Any], on: date) -> Needs:
        """The same without what is running out; `held_lines`: of each row that counts, its line."""
        return needs(self.catalogue.lines, self.columns, held_lines, day=day_number(on))

    def cover(
        self, *, on: date, service: str | None = None, supervision_on: date | None = None
    ) -> list[CoverLine]:
        """One line for each requirement in force at each open service, by service and requirement."""
        found = self.counts(on=on, supervision_on=supervision_on)
        lines = self.catalogue.lines
        shown = found.shown
        if service is not None:
            shown = shown & (lines.service == self.catalogue.service_codes.index(service))
        alone = single_points(lines, found)
        chosen = np.flatnonzero(shown)
        in_order = chosen[np.lexsort((lines.row[chosen], lines.service[chosen]))]
        return [
            CoverLine(
                service=self.catalogue.service_codes[lines.service[line]],
                requirement=self.catalogue.requirements.rows[lines.row[line]],
                in_scope=int(found.in_scope[line]),
                required=int(found.required[line]),
                held=int(found.held[line]),
                expiring_30=int(found.expiring_30[line]),
                expiring_60=int(found.expiring_60[line]),
                expiring_90=int(found.expiring_90[line]),
                single_point_of_failure=bool(alone[line]),
            )
            for line in in_order
        ]

    def standings(
        self, *, on: date, service: str | None = None, supervision_on: date | None = None
    ) -> list[StandingRow]:
        """One row for each requirement instance, by person and competency; `service` selects people."""
        asked = self.columns.required
        rows, standing = self.required_on(on, supervision_on=supervision_on)
        counted = (asked.state[rows] & ALL_POSTS) > 0
        if service is not None:
            counted &= self.in_post(on, service)[asked.person[rows]]
        rows, standing = rows[counted], standing[counted]
        found = [
            self._standing_row(on, *values)
            for values in zip(
                asked.person[rows].tolist(),
                asked.competency[rows].tolist(),
                asked.level[rows].tolist(),
                asked.state[rows].tolist(),
                asked.valid_to[rows].tolist(),
                standing.tolist(),
                strict=True,
            )
        ]
        return sorted(found, key=lambda row: (row.person, row.competency))

    def _standing_row(
        self, on: date, person: int, competency: int, level: int, state: int, valid_to: int, standing: int
    ) -> StandingRow:
        end = None if valid_to == NOT_STATED else as_date(valid_to)
        found = STANDINGS[standing]
        if found is Standing.VALID and is_expiring(end, on=on):
            found = Standing.EXPIRING
        return StandingRow(
            self.people.codes[person],
            self.catalogue.competency_codes[competency],
            level,
            bool(state & HARD_STOP),
            found,
            end,
        )

    def required_on(
        self, on: date, *, supervision_on: date | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """The rows of `columns.required` of the day, and their standings as indexes into STANDINGS.

        Lapsed supervision is counted in; `valid` stands for `expiring` as well.
        """
        asked = self.columns.required
        lapsed = self.required_lapses.flags_on(day_number(supervision_on or on), len(asked))
        rows = np.flatnonzero(asked.on(day_number(on)))
        standing = asked.standing[rows]
        standing[lapsed[rows] & (standing == VALID)] = SUSPENDED
        return rows, standing

    def in_post(self, on: date, service: str) -> Flags:
        """By number of person: who holds a post there on the day, away or not."""
        posts = self.columns.posts
        here = posts.service == self.catalogue.service_codes.index(service)
        found = np.zeros(len(self.people), dtype=np.bool_)
        found[posts.person[posts.on(day_number(on)) & here]] = True
        return found

    def compliance(self, *, on: date, supervision_on: date | None = None) -> Compliance:
        """M1 and M2 over everybody."""
        everybody = np.zeros(len(self.columns.required), dtype=np.int64)
        return self._shares(on, supervision_on, everybody, ("all",)).get("all", NOBODY)

    def compliance_by_organisation(
        self, *, on: date, supervision_on: date | None = None
    ) -> dict[str, Compliance]:
        """Employer → M1 and M2 of the people it employs; employers without an instance are absent."""
        codes = sorted(set(self.people.employers))
        number = {code: each for each, code in enumerate(codes)}
        employer = np.array([number[code] for code in self.people.employers], dtype=np.int64)
        return self._shares(on, supervision_on, employer[self.columns.required.person], codes)

    def compliance_by_competency(
        self, *, on: date, supervision_on: date | None = None
    ) -> dict[str, Compliance]:
        """Competency → M1 and M2 of its instances; competencies without one are absent."""
        competency = self.columns.required.competency
        return self._shares(on, supervision_on, competency, self.catalogue.competency_codes)

    def compliance_by_service(self, *, on: date, supervision_on: date | None = None) -> dict[str, Compliance]:
        """Service → M1 and M2 as if the posts there were the only ones; without an instance it is absent."""
        asked = self.columns.required
        rows, standing = self.required_on(on, supervision_on=supervision_on)
        here = asked.service[rows] >= 0
        rows, standing = rows[here], standing[here]
        group = asked.service[rows].astype(np.int64)
        return shares.compliance(asked, rows, standing, group, self.catalogue.service_codes)

    def _shares(
        self, on: date, supervision_on: date | None, group: NDArray[Any], codes: Sequence[str]
    ) -> dict[str, Compliance]:
        asked = self.columns.required
        rows, standing = self.required_on(on, supervision_on=supervision_on)
        counted = (asked.state[rows] & ALL_POSTS) > 0
        rows, standing = rows[counted], standing[counted]
        return shares.compliance(asked, rows, standing, group[rows].astype(np.int64), codes)
