"""The limit for a loop over the same columns: one pass in C, compiled where there is a compiler."""

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.engine.image import Image

SOURCE = r"""
#include <stdint.h>
#include <string.h>

typedef struct { int64_t rows; const uint16_t *first, *last; } stretches;

static int on(stretches s, int64_t at, int day) { return s.first[at] <= day && day <= s.last[at]; }

void matrix(int day, stretches held, const uint16_t *valid_to, const int32_t *line,
            stretches lapses, const int64_t *lapsed_row, uint8_t *lapsed,
            stretches teams, const int32_t *team, int32_t *size, int64_t how_many_teams,
            stretches exempt, const int32_t *exempt_line, int32_t *excused,
            stretches lines, const int64_t *team_of, const int32_t *share, const int32_t *fixed,
            const uint8_t *each, const uint8_t *named, int32_t *answer)
{
    memset(lapsed, 0, held.rows);
    memset(size, 0, how_many_teams * sizeof *size);
    memset(excused, 0, lines.rows * sizeof *excused);
    memset(answer, 0, lines.rows * 7 * sizeof *answer);
    for (int64_t at = 0; at < lapses.rows; at++) if (on(lapses, at, day)) lapsed[lapsed_row[at]] = 1;
    for (int64_t at = 0; at < teams.rows; at++) size[team[at]] += on(teams, at, day);
    for (int64_t at = 0; at < exempt.rows; at++) excused[exempt_line[at]] += on(exempt, at, day);
    for (int64_t at = 0; at < held.rows; at++) {
        if (!on(held, at, day) || lapsed[at]) continue;
        int32_t *row = answer + 7 * line[at];
        int left = valid_to[at] - day;
        row[3]++; row[4] += left <= 30; row[5] += left <= 60; row[6] += left <= 90;
    }
    for (int64_t at = 0; at < lines.rows; at++) {
        int32_t *row = answer + 7 * at;
        row[1] = size[team_of[at]];
        row[2] = (share[at] * row[1] + 99) / 100 + fixed[at] - each[at] * excused[at];
        row[0] = on(lines, at, day) && (named[at] || row[1] > 0);
    }
}
"""


class Stretches(ctypes.Structure):
    """As in the source."""

    _fields_ = (("rows", ctypes.c_int64), ("first", ctypes.c_void_p), ("last", ctypes.c_void_p))


class NoCompiler(RuntimeError):
    """This machine has no C compiler."""


class CompiledLoop:
    """The counts of every line on a day, from the columns of an image."""

    name = "compiled loop over the same columns"
    columns = ("shown", "in_scope", "required", "held", "expiring_30", "expiring_60", "expiring_90")

    def __init__(self, image: Image, folder: Path) -> None:
        self._matrix = _compiled(folder)
        columns, lines = image.columns, image.catalogue.lines
        self._kept: list[NDArray[Any]] = []  # the pointers below point into these
        self.answer = np.zeros((len(lines), 7), dtype=np.int32)
        lapses = image.held_lapses
        self._arguments = (
            self._stretches(columns.held.starts_on, columns.held.ends_on),
            self._at(columns.held.valid_to),
            self._at(columns.held.line),
            self._stretches(lapses.starts_on, lapses.ends_on),
            self._at(lapses.row),
            self._at(np.zeros(len(columns.held), dtype=np.uint8)),
            self._stretches(columns.teams.starts_on, columns.teams.ends_on),
            self._at(columns.teams.team),
            self._at(np.zeros(lines.teams, dtype=np.int32)),
            ctypes.c_int64(lines.teams),
            self._stretches(columns.exempt.starts_on, columns.exempt.ends_on),
            self._at(columns.exempt.line),
            self._at(np.zeros(len(lines), dtype=np.int32)),
            self._stretches(lines.starts_on, lines.ends_on),
            self._at(lines.team),
            self._at(lines.share),
            self._at(lines.fixed),
            self._at(lines.each),
            self._at(lines.named),
            self._at(self.answer),
        )

    def matrix(self, day: int) -> NDArray[np.int32]:
        """Shown, in scope, required, held, and held for no more than 30, 60 and 90 days, line by line."""
        self._matrix(ctypes.c_int(day), *self._arguments)
        return self.answer

    def _at(self, column: NDArray[Any]) -> ctypes.c_void_p:
        column = np.ascontiguousarray(column)
        self._kept.append(column)
        return ctypes.c_void_p(column.ctypes.data)

    def _stretches(self, first: NDArray[Any], last: NDArray[Any]) -> Stretches:
        return Stretches(len(first), self._at(first), self._at(last))


def _compiled(folder: Path) -> Any:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise NoCompiler("no C compiler on this machine")
    source, library = folder / "loop.c", folder / "loop.so"
    source.write_text(SOURCE)
    subprocess.run([compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", library, source], check=True)
    return ctypes.CDLL(str(library)).matrix
