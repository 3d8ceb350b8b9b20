"""Large pages that stay as they are until the record changes: made once for each reader, kept zipped.

A page is kept for one session of one account and for the address it answered, under the data version it was
made from; nobody else is ever given it. Browsers are still told to store nothing (web/shared/headers.py).
"""

import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, Final

from flask import Response, current_app, g, make_response, request, session

from skillsmatrix.queries.conclusions import versions
from skillsmatrix.web.shared.database import db, db_session
from skillsmatrix.web.shared.sign_ins import current_sign_in

View = Callable[..., Any]

MOST_KEPT: Final = 40  # a quarter of a megabyte each for a large organisation
_LARGEST_STORED_BLOCK: Final = 0xFFFF
_GZIP_START: Final = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF))


@dataclass(frozen=True, slots=True)
class _Page:
    zipped: bytes
    content_type: str


_pages: OrderedDict[Hashable, _Page] = OrderedDict()
_lock = Lock()


def kept_while_unchanged(view: View) -> View:
    """Answer with the page as it was made for this reader, while the record is what it was then.

    For views that show facts and the catalogue and nothing else. Stands below `@needs`, which is asked every
    time. Pages with a message to their reader are neither kept nor taken from what is kept.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        if request.accept_encodings.quality("gzip") <= 0 or "_flashes" in session:
            return make_response(view(*args, **kwargs))
        key = _key()
        with _lock:
            page = _pages.get(key)
            if page is not None:
                _pages.move_to_end(key)
        if page is None:
            response = make_response(view(*args, **kwargs))
            if response.status_code != 200 or response.is_streamed:
                return response
            page = _Page(zipped(response.get_data()), response.content_type)
            _keep(_key(), page)  # drawing the page may have begun the reader's token against forged forms
        return _answer(page)

    return answer


def _key() -> Hashable:
    """All that the page depends on: the record, the reader, the session, the day and the address."""
    found = current_sign_in()
    version, of_catalogue = versions(db_session())
    return (
        db.engine.url,
        version,
        of_catalogue,
        None if found is None else found.session_id,
        g.actor,
        session.get("csrf_token"),
        g.today,
        request.host,
        request.full_path,
        request.headers.get("HX-Request"),
        id(current_app._get_current_object()),  # type: ignore[attr-defined]
    )


def _keep(key: Hashable, page: _Page) -> None:
    with _lock:
        _pages[key] = page
        while len(_pages) > MOST_KEPT:
            _pages.popitem(last=False)


def _answer(page: _Page) -> Response:
    response = Response(page.zipped, content_type=page.content_type)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def zipped(body: bytes) -> bytes:
    """The page as gzip: the rows of its tables compressed, all around them as it is.

    The reader's token and what came with the address stand outside the rows. Compressed together, the
    length of the answer would tell one from the other, letter by letter (BREACH).
    """
    start = body.find(b"<tbody")
    end = body.rfind(b"</tbody>")
    if start < 0 or end < start:
        start = end = len(body)
    squeeze = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    rows = squeeze.compress(body[start:end]) + squeeze.flush(zlib.Z_SYNC_FLUSH)
    check = zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join(
        (_GZIP_START, _stored(body[:start], last=False), rows, _stored(body[end:], last=True), check)
    )


def _stored(data: bytes, *, last: bool) -> bytes:
    """The data in blocks that are not compressed (RFC 1951, 3.2.4)."""
    blocks = []
    places = range(0, max(len(data), 1), _LARGEST_STORED_BLOCK)
    for place in places:
        block = data[place : place + _LARGEST_STORED_BLOCK]
        final = last and place == places[-1]
        size = len(block)
        blocks += [bytes((final,)), size.to_bytes(2, "little"), (size ^ 0xFFFF).to_bytes(2, "little"), block]
    return b"".join(blocks)
