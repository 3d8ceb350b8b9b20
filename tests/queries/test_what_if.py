"""A change on the bench gives what the same change of the facts would give, and touches nothing."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine

from skillsmatrix.domain.person import Basis
from skillsmatrix.domain.requirement import Cover, Requirement
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.scenario import (
    Change,
    Holds,
    Joins,
    LastsFor,
    Leaves,
    NoLongerRequires,
    OpensOrCloses,
    Requires,
    StartsPost,
)
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.queries.conclusions import current, differences
from skillsmatrix.queries.what_if import UnknownInScenario, what_if
from tests.builders import day
from tests.contract import product
from tests.contract.stored import import_from, write
from tests.engine.house import disagreements
from tests.oracle.form import Row, Tables, row
from tests.oracle.packages import edge_days, random_package

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
Draw = Callable[[Random, Tables], tuple[Change, Callable[[Tables], None]]]


def code(random: Random, tables: Tables, table: str, column: str) -> str:
    return random.choice(tables[table])[column]


def found(tables: Tables, table: str, column: str, value: str) -> Row:
    return next(each for each in tables[table] if each[column] == value)


def leaves(random: Random, tables: Tables) -> tuple[Change, Callable[[Tables], None]]:
    staff, last = code(random, tables, "staff", "staff"), day("2025-03-30")

    def change(after: Tables) -> None:
        theirs = found(after, "staff", "staff", staff)
        theirs["employed_to"] = min(filter(None, (theirs["employed_to"], "2025-03-30")))

    return Leaves(staff, last), change


def starts_post(random: Random, tables: Tables) -> tuple[Change, Callable[[Tables], None]]:
    staff = code(random, tables, "staff", "staff")
    service, role = code(random, tables, "services", "service"), code(random, tables, "roles", "role")

    def change(after: Tables) -> None:
        post = row("posts", staff=staff, service=service, role=role, basis="bank", starts_on="2024-05-05")
        after["posts"].append(post)

    return StartsPost(staff, service, role, day("2024-05-05"), basis=Basis.BANK), change


def holds(random: Random, tables: Tables) -> tuple[Change, Callable[[Tables], None]]:
    staff, what = code(random, tables, "staff", "staff"), code(random, tables, "competencies", "competency")

    def change(after: Tables) -> None:
        about = {"staff": staff, "competency": what, "level": 2}
        after["learning"].append(row("learning", **about, completed_on="2025-02-10", reference="bench"))
        signed = row("sign_offs", **about, assessed_on="2025-02-10", outcome="competent", assessor="")
        after["sign_offs"].append(signed)

    return Holds(staff, what, 2, day("2025-02-10")), change


def closes(random: Random, tables: Tables) -> tuple[Change, Callable[[Tables], None]]:
    service = code(random, tables, "services", "service")

    def change(after: Tables) -> None:
        found(after, "services", "service", service).update(opens_on="", closes_on="2025-02-28")

    return OpensOrCloses(service, closes_on=day("2025-02-28")), change


def requires_something_new(random: Random, tables: Tables) -> tuple[Change, Callable[[Tables], None]]:
    what = code(random, tables, "competencies", "competency")
    service = random.choice((None, code(random, tables, "services", "service")))
    new = Requirement(
        "bench",
        what,
        day("2024-01-01"),
        service=service,
        level=2,
        cover=Cover.EACH,
        hard_stop=True,
        induction_days=28,
    )

    def change(after: Tables) -> None:
        after["requirements"].append(
            row(
                "requirements",
                requirement="bench",
                competency=what,
                service=service,
                level=2,
                cover="each",
                strength="hard_stop",
                in_force_from="2024-01-01",
                induction_days=28,
            )
        )

    return Requires(new), change


def requires_otherwise(random: Random, tables: Tables) -> tuple[Change, Callable[[Tables], None]]:
    """Another competency, service and number, under a code that is there."""
    which = code(random, tables, "requirements", "requirement")
    what, service = (
        code(random, tables, "competencies", "competency"),
        code(random, tables, "services", "service"),
    )
    new = Requirement(which, what, day("2024-01-01"), service=service, cover=Cover.COUNT, amount=2)

    def change(after: Tables) -> None:
        found(after, "requirements", "requirement", which).update(
            row(
                "requirements",
                requirement=which,
                competency=what,
                service=service,
                cover="count",
                amount=2,
                strength="target",
                in_force_from="2024-01-01",
            )
        )

    return Requires(new), change


def no_longer_requires(random: Random, tables: Tables) -> tuple[Change, Callable[[Tables], None]]:
    which = code(random, tables, "requirements", "requirement")

    def change(after: Tables) -> None:
        after["requirements"].remove(found(after, "requirements", "requirement", which))

    return NoLongerRequires(which), change


def lasts_for(random: Random, tables: Tables) -> tuple[Change, Callable[[Tables], None]]:
    what = code(random, tables, "competencies", "competency")

    def change(after: Tables) -> None:
        found(after, "competencies", "competency", what).update(learning_months="3", sign_off_months="")

    return LastsFor(what, learning_months=3), change


KINDS: tuple[Draw, ...] = (
    leaves,
    starts_post,
    holds,
    closes,
    requires_something_new,
    requires_otherwise,
    no_longer_requires,
    lasts_for,
)


@pytest.fixture
def tables() -> Tables:
    return random_package(21)


@pytest.fixture
def filled(sqlite_engine: Engine, tables: Tables, tmp_path: Path) -> Engine:
    import_from(write(tables, tmp_path / "package"), sqlite_engine, at=AT)
    with writing(sqlite_engine) as session:
        rebuild(session, by="test", at=AT)
    return sqlite_engine


def assert_alike(after: Image, tables: Tables, days: list[date], told: object) -> None:
    facts = product.workforce(tables)
    for on in days:
        assert disagreements(after, facts, on=on) == [], (on, told)


@pytest.mark.parametrize("draw", KINDS)
def test_a_change_on_the_bench_is_that_change_of_the_facts(
    filled: Engine, tables: Tables, draw: Draw
) -> None:
    for seed in range(4):
        random = Random(seed)  # noqa: S311 - drawn from a seed on purpose
        change, of_the_facts = draw(random, tables)
        after = deepcopy(tables)
        of_the_facts(after)

        with reading(filled) as session:
            image = what_if(session, current(session), [change])

        assert_alike(image, after, random.sample(edge_days(after), 6), change)


@pytest.mark.parametrize("seed", range(6))
def test_changes_add_up_in_their_order(filled: Engine, tables: Tables, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - drawn from a seed on purpose
    after, changes = deepcopy(tables), []
    for draw in random.sample((leaves, starts_post, holds, closes, requires_something_new, lasts_for), 5):
        change, of_the_facts = draw(random, tables)
        of_the_facts(after)
        changes.append(change)

    with reading(filled) as session:
        image = what_if(session, current(session), changes)

    assert_alike(image, after, random.sample(edge_days(after), 6), changes)


def test_a_newcomer_who_holds_something_counts_in_a_service_that_opens(
    filled: Engine, tables: Tables
) -> None:
    what, role = tables["competencies"][0]["competency"], tables["roles"][0]["role"]
    on = day("2025-02-10")
    row_for_it = Requirement("bench", what, on, service="new house", cover=Cover.COUNT, amount=1)
    changes = [
        OpensOrCloses("new house", opens_on=day("2025-02-01")),
        Requires(row_for_it),
        Joins("new", "Trust", "new house", role, starts_on=day("2025-02-01")),
        Holds("new", what, 1, on),
    ]

    with reading(filled) as session:
        before = current(session)
        met = []
        for laid in range(1, 5):
            image = what_if(session, before, changes[:laid])
            lines = image.cover(on=on, service="new house")
            met.append([(line.in_scope, line.held) for line in lines if line.requirement.code == "bench"])

    assert met[:3] == [[], [(0, 0)], [(1, 0)]]
    supervised_or_registered = found(tables, "competencies", "competency", what)["registration_body"]
    assert met[3] == [(1, 0 if supervised_or_registered else 1)]


def test_the_bench_touches_neither_the_record_nor_the_image(filled: Engine, tables: Tables) -> None:
    on = day("2025-03-31")
    with reading(filled) as session:
        before = current(session)
        lines, standings = before.cover(on=on), before.standings(on=on)
        for draw in KINDS:
            what_if(session, before, [draw(Random(9), tables)[0]])  # noqa: S311 - drawn from a seed on purpose

        assert current(session) is before
        assert (before.cover(on=on), before.standings(on=on)) == (lines, standings)
        assert differences(session) == []


@pytest.mark.parametrize(
    "change",
    [
        Leaves("nobody", day("2025-01-01")),
        Holds("nobody", "nothing", 1, day("2025-01-01")),
        Joins("new", "Trust", "nowhere", "nothing", day("2025-01-01")),
        LastsFor("nothing"),
    ],
)
def test_what_is_not_there_is_named(filled: Engine, change: Change) -> None:
    with reading(filled) as session, pytest.raises(UnknownInScenario, match="no"):
        what_if(session, current(session), [change])
