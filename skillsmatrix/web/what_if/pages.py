"""What the pages of a scenario are given: what it would do, beside what is so, in words and figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import g, request
from markupsafe import Markup, escape

from skillsmatrix.domain.access import hides_figure
from skillsmatrix.domain.compliance import NOT_REQUIRED, Share
from skillsmatrix.domain.effect import CoverChange
from skillsmatrix.engine.comparison import FirstShort
from skillsmatrix.queries.scenario_effect import (
    DAYS_AHEAD,
    Cost,
    Effect,
    ServiceEffect,
    Side,
    Total,
    effect,
    felt_on,
)
from skillsmatrix.queries.scenario_fit import Fitted
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.formats import count, day, tenths
from skillsmatrix.web.shared.guards import visible_services
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.what_if import words
from skillsmatrix.web.what_if.sight import READ, Names


@dataclass(frozen=True, slots=True)
class Line:
    """A line of cover that reads differently. `people`: in scope, the larger of both sides."""

    change: CoverChange
    where: str
    what: str
    whom: str
    people: int

    @property
    def worse(self) -> bool:
        """It falls, or comes to hang on one person."""
        return self.change.falls or self.change.becomes_unsafe or self.change.becomes_single_point

    @property
    def still_unsafe(self) -> bool:
        """A hard stop that is not met on either side, and falls further."""
        return self.change.requirement.hard_stop and self.change.falls and not self.change.becomes_unsafe

    @property
    def fewer_missing(self) -> bool:
        """Are fewer people missing than before."""
        before, after = self.change.before, self.change.after
        return before is not None and after is not None and after.shortfall < before.shortfall

    @property
    def better(self) -> bool:
        """Fewer are missing because more hold it."""
        before, after = self.change.before, self.change.after
        return self.fewer_missing and before is not None and after is not None and after.held > before.held

    @property
    def eased(self) -> bool:
        """Fewer are missing only because fewer are asked: whoever leaves is not missed by such a count."""
        return self.fewer_missing and not self.better


@dataclass(frozen=True, slots=True)
class Page:
    """One scenario on a day. `totals`: (what, as things stand, with the changes); `services`: the rows of a
    table; `same`: how many services stay as they are; `stops`: hard stops that come to be not met;
    `still`: those that are not met already and get worse; `first_felt`: the day to look at instead."""

    on: date
    lead: str
    first_felt: date | None
    totals: list[tuple[str, str, str]]
    services: list[tuple[str | Markup, ...]]
    same: int
    stops: list[Line]
    still: list[Line]
    worse: list[Line]
    better: list[Line]
    eased: list[Line]
    other: list[Line]
    later: list[tuple[str, str, str]]


def asked_or_felt(several: Iterable[Sequence[Fitted]]) -> date:
    """The day of the address; where it names none, the first on which every change is felt."""
    if request.args.get("on", "").strip():
        asked: date = g.on
        return asked
    return max(felt_on(each, today=g.today) for each in several)


def effect_of(fitted: Sequence[Fitted], *, on: date) -> Effect:
    """What the changes would do to the services in sight."""
    return effect(db_session(), fitted, visible_services(READ), on=on, today=g.today)


def hides(people: int) -> bool:
    """Is a figure about so few people held back from whoever is signed in."""
    return hides_figure(g.actor, people, on=g.today)


def page_of(found: Effect, names: Names) -> Page:
    """The effect as the page shows it."""
    lines = [_line(change, names) for change in found.lines]
    differing = sorted((each for each in found.services if each.differs), key=_turn)
    worse = [each for each in lines if each.worse]
    others = [each for each in lines if not each.worse]
    return Page(
        on=found.on,
        lead=_lead(worse, others, found),
        first_felt=found.first_felt,
        totals=totals(found.before, found.after),
        services=[_service(each, names) for each in differing],
        same=len(found.services) - len(differing),
        stops=[each for each in lines if each.change.becomes_unsafe],
        still=[each for each in worse if each.still_unsafe],
        worse=[each for each in worse if not each.change.becomes_unsafe and not each.still_unsafe],
        better=[each for each in others if each.better],
        eased=[each for each in others if each.eased],
        other=[each for each in others if not each.fewer_missing],
        later=[_later(each, names) for each in found.first_short],
    )


def totals(before: Total, after: Total) -> list[tuple[str, str, str]]:
    """The figures over all services in sight: what, as things stand, with the changes.

    A count of requirements is no figure about people; a sum of people could be taken apart (decision 0018).
    """
    rows = [
        (_("Hard stops not met"), str(before.cover.hard_stops), str(after.cover.hard_stops)),
        (_("Requirements not met"), str(before.cover.short), str(after.cover.short)),
    ]
    if not hides(0):
        missing = (str(before.cover.missing), str(after.cover.missing))
        rows.append((_("People missing, over all requirements"), *missing))
    if before.compliance is not None and after.compliance is not None:
        rows += [
            (_("Compliance"), share(before.compliance.headline), share(after.compliance.headline)),
            (
                _("People with all they need"),
                share(before.compliance.people),
                share(after.compliance.people),
            ),
        ]
    return rows


def share(found: Share) -> str:
    """37 of 41 (90.2%), as text."""
    if found.total == 0:
        return _(NOT_REQUIRED)
    figure = _("%(part)s of %(whole)s", part=f"{found.compliant:,}", whole=f"{found.total:,}")
    return f"{figure} ({tenths(found.compliant, found.total)})"


def becomes(before: str, after: str) -> Markup:
    """ "6 becomes 7", or 6 where it stays; each figure stays in one piece."""
    if before == after:
        return escape(before)
    whole = Markup('<span class="what-if-figure">{}</span>').format
    return Markup("{} {}").format(whole(before), whole(_("becomes %(after)s", after=after)))


def money(costs: Sequence[Cost]) -> str:
    """What the courses cost together, and how many have no fee stated; blank where none is needed."""
    if not costs:
        return ""
    stated = [each.fee_pence for each in costs if each.fee_pence is not None]
    said = f"£{sum(stated) / 100:,.2f}" if stated else _("Not stated")
    unknown = len(costs) - len(stated)
    if not stated or not unknown:
        return said
    return _("%(said)s, and %(unknown)s without a fee stated", said=said, unknown=unknown)


def held(required: int | None, number: int | None) -> str:
    """ "2 held of 3"; "not asked" where there is no such line."""
    if required is None or number is None:
        return _("not asked")
    return _("%(held)s held of %(required)s", held=number, required=required)


def service_figures(side: Side, *, people: int) -> tuple[str, str, str, str, str]:
    """The figures of one service: hard stops, requirements not met, people missing, compliance, first day.

    `people`: who work there, for those who read no figure about few of them.
    """
    cover = side.cover
    return (
        str(cover.hard_stops),
        str(cover.short),
        _("not shown") if hides(0) else str(cover.missing),
        _("fewer than 5 people") if hides(people) else share(side.compliance.headline),
        words.first_day(side.below_from),
    )


def _service(each: ServiceEffect, names: Names) -> tuple[str | Markup, ...]:
    name = names.services.get(each.service, each.service)
    before, after = (service_figures(side, people=each.people) for side in (each.before, each.after))
    pairs = zip(before, after, strict=True)
    return (name, *(becomes(was, will_be) for was, will_be in pairs))


def _turn(each: ServiceEffect) -> tuple[int, int]:
    """The worst turn first."""
    before, after = each.before.cover, each.after.cover
    return before.hard_stops - after.hard_stops, before.short - after.short


def _line(change: CoverChange, names: Names) -> Line:
    row = change.requirement
    sides = [side for side in (change.before, change.after) if side is not None]
    return Line(
        change,
        names.services.get(change.service, change.service),
        words.level(names.competencies.get(row.competency, row.competency), row.level),
        words.asked(row.cover, row.amount, row.role, row.service, names),
        max(side.in_scope for side in sides),
    )


def _later(each: FirstShort, names: Names) -> tuple[str, str, str]:
    row = each.requirement
    where = names.services.get(each.service, each.service)
    what = words.level(names.competencies.get(row.competency, row.competency), row.level)
    return f"{where}: {what}", words.first_day(each.before), words.first_day(each.after)


def _lead(worse: Sequence[Line], others: Sequence[Line], found: Effect) -> str:
    """What to know first, in one sentence."""
    if found.nothing:
        return _lead_of_nothing(found)
    stops = [each for each in worse if each.change.becomes_unsafe]
    still = [each for each in worse if each.still_unsafe]
    said = []
    if stops:
        said.append(count(len(stops), _("hard stop comes to be not met"), _("hard stops come to be not met")))
    if still:
        already = count(
            len(still),
            _("hard stop that is not met already gets worse"),
            _("hard stops that are not met already get worse"),
        )
        said = [_("%(first)s and %(already)s", first=said[0], already=already) if said else already]
    if falls := len(worse) - len(stops) - len(still):
        said.append(
            count(falls, _("other requirement gets worse"), _("other requirements get worse"))
            if said
            else count(falls, _("requirement gets worse"), _("requirements get worse"))
        )
    if better := sum(each.better for each in others):
        said.append(count(better, _("requirement gets better"), _("requirements get better")))
    if not said and found.first_short:
        return _("On %(day)s no requirement gets worse or better; on other days some do.", day=day(found.on))
    if not said:
        return _("On %(day)s no requirement gets worse or better.", day=day(found.on))
    return _("On %(day)s: %(said)s.", day=day(found.on), said=", ".join(said))


def _lead_of_nothing(found: Effect) -> str:
    """Nothing changes on the day: the first on which cover does, or which days were looked at."""
    if found.first_felt is not None:
        return _(
            "On %(day)s nothing changes in the services you may see. Cover first changes on %(felt)s.",
            day=day(found.on),
            felt=day(found.first_felt),
        )
    return _(
        "On %(day)s nothing changes in the services you may see, and cover changes on none of the "
        "days from today to %(last)s.",
        day=day(found.on),
        last=day(g.today + timedelta(days=DAYS_AHEAD)),
    )


def rows_for_file(found: Effect, names: Names, hidden: Callable[[int], bool]) -> list[list[str]]:
    """The lines that differ, and the first day on which each is short, as rows of text."""
    first: Mapping[tuple[str, str], FirstShort] = {
        (each.service, each.requirement.code): each for each in found.first_short
    }
    said = {(change.service, change.requirement.code) for change in found.lines}
    rows = [
        _file_row(_line(change, names), first.get((change.service, change.requirement.code)), hidden)
        for change in found.lines
    ]
    for key, each in first.items():
        if key not in said:
            where, *days = _later(each, names)
            rows.append([where, "", "", *([""] * 6), *days])
    return rows


def _file_row(line: Line, first: FirstShort | None, hidden: Callable[[int], bool]) -> list[str]:
    sides = (line.change.before, line.change.after)
    figures = [
        "" if side is None else str(number)
        for side in sides
        for number in ((None, None, None) if side is None else (side.required, side.held, side.shortfall))
    ]
    if hidden(line.people):
        figures = [_("fewer than 5 people")] * 6
    days = ["", ""] if first is None else [words.first_day(first.before), words.first_day(first.after)]
    strength = words.strength(line.change.requirement.hard_stop)
    return [f"{line.where}: {line.what}", line.whom, strength, *figures, *days]
