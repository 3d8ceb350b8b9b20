"""L and XL: organisations drawn out of one that the rules have answered for."""

import time

import numpy as np

from benchmarks.data import NOW, SEED, SIZES, Size, generate
from benchmarks.product import day_of
from benchmarks.report import Section, bar, circumstances, milliseconds, times
from benchmarks.scale import Drawn, as_one, drawn
from benchmarks.sizes import Bench, say, stored
from benchmarks.timing import in_turn
from skillsmatrix.engine.image import Image

ONE_OF = {"L": "M", "XL": "one of XL"}
SIZES_OF_ONE = {"M": SIZES["M"], "one of XL": Size(7_500, 200, 300, 1)}


def scaled(bench: Bench, size: str) -> list[Section]:
    """The matrix of every organisation, in turn and, for L, as one image."""
    image = _one(bench, ONE_OF[size])
    count = SIZES[size].organisations
    say(f"{size}: drawing {count} organisations")
    draw, start = np.random.default_rng(SEED), time.perf_counter()
    organisations = [drawn(image, draw) for _ in range(count)]
    took = time.perf_counter() - start
    section = Section(f"{size}: {count} organisations")
    contributions = sum(len(each.columns.held) for each in organisations)
    memory = sum(each.bytes for each in organisations)
    section.say(
        f"{count * len(image.people):,} staff, {count * len(image.catalogue.service_codes):,} services, "
        f"{count * len(image.catalogue.lines):,} lines of cover, {contributions:,} contributions, "
        f"{memory / 2**20:,.0f} MiB for the columns that a matrix reads. Drawn in {took:.0f} s, with "
        f"repetition, out of an organisation of {len(image.people):,} people whose conclusions the rules "
        f"worked out: theirs were not worked out one by one. {circumstances(bench.rounds)}"
    )
    section.table(("what", "time", "ratio", "bar"), _rows(bench, size, organisations))
    return [section]


def _one(bench: Bench, name: str) -> Image:
    if name not in bench.images:
        tables = generate(SIZES_OF_ONE[name])
        stored(bench, name.replace(" ", "-"), tables)
        bench.images[name] = bench.images[name.replace(" ", "-")]
    return bench.images[name]


def _rows(bench: Bench, size: str, organisations: list[Drawn]) -> list[tuple[str, ...]]:
    day = day_of(NOW)
    works = {
        "byte copy": lambda: [_copied(each) for each in organisations],
        "one organisation": lambda: organisations[0].matrix(day),
        "every organisation in turn": lambda: [each.matrix(day) for each in organisations],
    }
    if size == "L":
        one = as_one(organisations)
        works["all as one image"] = lambda: one.matrix(day)
    say(f"{size}: timing")
    found = in_turn(works, rounds=bench.rounds)
    copied, each = found["byte copy"], found["one organisation"]
    rows = [
        ("byte copy of what is touched", milliseconds(copied), "", ""),
        ("one organisation", milliseconds(each), "", ""),
    ]
    turn = found["every organisation in turn"]
    growth = turn / (len(organisations) * each)
    told = bar(turn <= 1000, "at most 1 s") if size == "XL" else ""
    rows.append(
        ("every organisation in turn", milliseconds(turn), f"{times(growth)} the sum of its parts", told)
    )
    if size == "L":
        took = found["all as one image"]
        told = bar(took <= 60 * copied and took <= 50, "at most 60 × and 50 ms")
        rows.append(("all as one image", milliseconds(took), f"{times(took / copied)} the byte copy", told))
        rows.append(
            ("", "", f"{times(took / each)} one organisation", bar(took <= 13 * each, "at most 13 ×"))
        )
    return rows


def _copied(organisation: Drawn) -> object:
    held = organisation.columns.held
    return held.starts_on.copy(), held.ends_on.copy(), held.valid_to.copy()
