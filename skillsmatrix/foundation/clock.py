"""The only module that knows what time it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """This instant, aware, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's Europe/London calendar day (contract C1)."""
    return london_day(now())


def london_day(at: datetime) -> date:
    """The Europe/London calendar day of an aware instant: 31 March 23:30 UTC is 1 April in summer time."""
    return at.astimezone(LONDON).date()
