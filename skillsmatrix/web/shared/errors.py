"""Error pages: what happened, what to do, and a reference that leads to the log. Never a trace."""

import secrets
from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from skillsmatrix.operations.passwords import TooManyAtOnce
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import show_again
from skillsmatrix.web.shared.wording import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Words:
    """What an error page says."""

    heading: str
    advice: str


_WORDS: Final = {
    400: Words(_("This request could not be read"), _("Go back and try again.")),
    403: Words(
        _("You do not have access to this"),
        _("If you need it for your work, ask whoever looks after accounts in your organisation."),
    ),
    404: Words(
        _("Page not found"),
        _("Check the address. The page may have moved, or it may be about somebody outside your work."),
    ),
    405: Words(_("This page does not do that"), _("Go back and use the buttons on the page.")),
    409: Words(
        _("Somebody else changed this first"),
        _("Nothing of yours was saved. Go back, look at what it says now, and make your change again."),
    ),
    413: Words(
        _("The file or form is too large"), _("Nothing was saved. Send a smaller file, or less text at once.")
    ),
    429: Words(
        _("Too many tries"),
        _("Wait a while before you try again. Nothing you do makes the wait shorter."),
    ),
    500: Words(
        _("Something went wrong"),
        _("Nothing was changed. Try again; if it goes on, give the reference below to your support team."),
    ),
    503: Words(_("The service is busy"), _("Nothing was changed. Try again in a minute.")),
}
_TOKEN: Final = Words(
    _("This form is out of date"),
    _("Nothing was saved. Go back, load the page again, and send the form once more."),
)
_DAYS: Final = frozenset({"on", "known_at", "from", "to"})
_UNKNOWN: Final = Words(_("This did not work"), _("Nothing was changed. Go back and try again."))


def init_errors(app: Flask) -> None:
    """Answer every kind of failure with a page of ours, the database as it was."""
    app.register_error_handler(SecurityError, _wrong_host)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(StaleDataError, _lost_update)
    app.register_error_handler(TooManyAtOnce, _busy)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _failed)


def _refused(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect that Flask asks for
    words = _WORDS.get(error.code, _UNKNOWN)
    if error.code == 400 and error.description and error.description != type(error).description:
        words = Words(_("This page cannot be shown as asked"), error.description)
    headers = [header for header in error.get_headers() if header[0] in {"Allow", "Retry-After"}]
    response = _page(error.code, words)
    response.headers.extend(headers)
    return response


def _forged(_error: CSRFError) -> ResponseReturnValue:
    """A form of our own that lay open too long comes back filled; anybody else's is refused."""
    return show_again() or _page(400, _TOKEN)


def _wrong_host(_error: SecurityError) -> Response:
    # No page of ours: every address on it would be built from a host that is not ours.
    return Response("This address is not served here.", status=400, mimetype="text/plain")


def _lost_update(_error: StaleDataError) -> Response:
    return _page(409, _WORDS[409])


def _busy(error: Exception) -> Response:
    cause = getattr(error, "orig", None) or type(error).__name__  # never the statement with its values
    current_app.logger.warning("busy: %s %s: %s", request.method, request.endpoint, cause)
    response = _page(503, _WORDS[503])
    response.headers["Retry-After"] = "60"
    return response


def _failed(error: Exception) -> Response:
    reference = _reference()
    current_app.logger.error(
        "reference %s: %s %s", reference, request.method, request.endpoint, exc_info=error
    )
    return _page(500, _WORDS[500], reference=reference)


def _page(code: int, words: Words, *, reference: str | None = None) -> Response:
    """The page, after everything that this request wrote has been dropped."""
    db_session().rollback()
    reference = reference or _reference()
    if code != 500:
        current_app.logger.info("reference %s: %s for %s", reference, code, request.endpoint)
    g.decision = g.get("decision") or "error"
    try:
        body = render_template(
            "errors/error.html",
            code=code,
            words=words,
            again=_without_days() if code == 400 else None,
            reference=reference,
        )
    except Exception as broken:  # the last resort: even the page that says so is broken
        current_app.logger.error("reference %s: no error page", reference, exc_info=broken)
        return Response(f"Something went wrong. Reference: {reference}", status=500, mimetype="text/plain")
    return Response(body, status=code)


def _without_days() -> str | None:
    """The same page without the days of its address, which could not be read; None: it had none."""
    if request.method != "GET" or request.endpoint is None or not request.args.keys() & _DAYS:
        return None
    others = {name: request.args.getlist(name) for name in request.args if name not in _DAYS}
    return url_for(request.endpoint, **{**others, **(request.view_args or {})})


def _reference() -> str:
    """Short enough to read out on the telephone."""
    return secrets.token_hex(4).upper()
