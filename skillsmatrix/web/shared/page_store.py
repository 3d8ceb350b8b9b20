"""The pages that one application keeps, zipped, and the requests that they were the answer to."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Final

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.said import Said

MOST_BYTES_KEPT: Final = 24 * 1024 * 1024  # a quarter of a megabyte is a matrix of a large organisation


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a kept page is the answer: what the database said, on which day, and how long that will do."""

    said: tuple[Said, ...]
    on: date
    at: datetime
    until: datetime

    def stand(self, now: datetime) -> bool:
        """True while the clock alone changes nothing; what was said has still to be asked again."""
        return self.at <= now < self.until and clock.london_day(now) == self.on


@dataclass(frozen=True, slots=True)
class Answer:
    """What was sent, to which request, word for word, and why."""

    words: Hashable
    headers: tuple[tuple[str, str], ...]
    body: bytes
    grounds: Grounds


@dataclass(slots=True)
class Page:
    """A page as it is sent; `answer`: how it was last sent to somebody who asked for it again."""

    zipped: bytes
    content_type: str
    answer: Answer | None = None


class Pages:
    """Each page under all that it depends on. Those that nobody has asked for longest go first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._by_words: dict[Hashable, Hashable] = {}
        self._bytes = 0
        self._lock = Lock()

    def find(self, key: Hashable) -> Page | None:
        """The page that is kept under this."""
        with self._lock:
            return self._found(key)

    def keep(self, key: Hashable, page: Page) -> None:
        """Keep a page, in place of the one that was kept under the same."""
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._bytes += len(page.zipped)
            while self._bytes > MOST_BYTES_KEPT:
                self._drop(next(iter(self._pages)))

    def note(self, key: Hashable, answer: Answer) -> None:
        """Remember how the page under this was sent, as long as it is kept."""
        with self._lock:
            page = self._found(key)
            if page is not None:
                self._forget_answer(key, page)
                page.answer = answer
                self._by_words[answer.words] = key

    def answer_to(self, words: Hashable) -> Answer | None:
        """What was sent to the same request before."""
        with self._lock:
            page = self._found(self._by_words[words]) if words in self._by_words else None
            return page.answer if page else None

    def _found(self, key: Hashable) -> Page | None:
        if key in self._pages:
            self._pages.move_to_end(key)
        return self._pages.get(key)

    def _drop(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._forget_answer(key, page)
            self._bytes -= len(page.zipped)

    def _forget_answer(self, key: Hashable, page: Page) -> None:
        if page.answer is not None and self._by_words.get(page.answer.words) == key:
            del self._by_words[page.answer.words]
