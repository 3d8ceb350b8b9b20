"""`python3 -m benchmarks.pace`: how many people of XL a second, by the rules as they stand and compiled.

Compiled are the very modules of `domain/` that conclusions are made of: by mypyc, which uv fetches, and a C
compiler, in a copy of the package. What is kept has to be the same to the byte.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.nation import worked_out
from benchmarks.report import Section, bar, milliseconds, write
from benchmarks.scaled import MOST_MINUTES, ONE_OF_XL
from skillsmatrix.foundation.processes import cores
from skillsmatrix.setup.packages import UV

PROJECT = Path(__file__).resolve().parents[1]
PEOPLE = 1_500_000
RULES = (
    "calendar",
    "competency",
    "compliance",
    "cover",
    "evidence",
    "person",
    "requirement",
    "standing",
    "stretches",
    "supervision",
    "timeline",
    "timeline_rows",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m benchmarks.pace", description=__doc__)
    parser.add_argument("--organisations", type=int, default=4, help="of 7,500 people each (default 4)")
    parser.add_argument("--rounds", type=int, default=2, help="of both, in turn (default 2)")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        print(json.dumps(measured(asked.organisations)))
        return 0
    with tempfile.TemporaryDirectory(prefix="skillsmatrix-compiled-") as folder:
        compile_into(Path(folder))
        ways = {"as they stand": PROJECT, "compiled": Path(folder)}
        found = [
            (name, _in_turn(path, asked.organisations))
            for _ in range(asked.rounds)
            for name, path in ways.items()
        ]
    if len({each["digest"] for _, each in found}) > 1:
        print("the compiled rules come to other conclusions: nothing is written down", file=sys.stderr)
        return 1
    section = _section(found)
    write(None, [section])
    print("\n".join(section.lines))
    return 0


def measured(organisations: int) -> dict[str, Any]:
    """So many organisations by as many processes as there are cores."""
    load, start = os.getloadavg()[0], time.perf_counter()
    found = list(worked_out(ONE_OF_XL, organisations, processes=cores()))
    return {
        "seconds": time.perf_counter() - start,
        "processor": sum(each.seconds_for_facts + each.seconds_for_rules for each in found),
        "rules": sum(each.seconds_for_rules for each in found),
        "people": sum(each.people for each in found),
        "digest": " ".join(each.digest for each in found),
        "load": load,
    }


def compile_into(folder: Path) -> None:
    """A copy of the package in the folder, with its rules compiled."""
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "skillsmatrix", folder / "skillsmatrix", ignore=unwanted)
    uv = str(UV) if UV.is_file() else "uv"
    tool = [uv, "tool", "run", "--python", sys.executable, "--from", f"mypy[mypyc]=={version('mypy')}"]
    modules = [f"skillsmatrix/domain/{name}.py" for name in RULES]
    subprocess.run([*tool, "mypyc", *modules], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _in_turn(folder: Path, organisations: int) -> dict[str, Any]:
    """In a process of its own, with the package of the folder."""
    words = [sys.executable, "-P", "-m", "benchmarks.pace", "--once", "--organisations", str(organisations)]
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{PROJECT}"}
    answer = subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE).stdout
    found: dict[str, Any] = json.loads(answer)
    return found


def _section(found: list[tuple[str, dict[str, Any]]]) -> Section:
    section = Section("XL: people a second")
    people = found[0][1]["people"]
    section.say(
        f"{people:,} people in organisations of {ONE_OF_XL.staff:,}, from facts generated in memory, by "
        f"{cores()} processes; made by `python3 -m benchmarks.pace`. What is kept is the same to the byte. "
        "People a second are by the wall clock, and the minutes are reckoned from them; beside it is the "
        "share of the cores that was had, other work took the rest. Part of it is making up the facts, which "
        "nobody has to who has them: the conclusions and their image alone are told apart, as processor time "
        "and as their part of the minutes. That part is what is held against the bar."
    )
    header = (
        "rules",
        "load before",
        "seconds",
        "of the cores",
        "processor a person",
        "people a second",
        f"{PEOPLE:,}",
        "conclusions alone, a person",
        f"{PEOPLE:,}",
    )
    section.table(header, [_row(name, each) for name, each in found])
    ways = {name: [_minutes_alone(each) for of, each in found if of == name] for name, _ in found}
    for name, minutes in ways.items():
        text = f"Conclusions alone, {name}, in at most {MOST_MINUTES} minutes (median {median(minutes):.1f})"
        section.say(f"{bar(median(minutes) <= MOST_MINUTES, text)}.")
    return section


def _row(name: str, found: dict[str, Any]) -> tuple[str, ...]:
    people, seconds, processor = found["people"], found["seconds"], found["processor"]
    return (
        name,
        f"{found['load']:.1f}",
        f"{seconds:.1f}",
        f"{processor / seconds / cores():.0%}",
        milliseconds(processor / people * 1000),
        f"{people / seconds:,.0f}",
        f"{_minutes(found):.1f} minutes",
        milliseconds(found["rules"] / people * 1000),
        f"{_minutes_alone(found):.1f} minutes",
    )


def _minutes(found: dict[str, Any]) -> float:
    """For everybody, by the wall clock, making up the facts included."""
    return float(PEOPLE / found["people"] * found["seconds"] / 60)


def _minutes_alone(found: dict[str, Any]) -> float:
    """The same without making up the facts: the part of the processor's time that went to conclusions."""
    return float(_minutes(found) * found["rules"] / found["processor"])


if __name__ == "__main__":
    sys.exit(main())
