"""The results as a page of Markdown: what was measured, against what, and whether the bar is met."""

from dataclasses import dataclass, field
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"


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


def write(intro: list[str], sections: list[Section]) -> None:
    """The page, in place of the last one."""
    lines = ["# How fast the matrix is", "", *intro, ""]
    for section in sections:
        lines += [f"## {section.heading}", "", *section.lines]
    RESULTS.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
