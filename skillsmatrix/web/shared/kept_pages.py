"""Large pages that stay as they are until the record changes: made once for each reader, kept zipped.

A page is kept for one session of one account and for the address it answered, under the data version it was
made from; nobody else is ever given it. Browsers are still told to store nothing (web/shared/headers.py).
Who asks for it in the same words once more is answered before the site begins to work (`asked_again.py`).
"""

import zlib
from collections.abc import Callable, Hashable, Sequence
from functools import partial, wraps
from typing import Any, Final

from flask import Flask, Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue

from skillsmatrix.foundation.said import Question, said, still_said
from skillsmatrix.queries.accounts import SignedIn
from skillsmatrix.web.shared.asked_again import AskedAgain, note_grounds
from skillsmatrix.web.shared.database import db, db_session
from skillsmatrix.web.shared.page_store import Grounds, Page, Pages
from skillsmatrix.web.shared.sign_ins import current_sign_in, sign_in_question, stands_until

View = Callable[..., Any]

_PAGES: Final = "skillsmatrix.kept_pages"
_ROWS_BEGIN: Final = (b"<tbody", b'<ul class="nhsuk-list pages-record">')  # whichever comes first
_LARGEST_STORED_BLOCK: Final = 0xFFFF
_GZIP_START: Final = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF))


def init_kept_pages(app: Flask) -> None:
    """Give the application pages to keep, and let it answer from them before it begins to work."""
    pages = app.extensions[_PAGES] = Pages()
    with app.app_context():
        asked_again = AskedAgain(app.wsgi_app, pages, still_said=partial(still_said, db.engine))
    app.wsgi_app = asked_again  # type: ignore[method-assign]


def kept_while_unchanged(view: View) -> View:
    """Answer with the page as it was made for this reader, while the record is what it was then.

    For views that show facts and the catalogue and nothing else. Stands below `@needs`, which is asked every
    time. Pages with a message to their reader are neither kept nor taken from what is kept.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        return kept_page(lambda: view(*args, **kwargs))

    return answer


def kept_page(
    draw: Callable[[], ResponseReturnValue], *, besides: Hashable = (), asked: Sequence[Question] = ()
) -> Response:
    """The same for a view that shows more: `besides` is all of that, as this request read it by `asked`."""
    if request.accept_encodings.quality("gzip") <= 0 or "_flashes" in session:
        return make_response(draw())
    pages: Pages = current_app.extensions[_PAGES]
    page = pages.find(_key(besides))
    if page is None:
        response = make_response(draw())
        if response.status_code != 200 or response.is_streamed:
            return response
        page = Page(zipped(response.get_data()), response.content_type)
        pages.keep(_key(besides), page)  # drawing may have begun the reader's token against forged forms
    else:
        note_grounds(request.environ, _key(besides), page, _grounds(asked))
    return _answer(page)


def _key(besides: Hashable) -> Hashable:
    """All that the page depends on: the record, the reader, the session, the day and the address."""
    found = _reader()
    return (
        found.versions,
        found.session_id,
        g.actor,
        session.get("csrf_token"),
        g.today,
        request.host,
        request.full_path,
        request.headers.get("HX-Request"),
        besides,
    )


def _grounds(asked: Sequence[Question]) -> Grounds:
    answers = tuple(said(db_session(), each) for each in (sign_in_question(), *asked))
    return Grounds(answers, on=g.today, at=g.at, until=stands_until(_reader()))


def _reader() -> SignedIn:
    found = current_sign_in()
    if found is None:
        raise RuntimeError("only pages for somebody who is signed in are kept")
    return found


def _answer(page: Page) -> Response:
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
