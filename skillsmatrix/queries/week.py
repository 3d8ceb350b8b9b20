"""What could be done for the cover of some services, person by person, in the order of what it does."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.explanation import explain, next_step
from skillsmatrix.domain.next_steps import Doing, Place, Weight, doing, first, steps_from, weight
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Cover
from skillsmatrix.domain.standing import Standing, Verdict, supervision_lapses_on
from skillsmatrix.queries.team import Team

LOOK_AHEAD_DAYS = 30  # what runs out later can wait for another week


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `person` None: somebody has yet to be found. `by`: the last day in time; None: now.

    `lines`: the lines of cover it bears on, the one that decides first. `what`: what to do, in words;
    `because`: where the person stands.
    """

    service: str
    person: str | None
    competency: str
    doing: Doing
    standing: Standing | None
    because: str
    what: str
    by: date | None
    lines: tuple[CoverLine, ...]
    weight: Weight


@dataclass(frozen=True, slots=True)
class _Bears:
    """One line that a step bears on, the place in it, and how the person stands at its level."""

    service: str
    line: CoverLine
    place: Place
    by: date | None
    doing: Doing
    verdict: Verdict | None
    because: str
    what: str


def steps(teams: Iterable[Team], *, most: int) -> list[Step]:
    """What should be done first at these services, no more than `most` things."""
    found: dict[tuple[str, str, Doing], list[_Bears]] = {}
    for team in teams:
        for line in team.lines:
            for person, bears in (*_gaps(team, line), *_endings(team, line)):
                whom = person if person is not None else f"at {team.service}"
                found.setdefault((whom, line.requirement.competency, bears.doing), []).append(bears)
    made = (
        _step(None if whom.startswith("at ") else whom, competency, several)
        for (whom, competency, _doing), several in found.items()
    )
    return first(made, key=lambda each: each.weight, most=most)


def _step(person: str | None, competency: str, several: Sequence[_Bears]) -> Step:
    in_order = sorted(several, key=lambda each: (each.place.effect, each.by or date.min))
    chief = in_order[0]
    by = min((each.by for each in several if each.by is not None), default=None)
    return Step(
        service=chief.service,
        person=person,
        competency=competency,
        doing=chief.doing,
        standing=None if chief.verdict is None else chief.verdict.standing,
        because=chief.because,
        what=chief.what,
        by=None if chief.place.missing else by,
        lines=tuple(each.line for each in in_order),
        weight=weight(
            (each.place for each in several),
            by=None if chief.place.missing else by,
            steps=3 if chief.verdict is None else steps_from(chief.verdict.standing),
        ),
    )


def _gaps(team: Team, line: CoverLine) -> Iterator[tuple[str | None, _Bears]]:
    """As many people as are missing, those nearest to filling it; and a place for whom nobody is there."""
    if line.met:
        return
    row, place = line.requirement, Place(line.requirement.hard_stop, line.shortfall, line.shortfall)
    could = team.missing(line)
    for each in could[: line.shortfall]:
        facts = team.holding(each.person, row.competency)
        doing_it = doing(each.verdict, facts, on=team.on)
        yield (
            each.person,
            _Bears(team.service, line, place, None, doing_it, each.verdict, each.because, each.next_step),
        )
    if len(could) < line.shortfall:
        yield None, _Bears(team.service, line, place, None, Doing.REPLACE, None, "", "")


def _endings(team: Team, line: CoverLine) -> Iterator[tuple[str, _Bears]]:
    """Those who count today and will not in a month, where the line then lacks somebody."""
    if not line.met:
        return
    row = line.requirement
    ends = {code: _ends(team, code, line) for code in team.held_by(line)}
    ending = {code: end for code, end in ends.items() if end is not None}
    going = sum(leaves for _by, leaves in ending.values())
    shrinks = going if row.cover is Cover.EACH else 0
    later = max(line.required - shrinks - (line.held - len(ending)), 0)
    for code, (by, leaves) in ending.items():
        if leaves and row.cover is Cover.EACH:
            continue
        verdict = team.verdict(code, row.competency, row.level)
        facts = team.holding(code, row.competency)
        what, doing_it = next_step(verdict, facts, on=team.on), doing(verdict, facts, on=team.on)
        if leaves:
            what, doing_it = "", Doing.REPLACE
        elif verdict.valid_to is None or verdict.valid_to > by:
            what, doing_it = "", Doing.SUPERVISE
        place = Place(row.hard_stop, 0, later)
        because = explain(verdict, facts, on=team.on)
        yield code, _Bears(team.service, line, place, by, doing_it, verdict, because, what)


def _ends(team: Team, code: str, line: CoverLine) -> tuple[date, bool] | None:
    """The last day on which somebody counts, if it is soon, and whether it is because they leave."""
    row = line.requirement
    limit = team.on + timedelta(days=LOOK_AHEAD_DAYS)
    leaves = _last_day(team.facts.people[code], team.service, team.on)
    facts = team.holding(code, row.competency)
    lapse = supervision_lapses_on(facts, on=team.on)
    evidence = team.verdict(code, row.competency, row.level).valid_to
    stays = [day for day in (evidence, lapse and lapse - timedelta(days=1)) if day is not None]
    soonest = min([*stays, *([leaves] if leaves else [])], default=None)
    if soonest is None or soonest > limit:
        return None
    return soonest, soonest == leaves


def _last_day(person: Person, service: str, on: date) -> date | None:
    """The last day of the person's posts there, as planned; None: none is planned."""
    ends = [post.ends_on for post in person.posts_in_force(on) if post.service == service]
    last = None if any(end is None for end in ends) else max((end for end in ends if end), default=None)
    known = [end for end in (last, person.employed_to) if end is not None]
    return min(known, default=None)
