"""L and XL: many organisations, each an image of its own, asked for the matrix of a day."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.data import NOW, SEED, SIZES, Size, generate
from benchmarks.nation import WorkedOut, agrees_with_the_rules, worked_out
from benchmarks.product import day_of
from benchmarks.report import Section, bar, circumstances, milliseconds, times
from benchmarks.scale import Drawn, as_one, drawn, drawn_from
from benchmarks.sizes import Bench, say, stored
from benchmarks.timing import in_turn
from skillsmatrix.foundation.processes import cores

ONE_OF_XL = Size(7_500, 200, 150, 1)
SERVICES_COMPARED = 3
MOST_MINUTES = 10


def scaled(bench: Bench, size: str) -> list[Section]:
    """The matrix of every organisation, in turn and, for L, as one image."""
    section = Section(f"{size}: {SIZES[size].organisations} organisations")
    organisations = _drawn_from_m(bench, section) if size == "L" else _nation(bench, section)
    section.table(("what", "time", "ratio", "bar"), _rows(bench, size, organisations))
    return [section]


def _drawn_from_m(bench: Bench, section: Section) -> list[Drawn]:
    if "M" not in bench.images:
        stored(bench, "M", generate(SIZES["M"]))
    image, draw = bench.images["M"], np.random.default_rng(SEED)
    found = [drawn(image, draw) for _ in range(SIZES["L"].organisations)]
    section.say(
        f"{_sizes(found, len(image.people), len(image.catalogue.service_codes))} Drawn, with repetition, "
        f"out of an organisation of {len(image.people):,} people whose conclusions the rules worked out: "
        f"theirs were not worked out one by one. {circumstances(bench.rounds)}"
    )
    return found


def _nation(bench: Bench, section: Section) -> list[Drawn]:
    """Of XL, the first organisations by the rules; the rest, where not all are, drawn out of those."""
    whole = SIZES["XL"].organisations
    count, begun = min(bench.worked_out, whole), circumstances(bench.rounds)
    say(f"XL: working out the conclusions of {count} organisations")
    start, known = time.perf_counter(), []
    for each in worked_out(ONE_OF_XL, count, processes=cores()):
        known.append(each)
        say(f"XL: {len(known)} of {count}")
    took = time.perf_counter() - start
    if not agrees_with_the_rules(ONE_OF_XL, known[0], 0, SERVICES_COMPARED):
        raise SystemExit("an organisation of XL and the rules disagree: nothing was timed")
    draw = np.random.default_rng(SEED)
    found = [each.drawn for each in known]
    for number in range(whole - count):
        of = known[number % count]
        found.append(drawn_from(of.drawn.lines, of.drawn.columns, of.people, draw))
    section.say(f"{_sizes(found, ONE_OF_XL.staff, ONE_OF_XL.services)} {begun}")
    section.say(_told(known, took, whole))
    return found


def _told(known: list[WorkedOut], took: float, whole: int) -> str:
    people = sum(each.people for each in known)
    processor = sum(each.seconds_for_facts + each.seconds_for_rules for each in known)
    rules = sum(each.seconds_for_rules for each in known)
    everybody = whole * people / len(known)
    kept, image = (sum(getattr(each, name) for each in known) for name in ("bytes_kept", "bytes_of_image"))
    measured = took / people * everybody / 60
    working_out = measured * rules / processor
    text = (
        f"Of {len(known)} organisations the rules worked out the conclusions of all {people:,} people, one "
        f"by one, from facts generated in memory: {took:,.0f} s with {cores()} processes, "
        f"{people / took:,.0f} people a second; {processor / people * 1000:.2f} ms of "
        f"processor a person, {rules / people * 1000:.2f} of them for the rules and the rest for making up "
        f"the facts. A person's conclusions keep {kept / people / 1000:.1f} kB, and all questions' columns "
        f"take {image / people / 1000:.1f} kB. "
    )
    text += (
        f"For all {everybody:,.0f} that is {measured:.1f} minutes at the pace measured, {working_out:.1f} of "
        "them for working out and the rest for making up the facts, which nobody has to who has them. With "
        f"{cores()} cores to itself, working out takes {rules / people * everybody / cores() / 60:.1f}. "
    )
    if len(known) < whole:
        text += (
            f"These minutes are reckoned, not measured: the other {whole - len(known)} organisations were "
            "drawn, with repetition, out of these. "
        )
    return text + bar(working_out <= MOST_MINUTES, f"Worked out in at most {MOST_MINUTES} minutes") + "."


def _sizes(found: list[Drawn], people: int, services: int) -> str:
    contributions = sum(len(each.columns.held) for each in found)
    return (
        f"{len(found) * people:,} staff, {len(found) * services:,} services, "
        f"{sum(len(each.lines) for each in found):,} lines of cover, {contributions:,} contributions, "
        f"{sum(each.bytes for each in found) / 2**20:,.0f} MiB for the columns that a matrix reads."
    )


def _rows(bench: Bench, size: str, organisations: list[Drawn]) -> list[tuple[str, ...]]:
    day = day_of(NOW)
    works: dict[str, Callable[[], Any]] = {
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
