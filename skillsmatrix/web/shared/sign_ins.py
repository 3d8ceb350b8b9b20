"""Flask-Login over our own table of sessions: the cookie carries a token, the table says what it is worth."""

from datetime import datetime, timedelta
from typing import Final

from flask import Flask, current_app, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user
from itsdangerous import URLSafeTimedSerializer

from skillsmatrix.domain.sign_in import SessionLimits
from skillsmatrix.foundation.said import Question
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.operations.accounts import note_seen, token_digest
from skillsmatrix.queries.accounts import SignedIn, session_question, signed_in
from skillsmatrix.web.shared.database import db_session, write_in_passing

NOTE_SEEN_EVERY: Final = timedelta(minutes=1)
_LIMITS: Final = "skillsmatrix.session_limits"


class Holder(UserMixin):  # type: ignore[misc]  # Flask-Login is published without types
    """Flask-Login's user: the token in the cookie and what it stands for."""

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        self.token = token
        self.signed_in = signed_in

    def get_id(self) -> str:
        return self.token


class Cookies(SecureCookieSessionInterface):
    """Flask's own cookie; what signs it is made once, not twice for every request."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


def init_sign_ins(app: Flask, settings: Settings) -> None:
    """Let Flask-Login find people through `account_sessions`."""
    app.extensions[_LIMITS] = SessionLimits(
        idle=timedelta(minutes=settings.session_idle_minutes),
        absolute=timedelta(minutes=settings.session_absolute_minutes),
    )
    app.session_interface = Cookies()
    manager = LoginManager(app, add_context_processor=False)  # templates are given the actor
    manager.session_protection = None  # a phone changes its address all day; the table has the last word
    manager.user_loader(_find)


def session_limits() -> SessionLimits:
    """How long somebody stays signed in, as this installation is set up."""
    limits: SessionLimits = current_app.extensions[_LIMITS]
    return limits


def current_sign_in() -> SignedIn | None:
    """Who is signed in on this request; None for nobody."""
    return current_user.signed_in if current_user.is_authenticated else None


def start_session(token: str) -> None:
    """Hand the browser a new session: whatever it brought along from before is dropped."""
    flashes = session.get("_flashes")
    session.clear()
    if flashes:
        session["_flashes"] = flashes
    found = _find(token)
    if found is None:
        raise RuntimeError("a session that was just opened must be found")
    login_user(found)


def note_in_use(found: SignedIn) -> None:
    """Remember that the session is in use, at most once a minute."""
    if g.at - found.last_seen_at >= NOTE_SEEN_EVERY:
        write_in_passing(lambda own: note_seen(own, session_id=found.session_id, by=found.actor.by, at=g.at))


def sign_in_question() -> Question:
    """What is asked of the database to know who is signed in on this request."""
    return session_question(token_digest(current_user.token))


def stands_until(found: SignedIn) -> datetime:
    """The instant at which the session is over, or is to be noted as in use, if nothing is asked before."""
    limits = session_limits()
    return min(found.last_seen_at + min(NOTE_SEEN_EVERY, limits.idle), found.created_at + limits.absolute)


def _find(token: object) -> Holder | None:
    if not isinstance(token, str):
        return None
    found = signed_in(db_session(), token_digest(token), on=g.today, at=g.at, limits=session_limits())
    return None if found is None else Holder(token, found)
