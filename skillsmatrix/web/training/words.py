"""How states, reasons, obstacles, times and money of training are said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from skillsmatrix.domain.booking import BookingState, Hindrance, Need, Obstacle, Why
from skillsmatrix.foundation.clock import LONDON, london_day
from skillsmatrix.operations.bookings import GivenUp
from skillsmatrix.operations.seats import RAN_OUT
from skillsmatrix.queries.training import DateLine
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import lazy_gettext, ngettext

STATES = {
    BookingState.WAITING: lazy_gettext("On the waiting list"),
    BookingState.OFFERED: lazy_gettext("Seat offered"),
    BookingState.BOOKED: lazy_gettext("Booked"),
    BookingState.CANCELLED: lazy_gettext("Cancelled"),
    BookingState.ATTENDED: lazy_gettext("Attended and passed"),
    BookingState.PART_ATTENDED: lazy_gettext("Attended in part"),
    BookingState.DID_NOT_ATTEND: lazy_gettext("Did not attend"),
    BookingState.FAILED: lazy_gettext("Attended, did not pass"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """Code → name of services and competencies, for reasons that mention them."""

    services: Mapping[str, str]
    competencies: Mapping[str, str]


def when(line: DateLine) -> str:
    """Monday 16 March 2026, 9:00 to 15:00, London time."""
    starts, ends = line.starts_at.astimezone(LONDON), line.ends_at.astimezone(LONDON)
    first = f"{starts:%A} {formats.day(starts.date())}"
    if starts.date() == ends.date():
        return _("%(day)s, %(start)s to %(end)s", day=first, start=clock_time(starts), end=clock_time(ends))
    last = f"{ends:%A} {formats.day(ends.date())}"
    return _(
        "%(day)s at %(start)s to %(last)s at %(end)s",
        day=first,
        start=clock_time(starts),
        last=last,
        end=clock_time(ends),
    )


def clock_time(at: datetime) -> str:
    """9:00, as the clock on a London wall shows it."""
    local = at.astimezone(LONDON)
    return f"{local.hour}:{local.minute:02}"


def pounds(pence: int) -> str:
    """£1,250 or £12.50."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}" if not rest else f"£{whole:,}.{rest:02}"


def cost(line: DateLine) -> str:
    """What a seat and what the whole run cost."""
    parts = []
    if line.seat_pence:
        parts.append(_("%(cost)s for each seat", cost=pounds(line.seat_pence)))
    if line.run_pence:
        parts.append(_("%(cost)s for the day as a whole", cost=pounds(line.run_pence)))
    return ", ".join(parts) or _("No cost")


def seats(line: DateLine) -> str:
    """8 of 10 seats taken, 3 people waiting."""
    taken = _("%(taken)s of %(seats)s seats taken", taken=line.taken, seats=line.seats)
    if not line.waiting:
        return taken
    return f"{taken}, " + ngettext("%(num)s person waiting", "%(num)s people waiting", line.waiting)


def hindrance(found: Hindrance) -> str:
    """One thing that stands in the way."""
    match found.obstacle:
        case Obstacle.NOT_EMPLOYED:
            return _("Employment has ended by then")
        case Obstacle.NO_POST:
            return _("Has no post on that day")
        case Obstacle.ABSENT:
            return _("Away on that day")
        case Obstacle.TEACHES:
            return _("Teaches it")
        case Obstacle.OTHER_COURSE:
            return _("Is on %(course)s at the same time", course=found.about)
        case Obstacle.PREREQUISITE if (found.level or 1) > 1:
            return _("Needs %(title)s at level %(level)s first", title=found.about, level=found.level)
        case Obstacle.PREREQUISITE:
            return _("Needs %(title)s first", title=found.about)


def hindrances(found: tuple[Hindrance, ...]) -> str:
    """All of them, in one line; blank when nothing stands in the way."""
    return "; ".join(hindrance(each) for each in found)


def need(found: Need, names: Names) -> str:
    """What somebody's attendance would mend; blank when nothing."""
    why = (
        Why.HARD_STOP
        if found.hard_stop
        else Why.SHORTFALL
        if found.shortfall
        else Why.RUNS_OUT
        if found.runs_out_on
        else None
    )
    return reason_of(why, found, names) if why else ""


def reason_of(why: Why, found: Need, names: Names) -> str:
    """Why somebody stands where they stand on the list."""
    about = {
        "service": names.services.get(found.service or "", found.service or ""),
        "competency": names.competencies.get(found.competency or "", found.competency or ""),
    }
    match why:
        case Why.PASSED_OVER:
            return _("Three people who asked later have been given a seat")
        case Why.LONG_WAIT:
            return _("Has waited for sixty days")
        case Why.HARD_STOP:
            return _(
                "%(service)s is %(num)s short of %(competency)s, a hard stop", num=found.hard_stop, **about
            )
        case Why.SHORTFALL:
            return _("%(service)s is %(num)s short of %(competency)s", num=found.shortfall, **about)
        case Why.RUNS_OUT:
            day = formats.day(found.runs_out_on) if found.runs_out_on else ""
            return _("What they hold ends on %(day)s", day=day)
        case Why.FIRST_COME:
            return _("In order of asking")


def kept_reason(text: str | None, names: Names) -> str:
    """The reason beside a booking: why a seat was offered, or what somebody gave as theirs."""
    if not text:
        return ""
    if text == RAN_OUT:
        return ran_out()
    if not text.startswith('{"why"'):
        return text
    said = json.loads(text)
    ends = said["runs_out_on"]
    found = Need(
        hard_stop=said["hard_stop"],
        shortfall=said["shortfall"],
        runs_out_on=date.fromisoformat(ends) if ends else None,
        service=said["service"],
        competency=said["competency"],
    )
    return reason_of(Why(said["why"]), found, names)


def ran_out() -> str:
    """An offer that nobody took up in time."""
    return _("The offer ran out")


def closed_because(line: DateLine, *, at: datetime) -> str:
    """Why nobody can be booked any more."""
    if line.called_off:
        return _("This date is called off: %(reason)s", reason=line.cancelled_reason)
    if line.ends_at <= at:
        return _("This date is over")
    if line.starts_at <= at:
        return _("The course has begun")
    if line.cut_off_on is not None and london_day(at) > line.cut_off_on:
        return _("Bookings closed on %(day)s", day=formats.day(line.cut_off_on))
    return ""


def given_up(was: BookingState, found: GivenUp) -> str:
    """What somebody gave up, and who has it next."""
    if was is BookingState.WAITING:
        return _("The place on the waiting list is given up.")
    if was is BookingState.OFFERED:
        said = _("The offer is given up.")
    elif found.in_time:
        said = _("The seat is cancelled, in time.")
    else:
        said = _("The seat is cancelled, after the last day for it.")
    then = (
        _("It is offered to the next in line.") if found.passed_on else _("It is free: nobody waits for it.")
    )
    return f"{said} {then}"
