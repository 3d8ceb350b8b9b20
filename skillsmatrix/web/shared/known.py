"""The instant as known at which a page is asked: `?known_at=1/11/2026`, now when nothing is said."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import abort, request

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
