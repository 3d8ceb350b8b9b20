"""What somebody typed is not lost when they were signed out meanwhile, and is sent by nobody but them.

A form that arrives without a session is sealed into the sign-in page: encrypted, for the account whose
session it was, for half a day. After signing in as that account it can be opened; then the page of the form
comes back filled and nothing of it is carried out: its form does not validate, and a write is an error. The
same happens at once to a form of our own whose token is out of date. No password and no file is ever kept.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from flask import abort, current_app, flash, g, redirect, request, session
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict

from skillsmatrix.foundation.no_writes import turn_writes_away
from skillsmatrix.operations.accounts import token_digest
from skillsmatrix.queries.actors import account_of_session
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.wording import gettext as _

FIELD: Final = "kept_form"
KEPT_FOR: Final = timedelta(hours=12)
LONGEST: Final = 64 * 1024
SIGN_IN_PAGE: Final = "skillsmatrix.sign_in_page"
_NEVER_KEPT: Final = ("password", "csrf_token", FIELD)


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was typed: whose, for which address, and its fields in order."""

    account_id: int
    path: str
    fields: tuple[tuple[str, str], ...]


def sealed() -> str | None:
    """What was typed into this request, for the account whose session has ended; None when it is not kept.

    Nothing is kept for a browser that nobody was signed in with, of the pages about signing in, of a mere
    button, or of a form that is longer than anybody types.
    """
    token = session.get("_user_id")
    if not has_a_page() or not isinstance(token, str) or request.blueprint == "access":
        return None
    fields = tuple(_typed())
    account_id = account_of_session(db_session(), token_digest(token))
    if account_id is None or not fields or sum(len(name) + len(text) for name, text in fields) > LONGEST:
        return None
    kept = {"account": account_id, "path": request.full_path.rstrip("?"), "fields": fields}
    return _cipher().encrypt_at_time(json.dumps(kept).encode(), _now()).decode()


def opened(text: str, *, account_id: int) -> Kept | None:
    """What is in a seal; None for one that is of another account, too old, or not ours."""
    try:
        ttl = int(KEPT_FOR.total_seconds())
        kept = json.loads(_cipher().decrypt_at_time(text.encode(), ttl, _now()))
    except (InvalidToken, UnicodeError):
        return None
    if kept["account"] != account_id:
        return None
    return Kept(account_id, kept["path"], tuple((name, value) for name, value in kept["fields"]))


def has_a_page() -> bool:
    """Is this a form that was sent from its own page, and can be shown there again; not a mere button."""
    rule = request.url_rule
    return request.method == "POST" and rule is not None and "GET" in (rule.methods or ())


def is_given_back() -> bool:
    """Is this request only to show a form again, filled and not carried out."""
    return bool(g.get("given_back"))


def give_back() -> None:
    """From here on this request shows a form and carries nothing out."""
    g.given_back = True
    turn_writes_away(db_session(), _start_again_instead)


def put_back(account_id: int) -> None:
    """Take the fields of the request out of the seal that came with it, if one did."""
    if FIELD not in request.form:
        return
    kept = opened(request.form[FIELD], account_id=account_id)
    if kept is None or kept.path != request.full_path.rstrip("?"):
        abort(start_again())
    request.form = ImmutableMultiDict(kept.fields)


def from_our_own_page() -> bool:
    """Does the browser say that the form stood on a page of this site."""
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return source.startswith(("http://", "https://")) and urlsplit(source).netloc == request.host


def start_again() -> Any:
    """Where a form cannot be shown again as it was: its page, empty, with a word about it."""
    session.pop("_flashes", None)
    flash(_("Nothing has been saved. Fill in the form again."))
    return redirect(request.full_path.rstrip("?") if has_a_page() else "/")


def sign_in_page(kept: str) -> ResponseReturnValue:
    """The page to sign in on, with the seal in it."""
    show = current_app.extensions[SIGN_IN_PAGE]
    answer: ResponseReturnValue = show(kept)
    return answer


def _typed() -> Iterator[tuple[str, str]]:
    for name, text in request.form.items(multi=True):
        if not any(part in name.lower() for part in _NEVER_KEPT):
            yield name, text


def _cipher() -> Fernet:
    secret = str(current_app.secret_key).encode()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"kept forms\n" + secret).digest()))


def _now() -> int:
    return int(g.at.timestamp())


def _start_again_instead() -> None:
    abort(start_again())
