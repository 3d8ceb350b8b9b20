"""What the matrix of the whole organisation is given: services × competencies, the worst at the top left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from markupsafe import Markup
from wtforms import BooleanField, SearchField, SelectField

from skillsmatrix.queries.competencies import CompetencyEntry
from skillsmatrix.queries.organisation_matrix import BLANK, MET, UNSAFE, CellGrid
from skillsmatrix.queries.people import folded
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.web.services.matrix_drawing import Drawing
from skillsmatrix.web.shared.formats import capital
from skillsmatrix.web.shared.forms import FilterForm, choices
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

MEANINGS = {
    "unsafe": _("A hard stop is not met: the service must not run this activity"),
    "short": _("Fewer people hold it than are needed"),
    "soon": _("Enough hold it, and within 90 days too few will when nothing is renewed"),
    "met": _("Enough people hold it"),
}


@dataclass(frozen=True, slots=True)
class Heading:
    """What a row or a column is put under; no name: it stands alone. `stated`: the record says so."""

    name: str = ""
    stated: bool = True


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

    def wants_service(self, entry: ServiceEntry) -> bool:
        """Is the service one of those asked for."""
        return (
            (not self.kind.data or entry.kind == self.kind.data)
            and (not self.region.data or entry.region == self.region.data)
            and (not self.organisation.data or entry.organisation == self.organisation.data)
        )

    def wants_competency(self, entry: CompetencyEntry) -> bool:
        """Is the competency one of those asked for."""
        return (
            folded(self.q.data or "") in folded(f"{entry.title} {entry.code}")
            and (not self.group.data or entry.group == self.group.data)
            and (not self.framework.data or entry.framework == self.framework.data)
        )

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
                return Heading()

    def family_of(self, entry: CompetencyEntry) -> Heading:
        """What a competency is put under."""
        match self.columns.data:
            case "group":
                return _heading(entry.group, gettext("No group stated"))
            case "framework":
                return _heading(entry.framework, gettext("No framework stated"))
            case _:
                return Heading()

    def weights(self, cells: CellGrid, *, axis: int) -> list[tuple[int, ...]]:
        """Sort keys of the rows (axis 1) or the columns (axis 0) of `cells`; the smallest comes first."""
        unsafe = -(cells.state == UNSAFE).sum(axis=axis)
        short = -cells.shortfall.sum(axis=axis)
        soon = [-(cells.short_in == days).sum(axis=axis) for days in (30, 60, 90)]
        match self.sort.data:
            case "name":
                return [()] * len(unsafe)
            case "shortfall":
                found = [short, unsafe, *soon]
            case "expiry":
                found = [*soon, unsafe, short]
            case _:
                found = [unsafe, short, *soon]
        return list(zip(*(each.tolist() for each in found), strict=True))


@dataclass(frozen=True, slots=True)
class Together:
    """Rows or columns that are put together: under which name, and how many they are."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class OrganisationGrid:
    """The matrix as it is shown. `families`, `bands`: what columns and rows are put together under, in
    order; one of a blank name where they stand alone. `header`: of the files."""

    competencies: tuple[CompetencyEntry, ...]
    services: tuple[ServiceEntry, ...]
    families: tuple[Together, ...]
    bands: tuple[Together, ...]
    cells: CellGrid
    header: tuple[str, ...]

    @property
    def unsafe(self) -> int:
        """How many cells have a hard stop that is not met."""
        return int((self.cells.state == UNSAFE).sum())

    @property
    def first_unsafe(self) -> ServiceEntry | None:
        """The service with the most of these, where it is not the first one shown; otherwise None."""
        counts = (self.cells.state == UNSAFE).sum(axis=1)
        return self.services[int(counts.argmax())] if counts.any() and counts.argmax() > 0 else None

    def headings(self) -> Markup:
        """The headings of the columns, each linked to its competency."""
        return Drawing(lambda _people: False).headings(self.competencies)

    def drawn(self, hides: Callable[[int], bool]) -> list[tuple[str, Markup]]:
        """For each band its name and the markup of its rows."""
        rows = iter(Drawing(hides).rows(self.services, self.cells))
        return [(band.name, _joined(next(rows) for _row in range(band.count))) for band in self.bands]

    def table(self, hides: Callable[[int], bool]) -> list[tuple[str, ...]]:
        """The rows as text, each with the heading it stands under."""
        rows = Drawing(hides).texts(self.cells)
        names = [band.name for band in self.bands for _row in range(band.count)]
        return [
            (*([name] if name else []), entry.name, *row)
            for name, entry, row in zip(names, self.services, rows, strict=True)
        ]


