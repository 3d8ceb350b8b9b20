"""The one place where a page's writes are kept.

A view that writes says `@commits`. Its transaction begins as a writing one before anything is read, and is
kept only when a POST answers with a redirect (or with JSON); a form shown again, an error, anything else
leaves the database as it was. A form that is only given back (`kept_forms.py`) never writes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from flask import Response, abort, current_app, request

from skillsmatrix.foundation.database import begin_writing
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.kept_forms import is_given_back, start_again

View = Callable[..., Any]

_ATTRIBUTE: Final = "commitment"
OK: Final = 200


@dataclass(frozen=True, slots=True)
class Commitment:
    """That a view's writes are kept. `late`: the view begins its transaction itself (see `write_now`)."""

    late: bool


def commits(view: View) -> View:
    """Keep what the view wrote when it answers a POST with a redirect or JSON; otherwise keep nothing."""
    return _committing(view, Commitment(late=False))


def commits_late(view: View) -> View:
    """As `commits`, for views that hash passwords: they must not hold the write lock meanwhile."""
    return _committing(view, Commitment(late=True))


def write_now() -> None:
    """Begin the writing transaction of a view that commits late; what was read before is read again."""
    if is_given_back():
        abort(start_again())
    session = db_session()
    session.rollback()
    begin_writing(session)


def keep_now() -> None:
    """Keep what was written so far, whatever the page answers: tries at signing in must count."""
    if is_given_back():
        abort(start_again())
    db_session().commit()


def commitment_of(view: View | None) -> Commitment | None:
    """What the view declares about its writes; None when it writes nothing."""
    return getattr(view, _ATTRIBUTE, None)


def begin_for(view: View | None) -> None:
    """Take the write lock before anything is read, when this request is one that may be kept."""
    commitment = commitment_of(view)
    if commitment is None or commitment.late or is_given_back():
        return
    if request.method == "POST":
        begin_writing(db_session())


def _committing(view: View, commitment: Commitment) -> View:
    @wraps(view)
    def committing(*args: Any, **kwargs: Any) -> Response:
        response = current_app.make_response(view(*args, **kwargs))
        if is_given_back():
            db_session().rollback()
            return response if response.status_code == OK else current_app.make_response(start_again())
        if request.method == "POST" and _settled(response):
            db_session().commit()
        else:
            db_session().rollback()
        return response

    setattr(committing, _ATTRIBUTE, commitment)
    return committing


def _settled(response: Response) -> bool:
    redirects = 300 <= response.status_code < 400
    return redirects or (response.is_json and 200 <= response.status_code < 300)
