"""What an exemption may excuse (domain page, section 5.4): never a hard stop, never for more than a year."""

from datetime import date

from skillsmatrix.domain.calendar import Period, add_months, earlier_end
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Asking, Requirement, Requirements, asked_of

LONGEST_MONTHS = 12  # the domain page, section 5.4: "end date at most 12 months"


def latest_end(starts_on: date) -> date:
    """The last day an exemption may have: from 1 March 2026 it is 1 March 2027 (contract C2, C3)."""
    return add_months(starts_on, LONGEST_MONTHS)


def waived_hard_stops(
    person: Person, requirements: Requirements, competency: str, period: Period
) -> tuple[Requirement, ...]:
    """The hard stops of this competency that bind the person on some day of the period, by code.

    A hard stop that binds the team and not the person needs no excuse: whoever is exempt is never cover.
    """
    asked = asked_of(person, requirements).get(competency, ())
    rows = {
        each.requirement.code: each.requirement
        for each in asked
        if each.requirement.hard_stop and _meets(person, each, period)
    }
    return tuple(rows[code] for code in sorted(rows))


def _meets(person: Person, asking: Asking, period: Period) -> bool:
    """Do the post, the employment, the row, the service and the period share a day."""
    row, post, service = asking.requirement, asking.post, asking.service
    starts_on = max(
        period.starts_on,
        post.starts_on,
        person.employed_from,
        row.in_force_from,
        service.opens_on or date.min,
    )
    ends_on = period.ends_on
    for end in (post.ends_on, person.employed_to, row.in_force_to, service.closes_on):
        ends_on = earlier_end(ends_on, end)
    return ends_on is None or starts_on <= ends_on
