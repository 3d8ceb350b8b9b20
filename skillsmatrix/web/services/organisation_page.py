"""What the matrix of the whole organisation is given: services × competencies, the worst at the top left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from wtforms import BooleanField, SearchField, SelectField

from skillsmatrix.engine.columns import Numbers
from skillsmatrix.queries.competencies import CompetencyEntry
from skillsmatrix.queries.organisation_matrix import IN_30, IN_60, IN_90, MET, NOW, UNSAFE, CellGrid, Cells
from skillsmatrix.queries.people import folded
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.web.services.matrix_drawing import Drawing
from skillsmatrix.web.shared.formats import capital
from skillsmatrix.web.shared.forms import FilterForm, choices
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

E = TypeVar("E")

MEANINGS = {
    "unsafe": _("A hard stop is not met: the service must not run this activity"),
    "short": _("Fewer people hold it than are needed"),
    "soon": _("Enough hold it, and within 90 days too few will when nothing is renewed"),
    "met": _("Enough people hold it"),
}


class Heading(NamedTuple):
    """What a row or a column is put under; no name: it stands alone. `stated`: the record says so."""

    name: str = ""
    stated: bool = True


ALONE = Heading()


def _heading(name: str | None, otherwise: str) -> Heading:
    return Heading(name) if name else Heading(otherwise, stated=False)


class MatrixFilter(FilterForm):
    """What the matrix is narrowed to, how it is put together and in which order; all of it in the address."""

    q = SearchField(_("Competency"))
    group = SelectField(
        _("Group of competencies"), choices=choices([("", _("All groups"))]), validate_choice=False
    )
    framework = SelectField(
        _("Framework"), choices=choices([("", _("All frameworks"))]), validate_choice=False
    )
    kind = SelectField(_("Kind of service"), choices=choices([("", _("All kinds"))]), validate_choice=False)
    region = SelectField(_("Region"), choices=choices([("", _("All regions"))]), validate_choice=False)
    organisation = SelectField(
        _("Run by"), choices=choices([("", _("All organisations"))]), validate_choice=False
    )
    together = SelectField(
        _("Put services together by"),
        choices=choices(
            [
                ("", _("Nothing")),
                ("kind", _("Kind")),
                ("region", _("Region")),
                ("organisation", _("Organisation")),
            ]
        ),
        validate_choice=False,
    )
    columns = SelectField(
        _("Put competencies together by"),
        choices=choices([("", _("Nothing")), ("group", _("Group")), ("framework", _("Framework"))]),
        validate_choice=False,
    )
    sort = SelectField(
        _("Order"),
        choices=choices(
            [
                ("", _("Not safe first")),
                ("shortfall", _("Most people short first")),
                ("expiry", _("Soonest to run out first")),
                ("name", _("Name")),
            ]
        ),
        validate_choice=False,
    )
    gaps = BooleanField(_("Only what is short or runs out"))

    def offer(self, services: Iterable[ServiceEntry], competencies: Iterable[CompetencyEntry]) -> None:
        """Fill the choices with what there is to choose from."""
        listed, asked = list(services), list(competencies)
        for field, found in (
            (self.kind, {(each.kind, capital(each.kind)) for each in listed if each.kind}),
            (self.region, {(each.region, each.region) for each in listed if each.region}),
            (self.organisation, {(each.organisation, each.organisation_name) for each in listed}),
            (self.group, {(each.group, each.group) for each in asked if each.group}),
            (self.framework, {(each.framework, each.framework) for each in asked if each.framework}),
        ):
            pairs = sorted(found, key=lambda pair: pair[1].casefold())
            field.choices = [*field.choices, *choices(pairs)]

    def wanted_services(self, entries: Iterable[ServiceEntry]) -> list[ServiceEntry]:
        """Those of the services that are asked for."""
        kind, region, organisation = self.kind.data, self.region.data, self.organisation.data
        return [
            each
            for each in entries
            if (not kind or each.kind == kind)
            and (not region or each.region == region)
            and (not organisation or each.organisation == organisation)
        ]

    def wanted_competencies(self, entries: Iterable[CompetencyEntry]) -> list[CompetencyEntry]:
        """Those of the competencies that are asked for."""
        words, group, framework = folded(self.q.data or ""), self.group.data, self.framework.data
        return [
            each
            for each in entries
            if (not words or words in folded(f"{each.title} {each.code}"))
            and (not group or each.group == group)
            and (not framework or each.framework == framework)
        ]

    def band_of(self, entry: ServiceEntry) -> Heading:
        """What a service is put under."""
        match self.together.data:
            case "kind":
                return _heading(entry.kind and capital(entry.kind), gettext("No kind stated"))
            case "region":
                return _heading(entry.region, gettext("No region stated"))
            case "organisation":
                return Heading(entry.organisation_name)
            case _:
                return ALONE

    def banded_by(self) -> str:
        """What services are put under, in words; blank where they stand alone."""
        words = {"kind": _("Kind of service"), "region": _("Region"), "organisation": _("Run by")}
        return str(words.get(self.together.data or "", ""))

    def family_of(self, entry: CompetencyEntry) -> Heading:
        """What a competency is put under."""
        match self.columns.data:
            case "group":
                return _heading(entry.group, gettext("No group stated"))
            case "framework":
                return _heading(entry.framework, gettext("No framework stated"))
            case _:
                return ALONE

    def weights(self, cells: Cells, lines: Numbers, size: int) -> list[NDArray[Any]]:
        """Sort keys of so many rows or columns, the weightiest first; `lines`: where each cell stands."""
        unsafe = np.bincount(lines, weights=cells.state == UNSAFE, minlength=size)
        short = np.bincount(lines, weights=cells.shortfall, minlength=size)
        bands = np.bincount(lines * (NOW + 1) + cells.soon, minlength=size * (NOW + 1)).reshape(size, NOW + 1)
        soon = [bands[:, band] for band in (IN_30, IN_60, IN_90)]
        match self.sort.data:
            case "name":
                return [np.zeros(size)]
            case "shortfall":
                found = [short, unsafe, *soon]
            case "expiry":
                found = [*soon, unsafe, short]
            case _:
                found = [unsafe, short, *soon]
        return [-each for each in found]


@dataclass(frozen=True, slots=True)
class Together:
    """Rows or columns that are put together: under which name, and how many they are."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class OrganisationGrid:
    """The matrix as it is shown. `families`, `bands`: what columns and rows are put together under, in
    order; one of a blank name where they stand alone. `banded_by`: what bands are, where there are any."""

    competencies: tuple[CompetencyEntry, ...]
    services: tuple[ServiceEntry, ...]
    families: tuple[Together, ...]
    bands: tuple[Together, ...]
    banded_by: str
    grid: CellGrid

    @property
    def unsafe(self) -> int:
        """How many cells have a hard stop that is not met."""
        return int(np.count_nonzero(self.grid.cells.state == UNSAFE))

    @property
    def first_unsafe(self) -> ServiceEntry | None:
        """The service with the most of these, where it is not the first one shown; otherwise None."""
        cells = self.grid.cells
        counts = np.bincount(cells.row, weights=cells.state == UNSAFE)
        return self.services[int(counts.argmax())] if counts.any() and counts.argmax() > 0 else None

    def drawn(self, drawing: Drawing) -> list[list[bytes]]:
        """The markup of the rows of each band, in blocks."""
        return drawing.rows(self.services, self.grid, [band.count for band in self.bands])

    def table(self, fewest: int) -> list[tuple[str, ...]]:
        """The rows as text, each with the heading it stands under."""
        rows = Drawing(fewest).texts(self.grid)
        names = [band.name for band in self.bands for _row in range(band.count)]
        return [
            (*([name] if name else []), entry.name, *row)
            for name, entry, row in zip(names, self.services, rows, strict=True)
        ]

    def header(self) -> tuple[str, ...]:
        """What stands above them."""
        names = [family.name for family in self.families for _column in range(family.count)]
        titles = [
            f"{name}: {each.title}" if name else each.title
            for name, each in zip(names, self.competencies, strict=True)
        ]
        return (*([self.banded_by] if self.banded_by else []), gettext("Service"), *titles)


