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
from flask.typing import ResponseReturnValue

from skillsmatrix.web.shared.database import db
from skillsmatrix.web.shared.sign_ins import current_sign_in

View = Callable[..., Any]

MOST_BYTES_KEPT: Final = 24 * 1024 * 1024  # a quarter of a megabyte is a matrix of a large organisation
_ROWS_BEGIN: Final = (b"<tbody", b'<ul class="nhsuk-list pages-record">')  # whichever comes first
_LARGEST_STORED_BLOCK: Final = 0xFFFF
_GZIP_START: Final = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF))


@dataclass(frozen=True, slots=True)
class _Page:
    zipped: bytes
    content_type: str


class _Pages:
    """The pages that this process holds; those that nobody has asked for longest go first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, _Page] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, key: Hashable) -> _Page | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def keep(self, key: Hashable, page: _Page) -> None:
        with self._lock:
            old = self._pages.pop(key, None)
            self._bytes += len(page.zipped) - (len(old.zipped) if old else 0)
            self._pages[key] = page
            while self._bytes > MOST_BYTES_KEPT:
                _key, gone = self._pages.popitem(last=False)
                self._bytes -= len(gone.zipped)


_pages = _Pages()


def kept_while_unchanged(view: View) -> View:
    """Answer with the page as it was made for this reader, while the record is what it was then.

    For views that show facts and the catalogue and nothing else. Stands below `@needs`, which is asked every
    time. Pages with a message to their reader are neither kept nor taken from what is kept.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        return kept_page(lambda: view(*args, **kwargs))

    return answer


def kept_page(draw: Callable[[], ResponseReturnValue], *, besides: Hashable = ()) -> Response:
    """The same for a view that shows more: `besides` is all of that, as this request read it."""
    if request.accept_encodings.quality("gzip") <= 0 or "_flashes" in session:
        return make_response(draw())
    page = _pages.find(_key(besides))
    if page is None:
        response = make_response(draw())
        if response.status_code != 200 or response.is_streamed:
            return response
        page = _Page(zipped(response.get_data()), response.content_type)
        _pages.keep(_key(besides), page)  # drawing may have begun the reader's token against forged forms
    return _answer(page)


def _key(besides: Hashable) -> Hashable:
    """All that the page depends on: the record, the reader, the session, the day and the address."""
    found = current_sign_in()
    if found is None:
        raise RuntimeError("only pages for somebody who is signed in are kept")
    return (
        db.engine.url,
        found.versions,
        found.session_id,
        g.actor,
        session.get("csrf_token"),
        g.today,
        request.host,
        request.full_path,
        request.headers.get("HX-Request"),
        id(current_app._get_current_object()),  # type: ignore[attr-defined]
        besides,
    )


def _answer(page: _Page) -> Response:
    response = Response(page.zipped, content_type=page.content_type)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def zipped(body: bytes) -> bytes:
    """The page as gzip: its lists and the rows of its tables compressed, all around them as it is.

    The reader's token and what came with the address stand outside the rows. Compressed together, the
    length of the answer would tell one from the other, letter by letter (BREACH).
    """
    start = min((place for each in _ROWS_BEGIN if (place := body.find(each)) >= 0), default=-1)
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
