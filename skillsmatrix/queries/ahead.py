"""Looking past today: supervision is taken to go on as it stands today (contract V8)."""

from datetime import date

from skillsmatrix.domain.standing import Holding, supervision_lapses_on


def supervised_on(*, on: date, today: date) -> date | None:
    """The day for which the image looks up lapsed supervision: today for a day to come, else its own."""
    return today if on > today else None


def looking_ahead(facts: Holding, *, on: date, today: date) -> Holding:
    """The facts as a page about a day to come uses them; unchanged for today and for the past.

    Where supervision has not lapsed today, a session is taken to be held in time for the day.
    """
    if on <= today or facts.competency.supervision_kind is None:
        return facts
    lapse = supervision_lapses_on(facts, on=today)
    if lapse is not None and lapse <= today:
        return facts
    return facts._replace(sessions=(*facts.sessions, on))
