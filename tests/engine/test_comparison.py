"""Two images side by side say what their own answers say, one by one."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine

from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.engine.comparison import ServiceCover, SideBySide, cover_by_service, team_sizes
from skillsmatrix.engine.image import Image
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.what_if import what_if
from tests.contract.stored import import_from, write
from tests.databases import SqliteDatabases, migrate
from tests.oracle.form import Tables
from tests.oracle.packages import edge_days, random_package
from tests.queries.test_what_if import KINDS

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
Key = tuple[str, str]


@pytest.fixture
def tables() -> Tables:
    return random_package(21)


@pytest.fixture
def filled(sqlite_engine: Engine, tables: Tables, tmp_path: Path) -> Engine:
    import_from(write(tables, tmp_path / "package"), sqlite_engine, at=AT)
    with writing(sqlite_engine) as session:
        rebuild(session, by="test", at=AT)
    return sqlite_engine


def lines(image: Image, on: date) -> dict[Key, CoverLine]:
    return {(line.service, line.requirement.code): line for line in image.cover(on=on)}


def figures(line: CoverLine | None) -> tuple[int, int, int, bool] | None:
    if line is None:
        return None
    return line.in_scope, line.required, line.held, line.single_point_of_failure


def asked_and_held(image: Image, on: date) -> dict[Key, tuple[int, int]]:
    return {key: (line.required, line.held) for key, line in lines(image, on).items()}


def first_short(image: Image, days: list[date]) -> dict[Key, date]:
    found: dict[Key, date] = {}
    for on in days:
        for key, line in lines(image, on).items():
            if not line.met:
                found.setdefault(key, on)
    return found


@pytest.mark.parametrize("draw", KINDS)
def test_the_lines_that_differ_are_those_whose_own_answers_differ(
    filled: Engine, tables: Tables, draw: object
) -> None:
    random = Random(3)  # noqa: S311 - drawn from a seed on purpose
    change = draw(random, tables)[0]  # type: ignore[operator]
    days = sorted(random.sample(edge_days(tables), 5))
    with reading(filled) as session:
        before = current(session)
        after = what_if(session, before, [change])
    beside = SideBySide(before, after, renamed={}, days=days, today=days[-1])

    for on in days:
        old, new = lines(before, on), lines(after, on)
        expected = {
            key: (old.get(key), new.get(key))
            for key in old.keys() | new.keys()
            if figures(old.get(key)) != figures(new.get(key))
        }
        found = beside.changed(on=on, supervision_on=None, services=None)
        assert {
            (each.service, each.requirement.code): (each.before, each.after) for each in found
        } == expected
    was, will_be = first_short(before, days), first_short(after, days)
    expected_days = {
        key: (was.get(key), will_be.get(key))
        for key in was.keys() | will_be.keys()
        if was.get(key) != will_be.get(key)
    }
    assert beside.first_differing(None) == next(
        (on for on in days if asked_and_held(before, on) != asked_and_held(after, on)), None
    )
    moved = {
        (each.service, each.requirement.code): (each.before, each.after) for each in beside.first_short(None)
    }
    assert moved == expected_days


def test_figures_of_a_service_add_up_its_lines(filled: Engine, tables: Tables) -> None:
    on = edge_days(tables)[20]
    with reading(filled) as session:
        image = current(session)
    expected: dict[str, list[CoverLine]] = {}
    for line in image.cover(on=on):
        expected.setdefault(line.service, []).append(line)

    assert cover_by_service(image, on=on, supervision_on=None) == {
        code: ServiceCover(
            lines=len(several),
            hard_stops=sum(line.unsafe for line in several),
            short=sum(not line.met for line in several),
            missing=sum(line.shortfall for line in several),
        )
        for code, several in expected.items()
    }
    sizes = team_sizes(image, on=on)
    assert all(sizes[code] == image.in_post(on, code).sum() for code in image.catalogue.service_codes)


def test_only_the_services_asked_for_are_compared(filled: Engine, tables: Tables) -> None:
    random = Random(3)  # noqa: S311 - drawn from a seed on purpose
    change = KINDS[4](random, tables)[0]
    days = [date(2025, 3, 1) + timedelta(days=number) for number in range(3)]
    with reading(filled) as session:
        before = current(session)
        after = what_if(session, before, [change])
    beside = SideBySide(before, after, renamed={}, days=days, today=days[0])
    everywhere = beside.changed(on=days[0], supervision_on=None, services=None)
    one = everywhere[0].service

    found = beside.changed(on=days[0], supervision_on=None, services={one})

    assert found == [each for each in everywhere if each.service == one]
    assert {each.service for each in beside.first_short({one})} <= {one}
    assert beside.changed(on=days[0], supervision_on=None, services=set()) == []


def test_where_nothing_was_asked_for_every_line_is_new(
    filled: Engine, tables: Tables, sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    with reading(filled) as session:
        after = current(session)
    on = max(edge_days(tables), key=lambda day: len(lines(after, day)))
    with sqlite_databases.copy(sqlite_databases.template("migrated", migrate)) as url:
        engine = make_engine(url)
        import_from(write({**tables, "requirements": []}, tmp_path / "asks for nothing"), engine, at=AT)
        with writing(engine) as session:
            rebuild(session, by="test", at=AT)
        with reading(engine) as session:
            before = current(session)
        engine.dispose()
    beside = SideBySide(before, after, renamed={}, days=[on], today=on)

    found = beside.changed(on=on, supervision_on=None, services=None)

    assert {(each.service, each.requirement.code) for each in found} == lines(after, on).keys()
    assert found
    assert all(each.before is None for each in found)
