"""Somebody's own dates as an iCalendar file (RFC 5545), for a calendar to fetch again and again.

Instants are written in UTC: right on both sides of a clock change, without a description of the time zone.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

FETCHED_AGAIN_AFTER: Final = timedelta(hours=12)
_PRODUCT: Final = "-//skillsmatrix//calendar feed//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `key` stays the same when it is moved; `address`: the page about it.

    From `starts` until `ends`, which are instants, or the whole of one day.
    """

    key: str
    title: str
    starts: datetime | date
    ends: datetime | None
    address: str
    place: str = ""
    status: str = "CONFIRMED"


def calendar_file(entries: Iterable[Entry], *, name: str, host: str, at: datetime) -> bytes:
    """The entries as a file. A key becomes a name that says nothing, and is the same every time."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", FETCHED_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for entry in entries:
        calendar.add_component(_event(entry, host, at))
    return bytes(calendar.to_ical())


def _event(entry: Entry, host: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{hashlib.sha256(entry.key.encode()).hexdigest()[:32]}@{host}")
    event.add("dtstamp", at.astimezone(UTC).replace(microsecond=0))
    event.add("summary", entry.title)
    if isinstance(entry.starts, datetime):
        event.add("dtstart", entry.starts.astimezone(UTC))
        event.add("dtend", (entry.ends or entry.starts).astimezone(UTC))
    else:
        event.add("dtstart", entry.starts)
        event.add("transp", "TRANSPARENT")  # a last day takes up no time
    event.add("status", entry.status)
    if entry.place:
        event.add("location", entry.place)
    event.add("url", entry.address)
    return event
