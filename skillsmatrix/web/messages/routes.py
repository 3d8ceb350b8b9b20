"""The digest of whoever is signed in, their wishes about mail, and their calendar feed."""

from typing import Any, Final
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    session,
    url_for,
)

from skillsmatrix.documents.calendar_feed import Entry, calendar_file
from skillsmatrix.documents.digest_mail import (
    AHEAD,
    DIGEST_PATH,
    DOES,
    HEADINGS,
    address,
    looks_ahead,
    sentence,
)
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.operations.calendar_feeds import make_feed, revoke_feed
from skillsmatrix.operations.mails import set_weekly_digest
from skillsmatrix.queries.calendar import OwnDates, feed_owner, feed_since, own_dates
from skillsmatrix.queries.digests import digest as digest_of
from skillsmatrix.queries.mail_wishes import mail_state
from skillsmatrix.web.messages.forms import BareForm, SwitchForm
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import any_account, public
from skillsmatrix.web.shared.limits import Limits, limit
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _

bp = Blueprint("messages", __name__)

LIMITS: Final = "skillsmatrix.calendar_limits"
SETTINGS: Final = "skillsmatrix.messages_settings"
NEW_FEED: Final = "new_calendar_feed"
LONGEST_TOKEN: Final = 100


def init_messages(app: Flask, settings: Settings) -> None:
    """Remember whether and where mail is sent from, and begin to count what is asked of calendar feeds."""
    app.extensions[SETTINGS] = settings
    app.extensions[LIMITS] = Limits()


@bp.get(DIGEST_PATH)
@any_account(why="one's own week: every line is narrowed to what the account may see")
def digest() -> Any:
    found = digest_of(db_session(), g.actor, on=g.today, at=g.at)
    token = session.pop(NEW_FEED, None)
    return render_template(
        "messages/digest.html",
        digest=found,
        headings=HEADINGS,
        does=DOES,
        sentence=sentence,
        address=address,
        ahead=AHEAD,
        looks_ahead=looks_ahead,
        mail=mail_state(db_session(), g.actor.account_id),
        mailing=_settings().smtp_url is not None,
        feed=_address(token) if isinstance(token, str) else None,
        feed_since=feed_since(db_session(), g.actor.account_id),
        has_record=g.actor.staff_code is not None,
        switch=SwitchForm(),
        bare=BareForm(),
    )


@bp.post("/digest/mail")
@any_account(why="whether one gets mail oneself")
@commits
def switch() -> Any:
    form = SwitchForm()
    if form.validate_on_submit():
        wanted = form.wanted.data == "yes"
        set_weekly_digest(db_session(), account_id=g.actor.account_id, wanted=wanted, by=g.actor.by, at=g.at)
        flash(_("The weekly mail is on") if wanted else _("The weekly mail is off"), "success")
    return redirect(url_for("messages.digest"))


@bp.post("/digest/calendar")
@any_account(why="makes the address of one's own calendar feed")
@commits
def new_calendar() -> Any:
    if BareForm().validate_on_submit() and g.actor.staff_code is not None:
        # Shown once, on the next page; only a digest of it is kept.
        session[NEW_FEED] = make_feed(db_session(), account_id=g.actor.account_id, by=g.actor.by, at=g.at)
    return redirect(url_for("messages.digest", _anchor="calendar"))


@bp.post("/digest/calendar/end")
@any_account(why="takes the address of one's own calendar feed back")
@commits
def end_calendar() -> Any:
    form = BareForm()
    if form.validate_on_submit() and revoke_feed(
        db_session(), account_id=g.actor.account_id, by=g.actor.by, at=g.at
    ):
        flash(_("The calendar address works no longer"), "success")
    return redirect(url_for("messages.digest", _anchor="calendar"))


@bp.get("/calendar/<token>.ics")
@public(why="a calendar cannot sign in; the address is a secret of whoever made it")
def feed(token: str) -> Any:
    limit(LIMITS)
    owner = feed_owner(db_session(), token[:LONGEST_TOKEN], on=g.today)
    if owner is None or owner.staff_code is None:
        # Unknown, revoked, malformed, or of somebody who has left: all the same.
        return _sealed(Response("There is no calendar here.\n", status=404, mimetype="text/plain"))
    dates = own_dates(db_session(), owner.staff_code, on=g.today, at=g.at)
    name = _("%(organisation)s: my dates", organisation=_settings().organisation_name)
    body = calendar_file(_entries(dates), name=name, host=_host(), at=g.at)
    return _sealed(Response(body, content_type="text/calendar; charset=utf-8"))


def _entries(dates: OwnDates) -> list[Entry]:
    seats = [
        Entry(
            key=f"seat:{dates.staff}:{seat.course_date}",
            title=seat.title if seat.sure else _("%(course)s (seat offered)", course=seat.title),
            starts=seat.starts_at,
            ends=seat.ends_at,
            place=seat.place,
            address=_page("training.show", number=seat.course_date),
            status="CANCELLED" if seat.called_off else "CONFIRMED" if seat.sure else "TENTATIVE",
        )
        for seat in dates.seats
    ]
    ends = [
        Entry(
            key=f"end:{dates.staff}:{end.competency}",
            title=_("%(competency)s: last valid day", competency=end.title),
            starts=end.on,
            ends=None,
            address=_page("me.reasons", competency=end.competency),
        )
        for end in dates.last_days
    ]
    return [*seats, *ends]


def _page(endpoint: str, **values: Any) -> str:
    return _settings().public_url + url_for(endpoint, **values)


def _address(token: str) -> str:
    return _page("messages.feed", token=token)


def _host() -> str:
    return urlsplit(_settings().public_url).hostname or "localhost"


def _sealed(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _settings() -> Settings:
    settings: Settings = current_app.extensions[SETTINGS]
    return settings
