"""Rules as they are listed and opened are the rules of the package, whichever way they are read."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from skillsmatrix.domain import records
from skillsmatrix.domain.rule_change import RuleChange, What
from skillsmatrix.foundation.database import reading
from skillsmatrix.queries import rules
from skillsmatrix.queries.rules import requirements_now, rule_row
from skillsmatrix.queries.tables import CODED, StoredTables
from tests.conftest import DEMONSTRATION_DAY
from tests.statements import statements


@pytest.mark.parametrize("table", ["requirements", "competencies"])
def test_a_rule_is_the_row_of_the_package(demonstration: Engine, table: str) -> None:
    with reading(demonstration) as session:
        rows = list(StoredTables(session).rows(table))

        assert rows
        assert [rule_row(session, table, row[CODED[table]]) for row in rows] == rows
        assert rule_row(session, table, "no such code") is None


@pytest.mark.parametrize("days", [-3000, 0, 3000])
def test_those_in_force_or_to_come_are_listed_by_code(demonstration: Engine, days: int) -> None:
    on = DEMONSTRATION_DAY + timedelta(days=days)
    with reading(demonstration) as session:
        every = sorted(
            (records.requirement(row) for row in StoredTables(session).rows("requirements")),
            key=lambda row: row.code,
        )
        wanted = [row for row in every if row.in_force_to is None or row.in_force_to >= on]
        some = wanted[0].competency

        assert requirements_now(session, on=on) == wanted
        assert requirements_now(session, on=on, competency=some) == [
            row for row in wanted if row.competency == some
        ]


def test_listing_them_again_reads_none_of_them(demonstration: Engine) -> None:
    with reading(demonstration) as session:
        requirements_now(session, on=DEMONSTRATION_DAY)
        with statements(demonstration) as said:
            requirements_now(session, on=DEMONSTRATION_DAY)

    assert len(said) == 1
    assert "requirements" not in said[0]


@pytest.mark.parametrize("change", [{"level": 9}, {"service": None, "role": None}, None], ids=str)
def test_a_preview_of_those_concerned_is_one_of_everybody(
    demonstration: Engine, monkeypatch: pytest.MonkeyPatch, change: dict[str, int | None] | None
) -> None:
    """One requirement of each shape: of one service or all, of one role or any, by its kind of cover."""
    with reading(demonstration) as session:
        every = requirements_now(session, on=DEMONSTRATION_DAY)
        shapes = {(row.service is None, row.role is None, row.cover): row.code for row in every}
        assert len(shapes) >= 4
        what = What.END if change is None else What.CHANGE
        changes = [
            RuleChange("requirements", code, what, change or {}, DEMONSTRATION_DAY)
            for code in shapes.values()
        ]
        narrowed = [rules._preview(session, each, DEMONSTRATION_DAY) for each in changes]
        monkeypatch.setattr(rules, "concerned", lambda _session, _change: None)
        whole = [rules._preview(session, each, DEMONSTRATION_DAY) for each in changes]

    assert narrowed == whole
    assert any(day.cover or day.standings for each in whole for day in each.days)
