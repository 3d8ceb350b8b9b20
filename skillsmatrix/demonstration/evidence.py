"""Learning and sign-offs: for each need a history that ends well, or as people's histories do end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from skillsmatrix.demonstration.chains import ending_expired, ending_valid, without_gap
from skillsmatrix.demonstration.needs import Need, gap_share
from skillsmatrix.demonstration.seedfiles import Row
from skillsmatrix.demonstration.setting import FIRST_SIGN_OFFS, Setting, working_day

BROUGHT_ALONG = timedelta(days=30)
MARGIN = timedelta(days=40)  # the two first assessors were signed off before anybody else
ON_ARRIVAL = ("CS-INDO", "CS-INDL")


@dataclass(frozen=True, slots=True)
class Assessment:
    """A sign-off whose assessor is still to be found."""

    staff: str
    competency: str
    level: int
    assessed_on: date
    competent: bool = True


@dataclass(slots=True)
class History:
    """The days on which one person did what one need asks for."""

    need: Need
    learnt_on: list[date] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)

    def assess(self, day: date, *, level: int | None = None, competent: bool = True) -> None:
        """Add an assessment at the level of the need, or at another."""
        asked = self.need.level if level is None else level
        self.assessments.append(Assessment(self.need.staff, self.need.competency, asked, day, competent))


def build_history(setting: Setting, need: Need, competency: Row) -> History:
    """The history of one need, by the rules of its competency."""
    draw = setting.draw("history", need.staff, need.competency)
    history = History(need)
    if need.until < need.starts_on:
        return history
    ending = _ending(setting, draw, need, competency)
    learning, signing = competency["needs_learning"] == "yes", competency["needs_sign_off"] == "yes"
    if ending == "never":
        return history
    if learning:
        history.learnt_on = _days(
            setting, draw, need, competency["learning_months"], _ending_of("learning", ending)
        )
    if signing and (history.learnt_on or not learning):
        _assess(setting, draw, history, competency, ending)
    return history


def _ending_of(part: str, ending: str) -> str:
    """What an ending of the whole means for the learning in it."""
    return "expired" if ending == f"{part} expired" else "certain" if ending == "certain" else "valid"


def _ending(setting: Setting, draw: Random, need: Need, competency: Row) -> str:
    if need.certain:
        return "certain"
    served = (need.until - need.starts_on).days
    if served < need.window and draw.random() > served / need.window:
        return "never"
    if draw.random() >= gap_share(setting, need.service) * _habit(setting, need.staff):
        return "valid"
    if competency["needs_learning"] == "no":
        return draw.choice(("never", "valid"))
    if competency["needs_sign_off"] == "no":
        return _lapsed_or_never(draw, need, competency["learning_months"])
    endings = ["sign-off expired", "sign-off expired", "learning expired", "awaiting", "awaiting", "never"]
    return draw.choice(endings + (["below"] if need.level > 1 else []))


def _habit(setting: Setting, staff: str) -> float:
    """How far behind a person tends to be: many hardly ever, some often."""
    return setting.draw("habit", staff).choice((0.1, 0.1, 0.1, 0.2, 0.3, 0.8, 1.0, 1.5, 2.4, 3.5))


def _lapsed_or_never(draw: Random, need: Need, months: str) -> str:
    """Those who have been here longer than a term let it lapse; others have not got round to it."""
    if not months or (need.until - need.starts_on).days < int(months) * 30:
        return draw.choice(("never", "valid"))
    return draw.choice(("learning expired",) * 9 + ("never",))


def _days(setting: Setting, draw: Random, need: Need, months_text: str, ending: str) -> list[date]:
    months = int(months_text) if months_text else None
    earliest = setting.history_from
    if ending == "certain":
        return without_gap(draw, _first_certain(setting, draw, need, months), need.until, months)
    if ending == "expired":
        return ending_expired(draw, earliest, need.starts_on, need.until, months) or (
            ending_valid(draw, earliest, need.starts_on, need.until, months)
            if (need.until - need.starts_on).days < need.window
            else []
        )
    days = ending_valid(draw, earliest, need.starts_on, need.until, months)
    if need.competency.partition("@")[0] in ON_ARRIVAL:
        days = [min(need.until, need.starts_on + timedelta(days=draw.randint(0, 6)))]
    return days


def _first_certain(setting: Setting, draw: Random, need: Need, months: int | None) -> date:
    """On or just before the first day; for what began before the history, some time into a term."""
    if need.competency.partition("@")[0] in ON_ARRIVAL:
        return need.starts_on
    if need.starts_on >= setting.history_from:
        return working_day(need.starts_on - timedelta(days=draw.randint(0, BROUGHT_ALONG.days)))
    into_term = draw.randint(0, 300 if months is None else months * 20)
    return working_day(max(need.starts_on, setting.history_from - timedelta(days=into_term)))


def _assess(setting: Setting, draw: Random, history: History, competency: Row, ending: str) -> None:
    """Assessments after the learning; the first is now and then a not yet."""
    need = history.need
    if ending == "awaiting" or need.until < setting.on - FIRST_SIGN_OFFS + MARGIN:
        return
    months = int(competency["sign_off_months"]) if competency["sign_off_months"] else None
    first_possible = max(need.starts_on, history.learnt_on[0] if history.learnt_on else need.starts_on)
    soonest = working_day(min(need.until, first_possible + timedelta(days=draw.randint(4, 12))))
    soonest = max(soonest, first_possible)
    register_began = working_day(setting.on - FIRST_SIGN_OFFS + MARGIN + timedelta(days=draw.randint(0, 150)))
    first = max(soonest, min(register_began, need.until))
    if ending == "below":
        for day in without_gap(draw, first, need.until, months):
            history.assess(day, level=need.level - 1)
        return
    if ending == "certain":
        days = without_gap(draw, first, need.until, months)
    elif ending == "sign-off expired":
        days = ending_expired(draw, setting.history_from, soonest, need.until, months)
    else:
        days = ending_valid(draw, setting.history_from, soonest + timedelta(days=25), need.until, months)
    days = sorted({min(max(day, first), need.until) for day in days})
    if days and ending != "certain" and days[0] - timedelta(days=21) > first and draw.random() < 0.06:
        history.assess(working_day(days[0] - timedelta(days=20)), competent=False)
    for day in days:
        history.assess(day)


def founders_history(setting: Setting, staff: str, competency: Row, level: int, *, second: bool) -> History:
    """What a first assessor holds: everything, without a gap, since before anybody else was assessed."""
    draw = setting.draw("founder", staff, competency["competency"])
    starts_on = setting.on - FIRST_SIGN_OFFS + timedelta(days=7 * second)
    need = Need(staff, competency["competency"], level, True, starts_on, setting.on)
    history = History(need)
    if competency["needs_learning"] == "yes":
        first = starts_on - timedelta(days=20)
        months = competency["learning_months"]
        history.learnt_on = without_gap(draw, first, setting.on, int(months) if months else None)
    months = competency["sign_off_months"]
    for day in without_gap(draw, starts_on, setting.on, int(months) if months else None):
        history.assess(day)
    return history


def courses_by_competency(catalogue: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """The grants of each competency, those of the narrowest course first."""
    breadth: dict[str, int] = {}
    for row in catalogue["course_grants"]:
        breadth[row["course"]] = breadth.get(row["course"], 0) + 1
    grants: dict[str, list[Row]] = {}
    for row in sorted(catalogue["course_grants"], key=lambda row: (breadth[row["course"]], row["course"])):
        grants.setdefault(row["competency"], []).append(row)
    return grants
