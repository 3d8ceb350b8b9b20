"""Where papers are printed: one warm child of this process, started when the first paper is asked for.

Needs no signing keys. The child has limits of its own (`documents/workers.py`), so that a paper that hangs or
grows takes nothing else with it.
"""

import atexit
import threading
from functools import cache
from typing import Final, cast

from flask import Flask, Response, abort, current_app

from skillsmatrix.documents.letterhead import Letterhead
from skillsmatrix.documents.observation_sheet import ObservationSheetFacts
from skillsmatrix.documents.papers import PaperJob, paper_of
from skillsmatrix.documents.role_card import RoleCardFacts
from skillsmatrix.documents.workers import RenderingPool
from skillsmatrix.foundation.paths import TEMPLATES
from skillsmatrix.foundation.settings import Settings

_LETTERHEAD: Final = "skillsmatrix.letterhead"
_one_at_a_time = threading.Lock()


def init_print_room(app: Flask, settings: Settings) -> None:
    """Keep the letterhead; nothing is started yet, for most processes never print."""
    logo = settings.organisation_logo.read_bytes() if settings.organisation_logo else b""
    app.extensions[_LETTERHEAD] = Letterhead(settings.organisation_name, settings.organisation_colour, logo)


def letterhead() -> Letterhead:
    """The head of every paper of this installation."""
    return cast(Letterhead, current_app.extensions[_LETTERHEAD])


def printed(facts: RoleCardFacts | ObservationSheetFacts, *, name: str) -> Response:
    """The paper as a PDF to keep; 500 with a line in the log when it could not be made."""
    with _one_at_a_time:
        found = next(_pool().render_many([PaperJob(name, facts)]))
    if found.failure:
        current_app.logger.error("%s was not printed: %s", name, found.failure)
        abort(500)
    response = Response(found.pdf, content_type="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@cache
def _pool() -> RenderingPool:
    """One for the process: what it prints on is handed to it with each paper."""
    pool = RenderingPool(TEMPLATES, workers=1, work=paper_of)
    atexit.register(pool.__exit__, None, None, None)
    return pool
