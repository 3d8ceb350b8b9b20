"""The instant as known at which a page is asked: `?known_at=1/11/2026`, now when nothing is said."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import abort, request

from skillsmatrix.queries.known_then import MOST_PEOPLE, Otherwise, believed_otherwise, few_enough
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.moment import days_in_reach, is_out_of_reach, read_day
from skillsmatrix.web.shared.wording import gettext as _

_LONDON = ZoneInfo("Europe/London")


def asked_instant() -> datetime | None:
    """The end of the London day in the address; None for "as known now". An error page when it is no day."""
    text = request.args.get("known_at", "").strip()
    if not text:
        return None
    day = read_day(text)
    if day is None and is_out_of_reach(text):
        advice = days_in_reach()
        abort(400, description=_("The day of what was known is out of reach. %(advice)s.", advice=advice))
    if day is None:
        abort(400, description=_("The day of what was known is not a date. Write it as 28/2/2027."))
    midnight = datetime.combine(day + timedelta(days=1), time(0), _LONDON)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def asked_instant_of_all() -> datetime | None:
    """The same on a page about everybody. An error page when too many people are to be worked out anew."""
    instant = asked_instant()
    if instant is not None:
        otherwise = believed_otherwise(db_session(), instant)
        if not few_enough(otherwise):
            abort(400, description=_too_many(otherwise))
    return instant


def _too_many(otherwise: Otherwise) -> str:
    people, most = f"{len(otherwise.staff_ids):,}", f"{MOST_PEOPLE:,}"
    if otherwise.rules:
        return _(
            "The rules have changed since, so that what was known has to be worked out anew for all "
            "%(people)s people. The whole organisation is answered for up to %(most)s. Choose one service "
            "and ask there.",
            people=people,
            most=most,
        )
    return _(
        "The records of %(people)s people have changed since. What was known of the whole organisation is "
        "worked out anew for up to %(most)s. Choose a later day, or choose one service and ask there.",
        people=people,
        most=most,
    )
