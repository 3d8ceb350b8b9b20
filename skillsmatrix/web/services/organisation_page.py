"""What the matrix of the whole organisation is given: services × competencies, the worst at the top left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from flask import g, url_for
from markupsafe import Markup, escape
from wtforms import BooleanField, SearchField, SelectField

from skillsmatrix.queries.competencies import CompetencyEntry
from skillsmatrix.queries.organisation_matrix import MatrixCell
from skillsmatrix.queries.people import folded
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.web.shared.forms import FilterForm, choices
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

Cells = Mapping[str, Mapping[str, MatrixCell]]

STATES = {
    "unsafe": _("Not safe"),
    "short": _("Short"),
    "soon": _("Runs out"),
    "met": _("Met"),
}
MEANINGS = {
    "unsafe": _("A hard stop is not met: the service must not run this activity"),
    "short": _("Fewer people hold it than are needed"),
    "soon": _("Enough hold it, and within 90 days too few will when nothing is renewed"),
    "met": _("Enough people hold it"),
}


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
    organisation = SelectField(
        _("Run by"), choices=choices([("", _("All organisations"))]), validate_choice=False
    )
    together = SelectField(
        _("Put services together by"),
        choices=choices([("", _("Nothing")), ("kind", _("Kind")), ("organisation", _("Organisation"))]),
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
            (self.kind, {(each.kind, each.kind.capitalize()) for each in listed if each.kind}),
            (self.organisation, {(each.organisation, each.organisation_name) for each in listed}),
            (self.group, {(each.group, each.group) for each in asked if each.group}),
            (self.framework, {(each.framework, each.framework) for each in asked if each.framework}),
        ):
            pairs = sorted(found, key=lambda pair: pair[1].casefold())
            field.choices = [*field.choices, *choices(pairs)]

    def wants_service(self, entry: ServiceEntry) -> bool:
        """Is the service one of those asked for."""
        return (not self.kind.data or entry.kind == self.kind.data) and (
            not self.organisation.data or entry.organisation == self.organisation.data
        )

    def wants_competency(self, entry: CompetencyEntry) -> bool:
        """Is the competency one of those asked for."""
        return (
            folded(self.q.data or "") in folded(f"{entry.title} {entry.code}")
            and (not self.group.data or entry.group == self.group.data)
            and (not self.framework.data or entry.framework == self.framework.data)
        )

    def band_of(self, entry: ServiceEntry) -> str:
        """What a service is put under; blank where services stand alone."""
        match self.together.data:
            case "kind":
                return (entry.kind or gettext("No kind stated")).capitalize()
            case "organisation":
                return entry.organisation_name
            case _:
                return ""

    def family_of(self, entry: CompetencyEntry) -> str:
        """What a competency is put under; blank where competencies stand alone."""
        match self.columns.data:
            case "group":
                return entry.group or gettext("No group stated")
            case "framework":
                return entry.framework or gettext("No framework stated")
            case _:
                return ""

    def weight(self, cells: Iterable[MatrixCell]) -> tuple[int, ...]:
        """Sort key of a row or a column by what is in its cells; the smallest comes first."""
        found = list(cells)
        unsafe = -sum(cell.unsafe for cell in found)
        short = -sum(cell.shortfall for cell in found)
        soon = tuple(-sum(cell.short_in == days for cell in found) for days in (30, 60, 90))
        match self.sort.data:
            case "name":
                return ()
            case "shortfall":
                return (short, unsafe, *soon)
            case "expiry":
                return (*soon, unsafe, short)
            case _:
                return (unsafe, short, *soon)


@dataclass(frozen=True, slots=True)
class Row:
    """One service; `cells` is the markup of what was `found` in each column."""

    entry: ServiceEntry
    href: str
    found: tuple[MatrixCell | None, ...]
    cells: Markup


@dataclass(frozen=True, slots=True)
class Band:
    """Services that are put together; `name` is blank where nothing is."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Competencies that are put together, and how many columns they take."""

    name: str
    columns: int


@dataclass(frozen=True, slots=True)
class OrganisationGrid:
    """The matrix as it is shown. `families`: none where competencies stand alone; `header`: of the files."""

    competencies: tuple[CompetencyEntry, ...]
    families: tuple[Family, ...]
    bands: tuple[Band, ...]
    services: int
    unsafe: int
    header: tuple[str, ...]

    def table(self, hides: Callable[[int], bool]) -> list[tuple[str, ...]]:
        """The rows as text, each with the heading it stands under."""
        draw = _Drawing(hides)
        return [
            (*([band.name] if band.name else []), row.entry.name, *map(draw.text, row.found))
            for band in self.bands
            for row in band.rows
        ]


def state_of(cell: MatrixCell) -> str:
    """The one word for a cell."""
    if cell.unsafe:
        return "unsafe"
    if cell.shortfall:
        return "short"
    return "soon" if cell.short_in > 0 else "met"