def _joined(rows: Iterable[str]) -> Markup:
    return Markup("\n".join(rows))  # noqa: S704 - of the drawing, where everything is quoted


def organisation_grid(
    filters: MatrixFilter,
    services: Sequence[ServiceEntry],
    competencies: Sequence[CompetencyEntry],
    cells: CellGrid,
) -> OrganisationGrid:
    """The wanted services and competencies in the order asked for, with their cells."""
    rows = {code: number for number, code in enumerate(cells.services)}
    columns = {code: number for number, code in enumerate(cells.competencies)}
    down = {rows[each.code]: each for each in services if each.code in rows and filters.wants_service(each)}
    across = {columns[each.code]: each for each in competencies if filters.wants_competency(each)}
    left_out = np.ones(cells.state.shape, dtype=np.bool_)
    left_out[np.ix_([*down], [*across])] = False
    if filters.gaps.data:
        left_out |= cells.state == MET
    found = cells.without(left_out) if left_out.any() else cells
    asked = found.state != BLANK
    row_order = _order(
        [number for number, filled in enumerate(asked.any(axis=1).tolist()) if filled],
        filters.weights(found, axis=1),
        {number: each.name.casefold() for number, each in down.items()},
        {number: filters.band_of(each) for number, each in down.items()},
    )
    order = _order(
        [number for number, filled in enumerate(asked.any(axis=0).tolist()) if filled],
        filters.weights(found, axis=0),
        {number: each.title.casefold() for number, each in across.items()},
        {number: filters.family_of(each) for number, each in across.items()},
    )
    shown = tuple(across[number] for number in order)
    return OrganisationGrid(
        competencies=shown,
        services=tuple(down[number] for number in row_order),
        families=_together(map(filters.family_of, shown)),
        bands=_together(filters.band_of(down[number]) for number in row_order),
        cells=found.part(row_order, order),
        header=_header(filters, shown),
    )


def _order(
    filled: Sequence[int],
    weights: Sequence[tuple[int, ...]],
    names: Mapping[int, str],
    under: Mapping[int, Heading],
) -> list[int]:
    """Numbers of the rows or columns with something in them, as they are shown.

    What is put together stands where the first of it would stand alone; last, those of which nothing is
    stated.
    """
    alone = sorted(filled, key=lambda number: (*weights[number], names[number]))
    first: dict[Heading, int] = {}
    for place, number in enumerate(alone):
        first.setdefault(under[number], place)
    return sorted(alone, key=lambda number: (not under[number].stated, first[under[number]]))


def _together(headings: Iterable[Heading]) -> tuple[Together, ...]:
    return tuple(Together(each.name, len(list(found))) for each, found in groupby(headings))


def _header(filters: MatrixFilter, columns: Iterable[CompetencyEntry]) -> tuple[str, ...]:
    bands = {"kind": _("Kind of service"), "region": _("Region"), "organisation": _("Run by")}
    band = bands.get(filters.together.data or "")
    titles = []
    for each in columns:
        family = filters.family_of(each).name
        titles.append(f"{family}: {each.title}" if family else each.title)
    return (*([str(band)] if band else []), gettext("Service"), *titles)
