"""The results as a page of Markdown: what was measured, against what, and whether the bar is met."""

import os
from dataclasses import dataclass, field
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"
SIZES_IN_ORDER = ("S", "M", "L", "XL")


@dataclass
class Section:
    """Tables under one heading, in the order in which they were added."""

    heading: str
    lines: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """A paragraph."""
        self.lines += [text, ""]

    def table(self, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
        """A table."""
        self.lines.append("| " + " | ".join(header) + " |")
        self.lines.append("|" + "---|" * len(header))
        self.lines += ["| " + " | ".join(row) + " |" for row in rows]
        self.lines.append("")


def milliseconds(value: float) -> str:
    """Three figures."""
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"


def times(value: float) -> str:
    """A ratio."""
    return f"{value:,.0f} ×" if value >= 20 else f"{value:.2g} ×"


def bar(met: bool, text: str) -> str:
    """A bar and whether it is met."""
    return f"{text}: {'met' if met else '**not met**'}"


def write(intro: list[str] | None, sections: list[Section]) -> None:
    """The page with these sections in place of those of the same heading; what else it holds stays, and so
    does what it begins with where `intro` is None."""
    before, found = _parts(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else ("", {})
    found |= {section.heading: "\n".join(section.lines) for section in sections}
    in_order = sorted(found, key=_place)
    lines = ["# How fast the matrix is", "", before if intro is None else "\n".join(intro), ""]
    for heading in in_order:
        lines += [f"## {heading}", "", found[heading].strip(), ""]
    RESULTS.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _parts(page: str) -> tuple[str, dict[str, str]]:
    """What it begins with below its title, and its sections by heading."""
    begins, *parts = f"\n{page}".split("\n## ")
    sections = {heading: body for heading, _newline, body in (part.partition("\n") for part in parts)}
    return begins.strip().partition("\n")[2].strip(), sections


def _place(heading: str) -> int:
    """Sizes from the smallest, then whatever other commands measured; within a size as it was measured."""
    size = heading.partition(":")[0]
    return SIZES_IN_ORDER.index(size) if size in SIZES_IN_ORDER else len(SIZES_IN_ORDER)


def circumstances(rounds: int) -> str:
    """How many samples, and how busy the machine was when it began."""
    return (
        f"Medians of {rounds} samples; begun at a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )
