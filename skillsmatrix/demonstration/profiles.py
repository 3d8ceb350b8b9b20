"""A service profile is a list of requirements with gaps for the service; here the gaps are filled."""

from collections.abc import Iterable, Mapping

from skillsmatrix.demonstration.seedfiles import Row


def profile_rows(
    rows: Iterable[Row], *, service: str, host: str = "", opens_on: str, closes_on: str = ""
) -> list[Row]:
    """The requirements of a profile for one service.

    Rows about the induction of a host are left out where the service has none.
    """
    gaps = {"{service}": service, "{host}": host, "{opens_on}": opens_on, "{closes_on}": closes_on}
    return [_filled(row, gaps) for row in rows if host or "{host}" not in row["competency"]]


def local_competencies(requirements: Iterable[Row], competencies: Mapping[str, Row]) -> list[Row]:
    """The competencies that are tied to a place (`CS-INDL@LARCH`), each made from the one before the @."""
    wanted = sorted({row["competency"] for row in requirements if "@" in row["competency"]})
    return [_for_place(competencies[code.partition("@")[0]], code) for code in wanted]


def _for_place(competency: Row, code: str) -> Row:
    return competency | {"competency": code, "title": f"{competency['title']}: {code.partition('@')[2]}"}


def _filled(row: Row, gaps: Mapping[str, str]) -> Row:
    return {column: _fill(text, gaps) for column, text in row.items()}


def _fill(text: str, gaps: Mapping[str, str]) -> str:
    for gap, value in gaps.items():
        text = text.replace(gap, value)
    return text
