"""The cells of the organisation's matrix as markup and as text, tens of thousands at a time.

Cells that say the same are made once; a row is put together out of what is ready. Everything in it is a
number, a word of ours, escaped, or quoted for an address.
"""

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote, urlencode

import numpy as np
from flask import g, request, url_for
from markupsafe import Markup, escape
from numpy.typing import NDArray

from skillsmatrix.foundation.address_parts import address_part
from skillsmatrix.queries.competencies import CompetencyEntry
from skillsmatrix.queries.organisation_matrix import BLANK, MET, SHORT, SOON, UNSAFE, CellGrid
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

STATES = {
    "unsafe": _("Not safe"),
    "short": _("Short"),
    "soon": _("Soon short"),
    "met": _("Met"),
}
NAMES = {UNSAFE: "unsafe", SHORT: "short", SOON: "soon", MET: "met"}
NOTHING = "<td>"  # the end of a cell goes without saying (HTML, 13.1.2.4), and there are many
FEW = 1 << 20  # so many flags cost less than sorting what they stand for
PLACE = "\0"  # where the address of the row goes; no text that reaches a page holds it

_Content = tuple[int, int, int, bool]  # state, held, required, and whether the figures are held back


class Drawing:
    """Draws for one reader on one day; `hides`: a figure about so many people is held back."""

    def __init__(self, hides: Callable[[int], bool]) -> None:
        self._hides = hides
        self._words = {number: str(STATES[name]) for number, name in NAMES.items()}
        self._figures = gettext("%(held)s of %(required)s", held="{held}", required="{required}")
        self._more = gettext("%(held)s held, %(required)s needed", held="{held}", required="{required}")
        asked = {} if g.on == g.today else {"on": g.on.isoformat()}
        self._day = f"?{urlencode(asked)}" if asked else ""
        if request.args.get("known_at"):
            asked["known_at"] = request.args["known_at"]
        self._suffix = str(escape(f"?{urlencode(asked)}")) if asked else ""

    def headings(self, competencies: Sequence[CompetencyEntry]) -> Markup:
        """The heading cells of the columns."""
        base = url_for("competencies.index")
        drawn = (
            f'<th scope="col"><a href="{base}/{quote(each.code, safe="")}{self._day}">'
            f"{escape(each.title)}</a></th>"
            for each in competencies
        )
        return Markup("".join(drawn))  # noqa: S704

    def rows(self, services: Sequence[ServiceEntry], cells: CellGrid) -> Iterator[str]:
        """The markup of each row, with its heading; each cell leads to the people behind it."""
        base = url_for("services.index")
        middles = [f'{quote(code, safe="")}{self._suffix}">' for code in cells.competencies]
        openings, contents, ends = self._openings(cells), self._contents(cells), self._ends(cells)
        rows, columns = np.nonzero(cells.state)
        pieces = [""] * (3 * len(rows))
        pieces[0::3] = openings
        pieces[1::3] = [middles[column] for column in columns.tolist()]
        pieces[2::3] = contents
        first = (3 * np.searchsorted(rows, np.arange(len(services) + 1))).tolist()
        for number, entry in enumerate(services):
            address = f"{base}/{address_part(entry.code)}"
            drawn = "".join(pieces[first[number] : first[number + 1]])
            yield (
                f'<tr><th scope="row"><a href="{address}{self._suffix}">{escape(entry.name)}</a></th>'
                f"{drawn.replace(PLACE, address)}{ends[number]}</tr>"
            )

    def texts(self, cells: CellGrid) -> list[list[str]]:
        """The same as text, row by row."""
        said, which = self._said(cells)
        made = [self._text(*each) for each in said]
        texts = iter([made[number] for number in which])
        return [[next(texts) if state else "" for state in row] for row in cells.state.tolist()]

    def _openings(self, cells: CellGrid) -> list[str]:
        """Of each cell that says something: the empty ones before it in its row, and its own start."""
        rows, columns = np.nonzero(cells.state)
        gaps: NDArray[np.int64] = np.diff(columns, prepend=-1) - 1
        begins = np.diff(rows, prepend=-1) > 0
        gaps[begins] = columns[begins]
        opened, which = _distinct(gaps * (MET + 1) + cells.state[rows, columns])
        made = [
            f'{NOTHING * (each // (MET + 1))}<td class="{NAMES[each % (MET + 1)]}"><a href="{PLACE}/needs/'
            for each in opened.tolist()
        ]
        return [made[number] for number in which.tolist()]

    def _ends(self, cells: CellGrid) -> list[str]:
        """The empty cells at the end of each row."""
        width = cells.state.shape[1]
        trailing = np.argmax(cells.state[:, ::-1] != BLANK, axis=1) if width else np.zeros(len(cells.state))
        empty = (cells.state == BLANK).all(axis=1)
        return [NOTHING * int(width if none else count) for none, count in zip(empty, trailing, strict=True)]

    def _contents(self, cells: CellGrid) -> list[str]:
        """Of each cell that says something: its word, its figures, and its end."""
        said, which = self._said(cells)
        words = {number: str(escape(word)) for number, word in self._words.items()}
        made = [
            f"{words[state]}{'' if hidden else f'<br>{escape(self._counts(held, required))}'}</a>"
            for state, held, required, hidden in said
        ]
        return [made[number] for number in which]

    def _said(self, cells: CellGrid) -> tuple[list[_Content], list[int]]:
        """What the cells that are not empty say, each thing once; and which of it each says, row by row."""
        asked = cells.state != BLANK
        state, held, required, people = (
            table[asked].astype(np.int64)
            for table in (cells.state, cells.held, cells.required, cells.in_scope)
        )
        hidden = self._hidden(people)
        base = int(max(held.max(initial=0), required.max(initial=0))) + 1
        keys = ((held * base + required) * (MET + 1) + state) * 2 + hidden
        keys, which = _distinct(keys)
        rest, hidden = keys // 2, (keys % 2).astype(np.bool_)
        counts, state = rest // (MET + 1), rest % (MET + 1)
        columns = (state, counts // base, counts % base, hidden)
        return list(zip(*(column.tolist() for column in columns), strict=True)), which.tolist()

    def _hidden(self, people: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Of which counts of people no figure may be read."""
        there = np.flatnonzero(np.bincount(people))
        hides = np.zeros(int(there.max(initial=0)) + 1, dtype=np.bool_)
        hides[there] = [self._hides(number) for number in there.tolist()]
        return hides[people]

    def _text(self, state: int, held: int, required: int, hidden: bool) -> str:
        word = self._words[state]
        return word if hidden else f"{word}, {self._counts(held, required)}"

    def _counts(self, held: int, required: int) -> str:
        """ "3 of 5"; more than are needed are never "6 of 5"."""
        return (self._more if held > required else self._figures).format(held=held, required=required)


def _distinct(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different ones in order, and for each key its place among them."""
    size = int(keys.max(initial=0)) + 1
    if size > FEW:
        return np.unique(keys, return_inverse=True)
    there = np.zeros(size, dtype=np.bool_)
    there[keys] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[keys]
