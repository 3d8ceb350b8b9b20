"""The cells of the organisation's matrix as markup and as text, tens of thousands at a time.

What several cells say alike is made once. A row is a heading, four pieces for each cell that says something,
and an end; which pieces, is worked out in arrays, and they are joined once. Everything in them is a number, a
word of ours, escaped, or quoted for an address.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from urllib.parse import quote, urlencode

import numpy as np
from flask import g, request
from markupsafe import Markup, escape
from numpy.typing import NDArray

from skillsmatrix.engine.columns import Numbers
from skillsmatrix.foundation.address_parts import address_part
from skillsmatrix.queries.competencies import CompetencyEntry
from skillsmatrix.queries.organisation_matrix import MET, SHORT, SOON, UNSAFE, CellGrid, Cells
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.web.shared.links import plain_address
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

STATES = {
    "unsafe": _("Not safe"),
    "short": _("Short"),
    "soon": _("Soon short"),
    "met": _("Met"),
}
NAMES = {UNSAFE: "unsafe", SHORT: "short", SOON: "soon", MET: "met"}
END = MET + 1  # what a row says last
NOTHING = b"<td>"  # the end of a cell goes without saying (HTML, 13.1.2.4), and there are many
FEW = 1 << 20  # so many numbers cost less than sorting what they stand for
AT_ONCE = 1_000  # cells, whose markup does not outgrow the memory next to the processor
MOST_KEPT = 1 << 13  # different things that cells say

_Said = tuple[str, str, int, int]  # its word, how its figures are put (blank: held back), held and required


class _Pieces:
    """What markup is put together out of, each piece by its number; 0 is nothing."""

    def __init__(self) -> None:
        self._all = [b""]

    def add(self, made: Iterable[bytes]) -> int:
        """Take these in; the number of the first, which the others follow."""
        first = len(self._all)
        self._all += made
        return first

    def joined(self, numbers: Numbers) -> list[bytes]:
        """The pieces of these numbers in order, joined to blocks."""
        found = np.array(self._all, dtype=np.object_)
        starts = range(0, len(numbers), AT_ONCE)
        return [b"".join(found.take(numbers[at : at + AT_ONCE].ravel()).tolist()) for at in starts]


class Drawing:
    """Draws for one reader on one day; a figure about fewer people than `fewest` is held back."""

    def __init__(self, fewest: int) -> None:
        self._fewest = fewest
        self._words = {number: str(STATES[name]) for number, name in NAMES.items()}
        values = {"held": "{held}", "required": "{required}"}
        figures = gettext("%(held)s of %(required)s", **values)
        more = gettext("%(held)s held, %(required)s needed", **values)  # never "6 of 5"
        self._figures = ("", figures, more)
        day = {} if g.on == g.today else {"on": g.on.isoformat()}
        known = {"known_at": request.args["known_at"]} if request.args.get("known_at") else {}
        self._day, self._suffix = _query(day), escape(_query(day | known)).encode()
        self._base = plain_address("services.index")

    def headings(self, competencies: Sequence[CompetencyEntry]) -> Markup:
        """The heading cells of the columns."""
        base = plain_address("competencies.index")
        parts = (_column(base, each.code, each.title) for each in competencies)
        return Markup("".join(f"{link}{self._day}{title}" for link, title in parts))  # noqa: S704

    def rows(
        self, services: Sequence[ServiceEntry], grid: CellGrid, heights: Iterable[int]
    ) -> list[list[bytes]]:
        """The markup of groups of so many rows, in blocks; each cell leads to the people behind it."""
        cells, width = grid.cells, len(grid.competencies)
        addresses = [_address(self._base, each.code) for each in services]
        headings = [
            b'<tr><th scope="row"><a href="%b%b">%b</a></th>' % (address, self._suffix, _escaped(each.name))
            for address, each in zip(addresses, services, strict=True)
        ]
        targets = [b'/needs/%b%b">' % (_quoted(code), self._suffix) for code in grid.competencies]
        # Each row is a heading, the cells that say something, and an end.
        lasts = np.cumsum(np.bincount(cells.row, minlength=len(services)) + 2) - 1
        firsts = np.append(0, lasts + 1)
        places = np.arange(len(cells)) + 2 * cells.row + 1
        gaps = np.full(firsts[-1], -1)
        gaps[places], gaps[lasts] = cells.column, width
        gaps[1:] -= gaps[:-1] + 1
        pieces = _Pieces()
        numbers = np.zeros((len(gaps), 4), dtype=np.int64)
        numbers[firsts[:-1], 0] = pieces.add(headings) + np.arange(len(services))
        openings = pieces.add(_openings(width))
        numbers[places, 0] = openings + gaps[places] * (END + 1) + cells.state
        numbers[lasts, 0] = openings + gaps[lasts] * (END + 1) + END
        numbers[places, 1] = pieces.add(addresses) + cells.row
        numbers[places, 2] = pieces.add(targets) + cells.column
        said, which = self._said(cells)
        numbers[places, 3] = pieces.add(_content(*each) for each in said) + which
        groups = firsts[np.cumsum([0, *heights])].tolist()
        return [pieces.joined(numbers[start:stop]) for start, stop in pairwise(groups)]

    def texts(self, grid: CellGrid) -> list[list[str]]:
        """The same as text, row by row."""
        said, which = self._said(grid.cells)
        made = np.array([_text(*each) for each in said], dtype=np.object_)
        table: NDArray[np.object_] = np.full(
            (len(grid.services), len(grid.competencies)), "", dtype=np.object_
        )
        table[grid.cells.row, grid.cells.column] = made[which]
        rows: list[list[str]] = table.tolist()
        return rows

    def _said(self, cells: Cells) -> tuple[list[_Said], Numbers]:
        """What the cells that are not empty say, each thing once; and which of it each says."""
        base = int(max(cells.held.max(initial=0), cells.required.max(initial=0))) + 1
        keys = ((cells.held * base + cells.required) * (MET + 1) + cells.state) * 2
        keys, which = _distinct(keys + (cells.in_scope < self._fewest))
        rest, hidden = keys // 2, keys % 2
        counts, state = rest // (MET + 1), rest % (MET + 1)
        held, required = counts // base, counts % base
        figures = np.where(hidden, 0, np.where(held > required, 2, 1))
        columns = (each.tolist() for each in (state, figures, held, required))
        return [
            (self._words[state], self._figures[form], held, required)
            for state, form, held, required in zip(*columns, strict=True)
        ], which


def _query(asked: dict[str, str]) -> str:
    return f"?{urlencode(asked)}" if asked else ""


@lru_cache(maxsize=4)
def _openings(width: int) -> list[bytes]:
    """How a cell begins after so many empty ones in its row, of so many: by their number and its state."""
    starts = [b"", *(f'<td class="{NAMES[state]}"><a href="'.encode() for state in NAMES), b"</tr>\n"]
    return [NOTHING * gap + start for gap in range(width + 1) for start in starts]


@lru_cache
def options(named: frozenset[tuple[str, str]]) -> Markup:
    """The choices of a list by title, out of titles and codes."""
    return Markup("").join(
        Markup('<option value="{}">{}</option>').format(code, title)
        for title, code in sorted(named, key=lambda pair: (pair[0].casefold(), pair[1]))
    )


def _text(word: str, figures: str, held: int, required: int) -> str:
    return f"{word}, {figures.format(held=held, required=required)}" if figures else word


@lru_cache(maxsize=MOST_KEPT)
def _content(word: str, figures: str, held: int, required: int) -> bytes:
    shown = f"<br>{escape(figures.format(held=held, required=required))}" if figures else ""
    return f"{escape(word)}{shown}</a>".encode()


@lru_cache(maxsize=MOST_KEPT)
def _address(base: str, code: str) -> bytes:
    """The address of a service."""
    return f"{base}/{address_part(code)}".encode()


@lru_cache(maxsize=MOST_KEPT)
def _column(base: str, code: str, title: str) -> tuple[str, str]:
    """The heading of a column, before and after the day."""
    return f'<th scope="col"><a href="{base}/{quote(code, safe="")}', f'">{escape(title)}</a></th>'


@lru_cache(maxsize=MOST_KEPT)
def _quoted(code: str) -> bytes:
    return quote(code, safe="").encode()


@lru_cache(maxsize=MOST_KEPT)
def _escaped(text: str) -> bytes:
    return escape(text).encode()


def _distinct(keys: Numbers) -> tuple[Numbers, Numbers]:
    """The different ones in order, and for each key its place among them."""
    size = int(keys.max(initial=0)) + 1
    if size > FEW:
        return np.unique(keys, return_inverse=True)
    places = np.zeros(size, dtype=np.int64)
    places[keys] = 1
    found = np.flatnonzero(places)
    places[found] = np.arange(len(found))
    return found, places[keys]
