"""Completions put right and taken back through the pages."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine, select

from skillsmatrix.foundation.database import reading
from skillsmatrix.models import EarlierVersion, Learning, Staff
from tests.web.conftest import CheckedClient

Browsers = Callable[[str], CheckedClient]


def first_of(engine: Engine, staff: str) -> tuple[int, str, date]:
    """Number, version and day of a person's first completion."""
    with reading(engine) as session:
        row = session.scalars(
            select(Learning).join(Staff, Staff.id == Learning.staff_id).where(Staff.code == staff)
        ).first()
        assert row is not None
        return row.id, row.version_from.isoformat(), row.completed_on


def test_a_wrong_day_is_put_right_and_the_old_one_kept(browser_of: Browsers, world_engine: Engine) -> None:
    number, version, before = first_of(world_engine, "sid")
    fields = {"decision": "correct", "completed_on": "1/2/2026", "reason": "Read wrongly"}

    response = browser_of("hr").send(f"/people/sid/learning/{number}", **fields, version=version)
    late = browser_of("hcp").send(f"/people/sid/learning/{number}", **fields, version=version)

    assert (response.status_code, late.status_code) == (302, 409)
    assert first_of(world_engine, "sid")[2] == date(2026, 2, 1)
    with reading(world_engine) as session:
        kept = session.scalars(select(EarlierVersion).where(EarlierVersion.table_name == "learning")).one()
        assert (kept.reason, before.isoformat() in kept.row) == ("Read wrongly", True)


def test_what_never_was_is_taken_back_with_a_reason(browser_of: Browsers, world_engine: Engine) -> None:
    number, version, before = first_of(world_engine, "sid")
    path = f"/people/sid/learning/{number}"
    fields = {"decision": "void", "completed_on": before.isoformat(), "version": version}
    client = browser_of("hr")

    silent = client.send(path, **fields)
    client.send(path, **fields, reason="Another person's")

    assert "Say why" in silent.text
    assert client.get(path).status_code == 404


def test_the_number_of_somebody_elses_completion_is_not_there(
    browser_of: Browsers, world_engine: Engine
) -> None:
    number, _version, _day = first_of(world_engine, "sid")

    assert browser_of("hr").get(f"/people/ada/learning/{number}").status_code == 404