def organisation_grid(
    filters: MatrixFilter,
    services: Sequence[ServiceEntry],
    competencies: Sequence[CompetencyEntry],
    cells: Cells,
    hides: Callable[[int], bool],
) -> OrganisationGrid:
    """The wanted services and competencies in the order asked for, each with its cells."""
    codes = {each.code for each in competencies if filters.wants_competency(each)}
    wanted: dict[str, dict[str, MatrixCell]] = {}
    for entry in services:
        if filters.wants_service(entry):
            row = {code: cell for code, cell in cells.get(entry.code, {}).items() if code in codes}
            if filters.gaps.data:
                row = {code: cell for code, cell in row.items() if state_of(cell) != "met"}
            wanted[entry.code] = row
    rows = [entry for entry in services if wanted.get(entry.code)]
    rows.sort(key=lambda entry: (*filters.weight(wanted[entry.code].values()), entry.name.casefold()))
    columns = _columns(filters, competencies, wanted)
    return OrganisationGrid(
        competencies=tuple(columns),
        families=_families(filters, columns),
        bands=_bands(filters, rows, columns, wanted, _Drawing(hides)),
        services=len(rows),
        unsafe=sum(cell.unsafe for row in wanted.values() for cell in row.values()),
        header=_header(filters, columns),
    )


def _columns(
    filters: MatrixFilter, competencies: Sequence[CompetencyEntry], wanted: Cells
) -> list[CompetencyEntry]:
    by_competency: dict[str, list[MatrixCell]] = {}
    for row in wanted.values():
        for code, cell in row.items():
            by_competency.setdefault(code, []).append(cell)
    found = [each for each in competencies if each.code in by_competency]
    found.sort(key=lambda each: (*filters.weight(by_competency[each.code]), each.title.casefold()))
    families = list(dict.fromkeys(map(filters.family_of, found)))  # where its first competency would stand
    return sorted(found, key=lambda each: families.index(filters.family_of(each)))


def _families(filters: MatrixFilter, columns: Iterable[CompetencyEntry]) -> tuple[Family, ...]:
    """What stands above the columns, from left to right; nothing where nothing is put together."""
    named = groupby(filters.family_of(each) for each in columns)
    return tuple(Family(name, len(list(found))) for name, found in named if name)


def _header(filters: MatrixFilter, columns: Iterable[CompetencyEntry]) -> tuple[str, ...]:
    band = {"kind": _("Kind of service"), "organisation": _("Run by")}.get(filters.together.data or "")
    titles = []
    for each in columns:
        family = filters.family_of(each)
        titles.append(f"{family}: {each.title}" if family else each.title)
    return (*([str(band)] if band else []), gettext("Service"), *titles)


def _bands(
    filters: MatrixFilter,
    rows: Sequence[ServiceEntry],
    columns: Sequence[CompetencyEntry],
    wanted: Cells,
    draw: "_Drawing",
) -> tuple[Band, ...]:
    suffix = "" if g.on == g.today else f"?on={g.on.isoformat()}"
    bands: dict[str, list[Row]] = {}
    asked_for = [(each.code, quote(each.code, safe="")) for each in columns]
    for entry in rows:
        href = url_for("services.show", code=entry.code)
        found = tuple(wanted[entry.code].get(code) for code, _quoted in asked_for)
        need = f"{escape(href)}/needs/"
        drawn = [
            draw.cell(cell, f"{need}{quoted}{suffix}")
            for cell, (_code, quoted) in zip(found, asked_for, strict=True)
        ]
        # Every part of it is a number, a word of ours, or quoted.
        markup = Markup("".join(drawn))  # noqa: S704
        bands.setdefault(filters.band_of(entry), []).append(Row(entry, f"{href}{suffix}", found, markup))
    return tuple(Band(name, tuple(found)) for name, found in bands.items())


class _Drawing:
    """Cells as markup and as text; what many cells have in common is made once."""

    def __init__(self, hides: Callable[[int], bool]) -> None:
        self._hides = hides
        self._words = {state: str(word) for state, word in STATES.items()}
        self._made: dict[tuple[str, int, int, bool], tuple[str, str]] = {}

    def cell(self, cell: MatrixCell | None, href: str) -> str:
        """One table cell, linked to the people behind it."""
        if cell is None:
            return '<td class="app-cell app-cell--none"></td>'
        before, after = self._parts(cell)
        return f"{before}{href}{after}"

    def text(self, cell: MatrixCell | None) -> str:
        """The same as text."""
        if cell is None:
            return ""
        word = self._words[state_of(cell)]
        return word if self._hides(cell.in_scope) else f"{word}, {self._figures(cell.held, cell.required)}"

    def _parts(self, cell: MatrixCell) -> tuple[str, str]:
        key = (state_of(cell), cell.held, cell.required, self._hides(cell.in_scope))
        if key not in self._made:
            state, held, required, hidden = key
            figures = "" if hidden else self._figures(held, required)
            word = f'<span class="app-cell__word">{escape(self._words[state])}</span>'
            detail = f'<span class="app-cell__detail">{escape(figures)}</span>'
            self._made[key] = (
                f'<td class="app-cell pages-cover--{state}"><a class="app-cell__open" href="',
                f'">{word}</a>{detail}</td>',
            )
        return self._made[key]

    def _figures(self, held: int, required: int) -> str:
        return gettext("%(held)s of %(required)s", held=held, required=required)
