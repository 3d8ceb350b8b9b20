"""Long lists, a page at a time: which page the address asks for, and what stands on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """What of a list is shown: page number `page` (from 1) of `pages`."""

    rows: Sequence[T]
    page: int
    pages: int


def part(rows: Sequence[T], *, most: int) -> Part[T]:
    """The rows of the page that the address asks for, `most` on each; past the end it is the last page."""
    pages = max(-(-len(rows) // most), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return Part(rows[(page - 1) * most : page * most], page, pages)
