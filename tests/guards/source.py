"""The project's own files as the guards read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One file: its path from the project's folder, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree; for Python files."""
        return _parsed(self.text, self.path)


@cache
def _parsed(text: str, path: str) -> ast.Module:
    return ast.parse(text, filename=path)


def sources(*folders: str, ending: str = ".py") -> list[Source]:
    """The files below these folders, or these files themselves, in order of path."""
    found: set[Path] = set()
    for folder in folders:
        place = PROJECT / folder
        found.update([place] if place.is_file() else place.rglob(f"*{ending}"))
    return [Source(str(path.relative_to(PROJECT)), path.read_text()) for path in sorted(found)]


def imports(tree: ast.AST) -> Iterator[tuple[str, str | None, int]]:
    """(module, name or None, line) for each thing imported, wherever in the file it happens."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None, node.lineno
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield "." * node.level + (node.module or ""), alias.name, node.lineno


def told(faults: list[str], reason: str) -> str:
    """The message of a failed guard: why there is such a rule and how to keep it, then where it is broken."""
    return "\n".join([reason, *faults])