def organisation_grid(
    filters: MatrixFilter,
    services: Sequence[ServiceEntry],
    competencies: Sequence[CompetencyEntry],
    grid: CellGrid,
) -> OrganisationGrid:
    """The wanted services and competencies, each by name, in the order asked for, with their cells."""
    rows = {code: number for number, code in enumerate(grid.services)}
    columns = {code: number for number, code in enumerate(grid.competencies)}
    down = {rows[each.code]: each for each in filters.wanted_services(services) if each.code in rows}
    across = {columns[each.code]: each for each in filters.wanted_competencies(competencies)}
    cells = grid.cells
    wanted = _flags(down, len(rows))[cells.row] & _flags(across, len(columns))[cells.column]
    if filters.gaps.data:
        wanted &= cells.state != MET
    found = grid.only(wanted)
    cells = found.cells
    row_order, bands = _in_order(
        down, cells.row, filters.weights(cells, cells.row, len(rows)), filters.band_of
    )
    order, families = _in_order(
        across, cells.column, filters.weights(cells, cells.column, len(columns)), filters.family_of
    )
    return OrganisationGrid(
        competencies=tuple(across[number] for number in order),
        services=tuple(down[number] for number in row_order),
        families=families,
        bands=bands,
        banded_by=filters.banded_by(),
        grid=found.part(row_order, order),
    )


def _flags(numbers: Iterable[int], size: int) -> NDArray[np.bool_]:
    """One flag for each of so many numbers: is it one of these."""
    flags = np.zeros(size, dtype=np.bool_)
    flags[[*numbers]] = True
    return flags


def _in_order(
    entries: Mapping[int, E],
    lines: Numbers,
    weights: Sequence[NDArray[Any]],
    heading_of: Callable[[E], Heading],
) -> tuple[list[int], tuple[Together, ...]]:
    """Numbers of the rows or columns with something in them, as they are shown: by weight, then as given.

    What is put together stands where the first of it would stand alone; last, those of which nothing is
    stated.
    """
    given = np.array([*entries], dtype=np.int64)
    filled = given[np.bincount(lines, minlength=len(weights[0]))[given] > 0]
    order: list[int] = filled[np.lexsort([each[filled] for each in reversed(weights)])].tolist()
    under = {number: heading_of(entries[number]) for number in order}
    places = {heading: place for place, heading in enumerate(dict.fromkeys(under.values()))}
    if len(places) > 1:
        order.sort(key=lambda number: (not under[number].stated, places[under[number]]))
    found = groupby(under[number] for number in order)
    return order, tuple(Together(heading.name, len(list(alike))) for heading, alike in found)
