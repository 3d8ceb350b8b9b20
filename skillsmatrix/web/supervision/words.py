"""Supervision in words: the steps of the ladder, what a session would not count for, why one is refused."""

from typing import Final

from skillsmatrix.domain.supervision import kind_in_words
from skillsmatrix.domain.supervision_ladder import NotCounted, Rung
from skillsmatrix.operations.supervision import (
    AlreadyAgreed,
    AlreadyHeld,
    HeldInFuture,
    NobodyThere,
    NotEmployedThen,
    SupervisionRefused,
    WithOneself,
)
from skillsmatrix.queries.supervision import LadderLine, PersonDoubt
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _
from skillsmatrix.web.supervision.blueprint import bp

RUNGS: Final = {
    Rung.LAPSED: _("Lapsed"),
    Rung.OVERDUE: _("Overdue"),
    Rung.DUE: _("Due today"),
    Rung.DUE_SOON: _("Due soon"),
    Rung.IN_TIME: _("In time"),
    Rung.NO_DAY: _("No day agreed"),
}

USUAL_KINDS: Final = ("line", "clinical")  # offered even where nothing is agreed yet

_SAID: Final = {
    HeldInFuture: _("Enter today or an earlier day: a session counts when it was held"),
    WithOneself: _("Nobody supervises themself"),
    NobodyThere: _("Tick everybody who was there"),
    NotEmployedThen: _(
        "One of those named is not employed on that day. Choose another day or another person"
    ),
    AlreadyAgreed: _("This is agreed already for these days"),
    AlreadyHeld: _("This session is recorded already"),
}


@bp.app_template_filter("supervision_kind")
def kind_words(kind: str) -> str:
    """A kind of supervision as it is read inside a sentence."""
    return kind_in_words(kind)


@bp.app_template_filter("supervision_kind_title")
def kind_title(kind: str) -> str:
    """The same as the first word of a line."""
    said = kind_in_words(kind)
    return said[:1].upper() + said[1:]


def refused(error: SupervisionRefused) -> str:
    """The message for a refusal of an operation."""
    return str(_SAID.get(type(error), _("The last day is before the first. Enter a later day")))


def doubted(each: PersonDoubt, *, kind: str, size: int) -> str:
    """Why a session would count for nothing, in one sentence."""
    if each.doubt.reason is NotCounted.WITH_ONESELF:
        return gettext("%(name)s: nobody supervises themself", name=each.staff_name)
    if each.doubt.competency is None:
        return gettext(
            "%(name)s: no %(kind)s supervision is agreed, and nothing they hold asks for it",
            name=each.staff_name,
            kind=kind_words(kind),
        )
    return gettext(
        "%(name)s: %(size)s in the group, and %(title)s counts at most %(most)s",
        name=each.staff_name,
        size=size,
        title=each.doubt.competency.title,
        most=each.doubt.competency.supervision_max_group,
    )


def when(line: LadderLine) -> str:
    """When the next session is due, or since when it is late."""
    step = line.step
    if step.rung is Rung.LAPSED and step.lapses_on is not None:
        return gettext("Lapsed on %(day)s", day=day(step.lapses_on))
    if step.due_on is None:
        return str(RUNGS[step.rung])
    if step.rung is Rung.OVERDUE:
        return gettext("Was due by %(day)s", day=day(step.due_on))
    return gettext("Due by %(day)s", day=day(step.due_on))


def stops(line: LadderLine) -> str:
    """What a lapse stops and when, said before it happens; blank when nothing hangs on it."""
    step = line.step
    if step.lapses_on is None or not step.stops:
        return ""
    titles = ", ".join(each.title for each in step.stops)
    if step.rung is Rung.LAPSED:
        return gettext("Suspended until a session is held: %(titles)s", titles=titles)
    return gettext(
        "Without a session these stop on %(day)s: %(titles)s", day=day(step.lapses_on), titles=titles
    )
