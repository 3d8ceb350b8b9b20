"""Pages of megabytes: what is large in them is drawn as bytes, and neither copied nor encoded again."""

from collections.abc import Sequence
from typing import Final

from flask import Response
from markupsafe import Markup

PLACE: Final = Markup("\0")  # no text that reaches a page holds it


def filled(page: str, parts: Sequence[Sequence[bytes]]) -> Response:
    """The page with these in order, one in each PLACE; each in blocks, which are sent one by one."""
    around = page.encode().split(PLACE.encode())
    blocks = around[:1]
    for part, after in zip(parts, around[1:], strict=True):
        blocks += (*part, after)
    return Response(blocks)
