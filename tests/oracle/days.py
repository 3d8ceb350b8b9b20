"""Days, months and instants as the oracle reads them out of text."""

import calendar
from datetime import UTC, date, datetime, timedelta

ONE_DAY = timedelta(days=1)


def day(text: str) -> date | None:
    """The day a text names; None for a blank."""
    return date.fromisoformat(text) if text else None


def known_day(text: str) -> date:
    """The day of a column that may not be blank."""
    return date.fromisoformat(text)


def number(text: str) -> int | None:
    """The whole number a text names; None for a blank."""
    return int(text) if text else None


def instant(text: str, *, blank: datetime) -> datetime:
    """The UTC instant a text names; `blank` where it names none. Without an offset it is UTC."""
    if not text:
        return blank
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def add_months(start: date, months: int) -> date:
    """C3: the same day of the month so many months on, or the last day of a shorter month."""
    whole = start.year * 12 + (start.month - 1) + months
    year, month = whole // 12, whole % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def covers(first: date | None, last: date | None, on: date) -> bool:
    """C2: first ≤ on ≤ last, both ends counted; a blank end is open."""
    return (first is None or first <= on) and (last is None or on <= last)


def row_covers(row: dict[str, str], first: str, last: str, on: date) -> bool:
    """C2 for two columns of a row."""
    return covers(day(row.get(first, "")), day(row.get(last, "")), on)
