"""Where a service lies: kept beside the packages, which neither give nor take it, and never lost to one."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, inspect, select, text

from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.foundation.migrations import migrate, unmigrate
from skillsmatrix.models import AuditEntry, EarlierVersion, Service
from skillsmatrix.operations.services import ServicePlan, correct_service
from skillsmatrix.queries.access import ALL
from skillsmatrix.queries.services import regions, service_entries
from skillsmatrix.queries.tables import StoredTables, package_columns
from tests.facts import a_whole_record
from tests.operations.importing import LATER, exported, imported, one, read

AFTERWARDS = LATER + timedelta(days=1)
PLAN = ServicePlan(
    name="Elm House", opens_on=None, successor_id=None, escalation_contact=None, region="The Fens"
)


def correct(engine: Engine, plan: ServicePlan) -> bool:
    """Lay it down for the service `elm` of the sound package, on the day after it was imported."""
    with writing(engine) as session:
        elm = session.scalars(select(Service).where(Service.code == "elm")).one()
        return correct_service(
            session,
            service_id=elm.id,
            plan=plan,
            version=elm.version_from,
            reason="Asked for by the board",
            by="account:1",
            at=LATER,
        )


def test_stating_a_region_writes_what_it_was_and_why_to_the_log(engine: Engine, tmp_path: Path) -> None:
    imported(engine, read(tmp_path, {}))
    assert correct(engine, PLAN)
    assert not correct(engine, PLAN)
    assert correct(engine, replace(PLAN, region="London"))

    with reading(engine) as session:
        lines = session.scalars(
            select(AuditEntry).where(AuditEntry.kind == "service_corrected").order_by(AuditEntry.id)
        ).all()
        assert [(line.by, line.at) for line in lines] == [("account:1", LATER)] * 2
        assert [(line.before, line.after) for line in lines] == [
            ('{"region":null}', '{"reason":"Asked for by the board","region":"The Fens"}'),
            ('{"region":"The Fens"}', '{"reason":"Asked for by the board","region":"London"}'),
        ]
        assert regions(session) == ["London"]
        assert [entry.region for entry in service_entries(session, ALL)] == ["London"]


def test_an_import_that_corrects_a_service_leaves_its_region(engine: Engine, tmp_path: Path) -> None:
    imported(engine, read(tmp_path / "first", {}))
    correct(engine, PLAN)
    renamed = "service,name,organisation,kind\nelm,The Elms,trust,\n"

    counts = imported(engine, read(tmp_path / "second", {"services": renamed}), at=AFTERWARDS)

    assert counts["services"].corrected == 1
    elm = one(engine, Service)
    assert (elm.name, elm.region) == ("The Elms", "The Fens")
    versions = [
        json.loads(one(engine, EarlierVersion, known_to=instant).row) for instant in (LATER, AFTERWARDS)
    ]
    assert [(row["name"], row["region"]) for row in versions] == [
        ("Elm House", None),
        ("Elm House", "The Fens"),
    ]


def test_an_export_is_the_same_byte_for_byte_with_a_region_and_without(
    engine: Engine, tmp_path: Path
) -> None:
    imported(engine, read(tmp_path / "package", {}))
    without = exported(engine, tmp_path / "without")
    correct(engine, PLAN)

    assert exported(engine, tmp_path / "with") == without
    assert "region" not in {column.name for column in package_columns("services")}


def test_a_version_written_before_there_were_regions_is_read_as_it_was(
    engine: Engine, tmp_path: Path
) -> None:
    imported(engine, read(tmp_path, {}))
    correct(engine, replace(PLAN, name="The Elms"))
    with writing(engine) as session:
        version = session.scalars(select(EarlierVersion)).one()
        row = json.loads(version.row)
        del row["region"]
        version.row = json.dumps(row)

    with reading(engine) as session:
        believed = [
            [row["name"] for row in StoredTables(session, known_at=instant).rows("services")]
            for instant in (LATER - timedelta(hours=1), LATER)
        ]
    assert believed == [["Elm House"], ["The Elms"]]


def test_the_step_that_brings_regions_goes_down_and_up_over_a_filled_database(
    empty_database_url: str,
) -> None:
    migrate(empty_database_url)
    engine = make_engine(empty_database_url)
    with writing(engine) as session:
        a_whole_record(session)["service"].region = "The Fens"
    stored = "SELECT id, code, name, opens_on, recorded_by FROM services"
    with engine.connect() as connection:
        before = connection.execute(text(stored)).all()
    engine.dispose()

    unmigrate(empty_database_url, "0009")
    engine = make_engine(empty_database_url)
    with engine.connect() as connection:
        assert connection.execute(text(stored)).all() == before
        assert "region" not in {column["name"] for column in inspect(connection).get_columns("services")}
    engine.dispose()

    migrate(empty_database_url)
    engine = make_engine(empty_database_url)
    with reading(engine) as session:
        house = session.scalars(select(Service)).one()
        assert (house.code, house.region) == ("HOUSE", None)
        assert session.execute(text("SELECT count(*) FROM posts WHERE service_id = 1")).scalar() == 1
    engine.dispose()
