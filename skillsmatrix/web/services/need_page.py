"""Why a cell of the organisation's matrix reads as it does: what is asked, who counts by which evidence, who
could count, and what would close the gap."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date

from flask import g

from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.evidence import Term
from skillsmatrix.domain.explanation import explain
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.queries.services import worst_first
from skillsmatrix.queries.team import Team
from skillsmatrix.web.services.cover_page import losses_in_words
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.requirement_words import whom
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import ngettext


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody in scope of a requirement: where they stand, by which evidence, and what would change it."""

    person: str
    name: str
    standing: str
    because: str
    evidence: tuple[str, ...]
    next_step: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement on the competency at the service. `unseen_…`: how many people are out of sight;
    `exempt`: how many are left out of the count."""

    line: CoverLine
    whom: str
    reason: str
    since: date
    held: tuple[Who, ...]
    missing: tuple[Who, ...]
    unseen_held: int
    unseen_missing: int
    exempt: int
    losses: tuple[str, ...]
    closes: str


def asked(team: Team, competency: str, within: Container[str], learning: Container[str]) -> list[Asked]:
    """The requirements on one competency at the service, the worst first.

    `within`: whose standing may be shown; `learning`: whose evidence.
    """
    lines = [line for line in team.lines if line.requirement.competency == competency]
    unmet = worst_first(line for line in lines if not line.met)
    met = [line for line in lines if line.met]
    return [_asked(team, line, within, learning) for line in (*unmet, *met)]


def _asked(team: Team, line: CoverLine, within: Container[str], learning: Container[str]) -> Asked:
    row = line.requirement
    held = team.held_by(line)
    missing = team.missing(line)
    return Asked(
        line=line,
        whom=whom(
            row.cover.value,
            row.amount,
            role=team.role_name(row.role) if row.role else None,
            service=team.service_name if row.service else None,
        ),
        reason=row.reason or "",
        since=row.in_force_from,
        held=tuple(_holds(team, code, row, learning) for code in held if code in within),
        missing=tuple(
            Who(
                each.person,
                team.name(each.person),
                each.verdict.standing.value,
                each.because,
                _evidence(team, each.person, row) if each.person in learning else (),
                each.next_step,
            )
            for each in missing
            if each.person in within
        ),
        unseen_held=sum(code not in within for code in held),
        unseen_missing=sum(each.person not in within for each in missing),
        exempt=line.in_scope - len(held) - len(missing),
        losses=tuple(losses_in_words(team, line, lambda person: person in within)),
        closes=_closes(line, len(missing)),
    )


def _holds(team: Team, person: str, row: Requirement, learning: Container[str]) -> Who:
    verdict = team.verdict(person, row.competency, row.level)
    facts = team.holding(person, row.competency)
    return Who(
        person,
        team.name(person),
        verdict.standing.value,
        explain(verdict, facts, on=team.on),
        _evidence(team, person, row) if person in learning else (),
        "",
    )


def _evidence(team: Team, person: str, row: Requirement) -> tuple[str, ...]:
    """What counts that day, or else what counted last: the newest learning and the newest sign-off."""
    evidence = team.holding(person, row.competency).evidence
    return tuple(
        said
        for name, terms in ((_("Learning"), evidence.learning), (_("Sign-off"), evidence.signed_off))
        for said in _newest(name, [term for term in terms if term.starts_on <= team.on], row.level)
    )


def _newest(name: str, terms: list[Term], level: int) -> Iterator[str]:
    if not terms:
        return
    term = max(terms, key=lambda each: (each.counts_on(g.on), each.level >= level, each.starts_on))
    words = {"what": name, "level": term.level, "day": formats.day(term.starts_on)}
    if term.withdrawn_on is not None and term.withdrawn_on <= g.on:
        gone = formats.day(term.withdrawn_on)
        yield _("%(what)s at level %(level)s on %(day)s, withdrawn on %(gone)s", **words, gone=gone)
    elif term.valid_to is None:
        yield _("%(what)s at level %(level)s on %(day)s, no end", **words)
    else:
        end = formats.day(term.valid_to)
        yield _("%(what)s at level %(level)s on %(day)s, valid to %(end)s", **words, end=end)


def _closes(line: CoverLine, could: int) -> str:
    """What it takes to meet the requirement; blank where it is met."""
    if line.met:
        return ""
    short = line.shortfall
    if could >= short:
        return ngettext(
            "One of the people below has to come to hold it.",
            "%(num)s of the people below have to come to hold it.",
            short,
        )
    return ngettext(
        "Even with everybody below, one more person is needed here.",
        "Even with everybody below, %(num)s more people are needed here.",
        short - could,
    )
