"""One size, S or M, whole: stored in the product, asked in every way, written to."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from sqlalchemy import Engine, insert, select, update

from benchmarks import facts
from benchmarks.answer import Answer
from benchmarks.compiled import CompiledLoop, NoCompiler
from benchmarks.data import NOW, SIZES, TODAY, Table, generate
from benchmarks.frames import DuckContributions, DuckFacts, Pandas
from benchmarks.orm import OrmLoops
from benchmarks.pages import Database, pages
from benchmarks.product import AT, ProductImage, Writes, agrees_with_the_rules, day_of, questions
from benchmarks.report import Section, bar, circumstances, milliseconds, times
from benchmarks.sql import Postgresql, Sqlite
from benchmarks.timing import in_turn, sample
from benchmarks.tuned import DAYS, tuned
from skillsmatrix.engine.image import Image
from skillsmatrix.foundation import migrations
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.foundation.processes import cores
from skillsmatrix.models import KeptCatalogue, KeptConclusions, Ledger
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.queries.conclusions import current
from tests.postgres import Server

SAMPLE_OF_SERVICES = 6
WRITES = 60  # of which a few change a cell
BARS = {"pandas": 50, "DuckDB over contributions": 15, "SQL over facts, SQLite": 200}
BARS |= {"SQL over facts, PostgreSQL": 200, "ORM objects in loops": 5_000}


@dataclass
class Bench:
    """Where to work, and how long."""

    folder: Path
    postgresql: Server | None
    rounds: int
    orm: bool
    worked_out: int = 200
    images: dict[str, Image] = field(default_factory=dict)
    matrices: dict[str, float] = field(default_factory=dict)


def say(text: str) -> None:
    """Progress."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def measured(bench: Bench, size: str) -> list[Section]:
    """Everything about one size."""
    begun = circumstances(bench.rounds)
    tables = generate(SIZES[size])
    engine, image, setting_up = stored(bench, size, tables)
    say(f"{size}: comparing the image with the rules on a sample of services")
    workforce = facts.workforce(tables)
    services = sorted(workforce.requirements.services)
    some = services[:: max(len(services) // SAMPLE_OF_SERVICES, 1)][:SAMPLE_OF_SERVICES]
    if not agrees_with_the_rules(image, workforce, some, DAYS):
        raise SystemExit("the image and the rules disagree: nothing was timed")
    del workforce
    section = Section(f"{size}: one matrix, any day")
    section.say(f"{_sizes(tables, image)} {setting_up} {begun}")
    _ways(bench, size, section, tables, engine, image)
    asked = _questions(bench, size, image, engine)
    databases = [("SQLite", engine, None)]
    if bench.postgresql is not None:
        databases.append(("PostgreSQL", _on_postgresql(bench.postgresql, size, engine), _postmaster(bench)))
    written = _writes(bench, size, databases, image)
    return [section, asked, written, pages(size, bench.rounds, databases)]


def _postmaster(bench: Bench) -> int:
    assert bench.postgresql is not None
    return int((bench.postgresql.folder / "data" / "postmaster.pid").read_text().split()[0])


def stored(bench: Bench, size: str, tables: dict[str, Table]) -> tuple[Engine, Image, str]:
    """The product's database filled, its conclusions worked out, and the image as a cold process loads it."""
    engine = make_engine(f"sqlite:///{bench.folder / f'{size}.db'}")
    migrations.migrate(engine.url.render_as_string())
    say(f"{size}: storing")
    facts.store(tables, engine)
    say(f"{size}: working out everybody's conclusions")
    start = time.perf_counter()
    with writing(engine) as session:
        rebuild(session, by=facts.BY, at=AT, processes=cores())
    rebuilt = time.perf_counter() - start
    with reading(engine) as session:
        start = time.perf_counter()
        image = current(session)
        loaded = time.perf_counter() - start
    bench.images[size] = image
    people = len(image.people)
    told = (
        f"Everybody's conclusions were worked out from the facts in {rebuilt:.1f} s by {cores()} "
        f"processes ({rebuilt / people * 1000:.1f} ms a person); a cold process loads the image in "
        f"{loaded * 1000:.0f} ms."
    )
    return engine, image, told


def _sizes(tables: dict[str, Table], image: Image) -> str:
    rows = {name: len(next(iter(columns.values()))) for name, columns in tables.items()}
    held = image.columns.held
    return (
        f"{rows['staff']:,} staff, {rows['services']:,} services, {rows['competencies']} competencies, "
        f"{rows['requirements']:,} requirement rows, {rows['learning'] + rows['sign_offs']:,} records of "
        f"learning and sign-off, {rows['supervision']:,} sessions. The image has {len(held):,} "
        f"contributions of {held.bytes / len(held):.0f} bytes, "
        f"{image.columns.bytes / 2**20:.1f} MiB with everything."
    )


def _ways(
    bench: Bench, size: str, section: Section, tables: dict[str, Table], engine: Engine, image: Image
) -> None:
    say(f"{size}: giving the facts to the other ways")
    others = tuned(tables)
    (folder := bench.folder / f"tuned-{size}").mkdir()
    ways: list[Any] = [ProductImage(image), DuckContributions(image), DuckFacts(others), Pandas(others)]
    ways.append(Sqlite(others, folder))
    if bench.postgresql is not None:
        url = bench.postgresql.create(f"tuned_{size.lower()}")
        ways.append(Postgresql(others, url.replace("postgresql+psycopg://", "postgresql://")))
    once: list[Any] = [OrmLoops(engine)] if bench.orm else []
    say(f"{size}: comparing answers")
    _compare(ways, DAYS)
    loops = _once(ways[0], once)
    say(f"{size}: timing")
    works: dict[str, Callable[[], Any]] = {way.name: _asked(way) for way in ways}
    found = in_turn(works, rounds=bench.rounds)
    found |= loops
    ours = found["engine"]
    rows = [
        (name, milliseconds(took), times(took / ours), _bar_of(size, name, took / ours))
        for name, took in sorted(found.items(), key=lambda each: each[1])
    ]
    section.table(("way", "time", "against the engine", "bar at M"), rows)
    if bench.orm:
        section.say(
            "ORM loops were timed once, with nothing loaded beforehand, over the product's own tables."
        )


def _once(ours: Any, ways: list[Any]) -> dict[str, float]:
    """Ways too slow to ask twice: compared and timed in one go."""
    took = {}
    for way in ways:
        answers: list[Any] = []
        took[way.name] = sample(lambda way=way, answers=answers: answers.append(way.matrix(NOW)))[0]
        _require_alike(ours.matrix(NOW), answers[0], way.name)
    return took


def _asked(way: Any) -> Callable[[], Any]:
    return lambda: way.matrix(NOW)


def _bar_of(size: str, name: str, ratio: float) -> str:
    if size != "M" or name not in BARS:
        return ""
    return bar(ratio >= BARS[name], f"at least {BARS[name]:,} ×")


def _compare(ways: list[Any], days: tuple[int, ...]) -> None:
    for day in days:
        ours = ways[0].matrix(day)
        for way in ways[1:]:
            _require_alike(ours, way.matrix(day), way.name)


def _require_alike(ours: Answer, theirs: Answer, name: str) -> None:
    if differences := ours.differences(theirs):
        raise SystemExit(f"{name} answers otherwise: {differences}")


def _questions(bench: Bench, size: str, image: Image, engine: Engine) -> Section:
    say(f"{size}: what else is asked of the image")
    section = Section(f"{size}: what else the image answers")
    found = in_turn(_compiled(bench, image) | questions(image, engine), rounds=bench.rounds)
    bench.matrices[size] = one = found["matrix"]
    limit = found.get(CompiledLoop.name)
    bars = (
        {
            "matrix": lambda took: bar(took < 5, "under 5 ms"),
            "counts of every line": lambda took: _near(took, limit),
            "trend and forecast, 37 months": lambda took: bar(took <= 10 * one, "at most 10 matrices"),
            "effect of every leaver": lambda took: bar(took <= one, "at most 1 matrix"),
        }
        if size == "M"
        else {}
    )
    rows = [
        (name, milliseconds(took), times(took / one), bars[name](took) if name in bars else "")
        for name, took in found.items()
    ]
    section.table(("question", "time", "against a matrix", "bar"), rows)
    return section


def _on_postgresql(server: Server, size: str, source: Engine) -> Engine:
    """The same facts and conclusions on PostgreSQL."""
    say(f"{size}: storing on PostgreSQL")
    engine = make_engine(server.create(f"product_{size.lower()}"))
    migrations.migrate(engine.url.render_as_string(hide_password=False))
    facts.store(generate(SIZES[size]), engine)
    _copy_conclusions(source, engine)
    return engine


def _compiled(bench: Bench, image: Image) -> dict[str, Callable[[], Any]]:
    """The loop in C, once it has given the same answers; nothing where there is no compiler."""
    try:
        loop = CompiledLoop(image, bench.folder)
    except NoCompiler as error:
        say(str(error))
        return {}
    for day in DAYS:
        ours = image.counts(on=date.fromordinal(day))
        theirs = loop.matrix(day_of(day))
        for at, name in enumerate(CompiledLoop.columns):
            if not np.array_equal(theirs[:, at], getattr(ours, name)):
                raise SystemExit(f"the compiled loop answers otherwise: {name}")
    return {CompiledLoop.name: lambda: loop.matrix(day_of(NOW))}


def _near(took: float, limit: float | None) -> str:
    if limit is None:
        return "no compiler here"
    ratio = took / limit
    return bar(ratio <= 3.5, f"at most 3.5 × the compiled loop ({times(ratio)})")


def _writes(bench: Bench, size: str, databases: Sequence[Database], image: Image) -> Section:
    section = Section(f"{size}: what one new fact costs")
    rows = [
        row for name, engine, _server in databases for row in _write_rows(bench, size, name, engine, image)
    ]
    section.table(("database", "what is written", "time", "against the bare insert", "bar"), rows)
    section.say(
        "On this machine's disk, each commit waited for: SQLite with its write-ahead log and "
        "`synchronous=FULL`, PostgreSQL with `fsync` and `synchronous_commit`."
    )
    return section


def _copy_conclusions(source: Engine, target: Engine) -> None:
    """What is kept is the same on both: the ids are those of the data."""
    kept: Any = KeptConclusions.__table__
    with source.connect() as connection:
        rows = [dict(row) for row in connection.execute(select(kept)).mappings()]
    with target.begin() as connection:
        connection.execute(insert(kept), rows)
        for model in (Ledger, KeptCatalogue):
            connection.execute(update(model).values(data_version=rows[0]["data_version"]))
        connection.exec_driver_sql("ANALYZE")  # as the server does by itself before long


def _write_rows(
    bench: Bench, size: str, database: str, engine: Engine, image: Image
) -> list[tuple[str, ...]]:
    say(f"writing to {database}")
    writes = Writes(engine, len(image.people))
    writes.next_image()
    found = in_turn(writes.works(), rounds=max(bench.rounds, 9))
    bare = found["bare insert"]
    rows = [(database, name, milliseconds(took), times(took / bare), "") for name, took in found.items()]
    last = rows[-1]
    rows[-1] = (*last[:4], bar(found["and all that follows from it"] <= 6 * bare, "at most 6 ×"))
    return [*rows, *_following(bench, size, database, writes)]


def _following(bench: Bench, size: str, database: str, writes: Writes) -> list[tuple[str, ...]]:
    """What the next reader in another process pays, and to have the counts of today right again in it."""
    following, counted_on, at_hand = [], [], []
    for _ in range(WRITES):
        before = writes.next_image()
        counts = before.counts(on=TODAY)
        writes.recorded(kept=True)
        following.append(sample(writes.next_image)[0])
        after = writes.next_image()
        if after.counts(on=TODAY).held is not counts.held:  # most completions change no cell
            taken, known = writes.recounting(before, after)
            counted_on.append(sample(taken, times=200)[0])
            at_hand.append(sample(known, times=200)[0])
    works = (
        ("the next image, in a process that has the last", following, 3, "at most 3 matrices"),
        ("in it, the cells that have changed, counted on", counted_on, 1 / 50, "at most 1/50 of a matrix"),
        ("the same, without taking the person's rows out of the columns", at_hand, None, ""),
    )
    rows = []
    for name, took, most, told in works:
        if not took:
            continue
        matrices = median(took) / bench.matrices[size]
        met = bar(matrices <= most, told) if most is not None and size == "M" else ""
        rows.append((database, name, milliseconds(median(took)), f"{times(matrices)} a matrix", met))
    return rows
