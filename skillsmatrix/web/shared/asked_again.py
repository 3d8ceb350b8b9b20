"""A request that is word for word one that was answered before, while everything the answer hangs on stands.

Whoever reloads a page, or goes back to it, is given what is kept (`kept_pages.py`) before the site begins to
work on the request. The database is still asked each time who the session belongs to, what its account may
do and which state the record is in; any other word of it, or any doubt, and the site answers as always.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.said import Said
from skillsmatrix.web.shared.page_store import Answer, Grounds, Page, Pages

_NOTED: Final = "skillsmatrix.asked_again"
_SENT_AS: Final = "200 OK"
_ASKED_BY: Final = ("wsgi.url_scheme", "REMOTE_ADDR", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")


class AskedAgain:
    """Stands before the application and everything around it."""

    def __init__(
        self, application: WSGIApplication, pages: Pages, *, still_said: Callable[[Iterable[Said]], bool]
    ) -> None:
        self._application = application
        self._pages = pages
        self._still_said = still_said

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        words = _words(environ)
        if words is None:
            return self._application(environ, start_response)
        answer = self._pages.answer_to(words)
        if answer is not None and self._still_right(answer):
            start_response(_SENT_AS, list(answer.headers))
            return [answer.body]
        return self._application(environ, self._noting(words, environ, start_response))

    def _still_right(self, answer: Answer) -> bool:
        return answer.grounds.stand(clock.now()) and self._still_said(answer.grounds.said)

    def _noting(
        self, words: Hashable, environ: WSGIEnvironment, start_response: StartResponse
    ) -> StartResponse:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            if _NOTED in environ and status == _SENT_AS and not _sets_a_cookie(headers):
                key, page, grounds = environ[_NOTED]
                self._pages.note(key, Answer(words, tuple(headers), page.zipped, grounds))
            return start_response(status, headers, *error)

        return start


def note_grounds(environ: WSGIEnvironment, key: Hashable, page: Page, grounds: Grounds) -> None:
    """Say why the page under this key is the answer to the request, which may be asked again."""
    environ[_NOTED] = (key, page, grounds)


def _words(environ: WSGIEnvironment) -> Hashable:
    """All that an answer can depend on but the clock and the database; None for a request with a body."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("CONTENT_TYPE") or environ.get("CONTENT_LENGTH"):
        return None
    headers = [each for each in environ.items() if each[0].startswith("HTTP_")]
    return (*(environ.get(name) for name in _ASKED_BY), *headers)


def _sets_a_cookie(headers: list[tuple[str, str]]) -> bool:
    return any(name.lower() == "set-cookie" for name, _value in headers)
