"""Why a standing is what it is, and what would change it, in words that a tired person can act on."""

from datetime import date

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.standing import Holding, Standing, SuspendedBy, Verdict, supervision_lapses_on
from skillsmatrix.domain.supervision import kind_in_words


def in_words(day: date) -> str:
    """A day as it is written on pages and paper: 28 February 2027."""
    return f"{day.day} {day:%B} {day.year}"


def explain(verdict: Verdict, facts: Holding, *, on: date) -> str:
    """Why the verdict is what it is on this day: one or two plain sentences."""
    match verdict.standing:
        case Standing.EXEMPT:
            return _exempt(facts, on)
        case Standing.SUSPENDED:
            return " ".join(_suspended(each, facts, on) for each in verdict.suspended_by)
        case Standing.EXPIRING | Standing.VALID:
            return _held(verdict, on)
        case Standing.IN_INDUCTION:
            return "Still in induction, and not held yet."
        case Standing.BELOW_LEVEL:
            return f"Held at level {verdict.held_level}; level {verdict.level} is required."
        case Standing.AWAITING_SIGN_OFF:
            return "Learning is complete. Nobody has signed it off yet."
        case Standing.WITHDRAWN:
            last = facts.evidence.last_day_before(on, verdict.level) or on
            return f"The sign-off was withdrawn on {in_words(last + ONE_DAY)}."
        case Standing.EXPIRED:
            return f"Last held on {in_words(verdict.last_held_on or on)}."
        case Standing.SUPERSEDED:
            older = ", ".join(
                each.competency.code for each in facts.older if each.satisfies(verdict.level, on)
            )
            return f"Holds {older}, which this one has replaced."
        case Standing.NOT_HELD:
            return _not_held(facts, on)


def next_step(verdict: Verdict, facts: Holding, *, on: date) -> str:
    """What would change the verdict for the better, or keep it; empty when nothing is to be done."""
    competency = facts.competency
    match verdict.standing:
        case Standing.VALID | Standing.EXEMPT:
            return ""
        case Standing.EXPIRING:
            return f"{_renewal(facts, verdict, on)} by {in_words(verdict.valid_to or on)}."
        case Standing.SUSPENDED:
            return _lift(verdict.suspended_by[0], facts)
        case Standing.BELOW_LEVEL:
            what = "Be signed off" if competency.needs_sign_off else "Complete learning"
            return f"{what} at level {verdict.level}."
        case Standing.AWAITING_SIGN_OFF | Standing.WITHDRAWN:
            return f"Be observed and signed off at level {verdict.level} by an assessor."
        case _:
            return _from_the_start(facts, verdict, on)


def _held(verdict: Verdict, on: date) -> str:
    since = f"Held since {in_words(verdict.held_since or on)}"
    if verdict.valid_to is None:
        return f"{since}, with no end."
    text = f"{since}, valid to {in_words(verdict.valid_to)}"
    if verdict.standing is Standing.EXPIRING:
        days = (verdict.valid_to - on).days
        return f"{text}: the last day." if days == 0 else f"{text}: {days} more day{'s' if days > 1 else ''}."
    return f"{text}."


def _exempt(facts: Holding, on: date) -> str:
    end = next(period.ends_on for period in facts.exemptions if period.covers(on))
    return "Approved exemption." if end is None else f"Approved exemption to {in_words(end)}."


def _suspended(by: SuspendedBy, facts: Holding, on: date) -> str:
    competency = facts.competency
    if by is SuspendedBy.DECISION:
        period = next(each for each in facts.suspensions if each.covers(on))
        end = f" to {in_words(period.ends_on)}" if period.ends_on else " until further notice"
        return f"Stopped by decision from {in_words(period.starts_on)}{end}."
    if by is SuspendedBy.REGISTRATION:
        return f"No {competency.registration_body} registration covers this day."
    lapsed_on = supervision_lapses_on(facts, on=on) or on
    counted = [day for day in facts.sessions if day <= on]
    last = f"the last session that counts was on {in_words(max(counted))}" if counted else "no session counts"
    kind = _kind(facts)
    return f"{kind[:1].upper()}{kind[1:]} supervision lapsed on {in_words(lapsed_on)}: {last}."


def _lift(by: SuspendedBy, facts: Holding) -> str:
    if by is SuspendedBy.DECISION:
        return "Ask whoever stopped it what must happen before it can be lifted."
    if by is SuspendedBy.REGISTRATION:
        return f"Record a registration with {facts.competency.registration_body} that is in force."
    return f"Hold and record a {_kind(facts)} supervision session."


def _kind(facts: Holding) -> str:
    return kind_in_words(facts.competency.supervision_kind or "")


def _renewal(facts: Holding, verdict: Verdict, on: date) -> str:
    """Which of the two kinds of evidence runs out first."""
    competency = facts.competency
    if not competency.needs_sign_off:
        return "Renew the learning"
    if not competency.needs_learning:
        return "Be assessed again"
    learning_ends = [term.valid_to for term in facts.evidence.learning if term.counts_on(on)]
    end = verdict.valid_to or on
    lasts = any(each is None or each > end for each in learning_ends)
    return "Be assessed again" if lasts else "Renew the learning"


def _not_held(facts: Holding, on: date) -> str:
    if facts.competency.needs_learning and facts.evidence.was_ever_signed_off(on):
        return "Signed off, but the learning is missing."
    if any(not each.competent and each.assessed_on <= on for each in facts.evidence.sign_offs):
        return "Assessed, and not yet competent."
    return "Nothing recorded that counts."


def _from_the_start(facts: Holding, verdict: Verdict, on: date) -> str:
    competency = facts.competency
    steps = []
    if competency.needs_learning and not facts.evidence.has_learning(on):
        steps.append("complete the learning")
    if competency.needs_sign_off:
        steps.append(f"be signed off at level {verdict.level}")
    return " and ".join(steps or [f"complete learning at level {verdict.level}"]).capitalize() + "."
