"""A change of a rule in words, and why one cannot be made so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from skillsmatrix.domain.rule_change import What
from skillsmatrix.operations import rules
from skillsmatrix.operations.keeping import KeepingRefused
from skillsmatrix.queries.labels import Labels
from skillsmatrix.queries.rules import DraftedChange
from skillsmatrix.web.rules.forms import COVERS, STRENGTHS
from skillsmatrix.web.shared.wording import gettext, ngettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

REFUSALS: Final[dict[type[KeepingRefused], Any]] = {
    rules.NothingChanges: _("It is so already. Change at least one answer"),
    rules.InThePast: _("Choose today or a day to come: nobody is held to a rule from before it was made"),
    rules.RuleGone: _(
        "By this day the rule has ended, or an approved change has taken its place."
        " Go back to the rules and change the one that is in force then"
    ),
    rules.NotADraft: _("It is no longer a draft. Load the page again"),
    rules.OwnDraft: _("You drafted or changed it, so somebody else approves it"),
    rules.IncompleteRule: _(
        "A share or a number of people needs a figure; a kind of supervision needs its days"
    ),
}
COLUMNS: Final = {
    "service": _("Service"),
    "role": _("Role"),
    "competency": _("Competency"),
    "level": _("Level"),
    "cover": _("How many must hold it"),
    "amount": _("Number asked for"),
    "strength": _("Strength"),
    "induction_days": _("Days of induction"),
    "reason": _("Reason"),
    "learning_months": _("Months for which learning counts"),
    "sign_off_months": _("Months for which a sign-off counts"),
    "supervision_kind": _("Supervision that keeps it usable"),
    "supervision_every_days": _("Supervision due every so many days"),
    "supervision_lapse_days": _("Stops after so many days without"),
    "supervision_max_group": _("Largest group that counts"),
}
STATES: Final = {
    "draft": _("Waits for a second person"),
    "approved": _("Approved, waits for its day"),
    "in_force": _("Approved and in force from its day"),
    "dropped": _("Dropped"),
}
_MONTHS: Final = ("learning_months", "sign_off_months")


def refusal(broken: KeepingRefused) -> str:
    """What is wrong."""
    return str(REFUSALS[type(broken)])


def title(drafted: DraftedChange, names: Labels, row: dict[str, Any] | None) -> str:
    """What the change is about, in one line."""
    change = drafted.change
    if change.table == "competencies":
        return gettext("Change how %(name)s is kept", name=names.competencies.get(change.code, change.code))
    about = {**(row or {}), **change.values}
    name = names.competencies.get(about.get("competency", ""), change.code)
    place = names.services.get(about.get("service") or "", gettext("every service"))
    if change.what is What.ADD:
        return gettext("Ask for %(name)s in %(place)s", name=name, place=place)
    if change.what is What.END:
        return gettext("Ask no longer for %(name)s in %(place)s", name=name, place=place)
    return gettext("Change what is asked of %(name)s in %(place)s", name=name, place=place)


def differences(
    drafted: DraftedChange, names: Labels, row: dict[str, Any] | None
) -> list[tuple[str, str, str]]:
    """(column, as it is, as it would be), each in words; of a new rule what it states."""
    new = drafted.change.what is What.ADD
    was, then = row or {}, {**(row or {}), **drafted.change.values}
    return [
        (
            str(column),
            gettext("Not asked") if new else _said(name, was, names),
            _said(name, then, names),
        )
        for name, column in COLUMNS.items()
        if name in drafted.change.values and not (new and drafted.change.values[name] is None)
    ]


def version_of(text: str | None) -> datetime | None:
    """The version a form carries; None when it is no instant."""
    try:
        return datetime.fromisoformat(text or "")
    except ValueError:
        return None


def _said(name: str, rule: Mapping[str, Any], names: Labels) -> str:
    value = rule.get(name)
    if name == "amount":
        return _amount(rule.get("cover"), value)
    if value is None:
        return gettext("no end") if name in _MONTHS else gettext("Not stated")
    named: Any = {
        "service": names.services,
        "role": names.roles,
        "competency": names.competencies,
        "cover": COVERS,
        "strength": STRENGTHS,
    }.get(name, {})
    return str(named.get(value, value))


def _amount(cover: str | None, value: int | None) -> str:
    """A share and a number of people are told apart by their words."""
    if value is None:
        return gettext("Everybody") if cover == "each" else gettext("Not stated")
    return f"{value}%" if cover == "percent" else ngettext("%(num)s person", "%(num)s people", value)
