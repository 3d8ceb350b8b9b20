"""What the page about one change is given: who turns red, what it costs, and what it cannot do."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from skillsmatrix.domain import records
from skillsmatrix.domain.effect import DayEffect
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.domain.rule_change import limits_new_completions, next_code
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.labels import Labels, labels
from skillsmatrix.queries.rules import DraftedChange, Preview
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.requirement_words import whom
from skillsmatrix.web.shared.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Cost:
    """A course for everybody who needs it. Pence; None is not stated."""

    title: str
    level: int
    seats: int
    hours: float | None
    fee_pence: int | None


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A preview, of those people alone who may be read."""

    days: list[DayEffect]
    if_all: list[DayEffect]
    seats: int
    costs: list[Cost]

    @classmethod
    def of(cls, seen: Preview, within: Reach) -> "PreviewPage":
        """The preview as whoever asks may see it."""
        seats = len([code for code in seen.in_training if code in within])
        return cls(
            [_narrowed(day, within) for day in seen.days],
            [_narrowed(day, within) for day in seen.if_all],
            seats,
            [
                Cost(
                    course.title,
                    course.level,
                    seats,
                    None if course.hours is None else course.hours * seats,
                    None if course.fee_pence is None else course.fee_pence * seats,
                )
                for course in seen.courses
            ],
        )

    @property
    def people(self) -> frozenset[str]:
        """Staff codes of all whom the page names."""
        return frozenset(each.person for day in (*self.days, *self.if_all) for each in day.standings)


def notes(drafted: DraftedChange, row: Mapping[str, Any] | None) -> list[str]:
    """What the change does to what is recorded already, in sentences."""
    change = drafted.change
    if change.table == "requirements":
        return [
            _("What was asked before the day stays readable, and answers about those days stay the same.")
        ]
    found = []
    if row is not None and "learning_months" in change.values:
        found.append(_of_length(drafted, row))
    others = [name for name in change.values if name != "learning_months"]
    if others or not change.new_completions_only:
        found.append(
            _(
                "These rules carry no day of their own: from the day on, answers about the past as known now "
                "follow them too. What was known before stays readable as known then."
            )
        )
    return found


def _of_length(drafted: DraftedChange, row: Mapping[str, Any]) -> str:
    change = drafted.change
    if not change.new_completions_only:
        return _("The ends of existing completions are worked out anew.")
    if limits_new_completions(change, row):
        return _(
            "A shorter length cannot be laid on new completions by the competency alone: the shortest length "
            "stated anywhere counts. So the competency keeps its own, and each completion from the day on is "
            "recorded with the new length. A file that is imported is held to it the night after."
        )
    return _(
        "Existing completions state the length that counted so far, and keep their ends. A course that "
        "states a shorter length goes on to count with that."
    )


def whom_of(names: Labels) -> Callable[[Requirement], str]:
    """How a requirement is said: whom it asks."""

    def said(row: Requirement) -> str:
        return whom(
            row.cover,
            row.amount,
            role=names.roles.get(row.role or ""),
            service=names.services.get(row.service or ""),
        )

    return said


def sentence(row: Mapping[str, Any]) -> str:
    """A requirement in one line."""
    names = labels(db_session(), ())
    name = names.competencies.get(row["competency"], row["competency"])
    return f"{name}, {_('level %(level)s', level=row['level'])}: {whom_of(names)(records.requirement(row))}"


def free_code(code: str, taken: Collection[str]) -> str:
    """A code like this one that no requirement has."""
    return next_code(code, taken)


def _narrowed(day: DayEffect, within: Reach) -> DayEffect:
    return DayEffect(day.on, tuple(each for each in day.standings if each.person in within), day.cover)
