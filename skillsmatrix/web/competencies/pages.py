"""The rules of a competency in words."""

from skillsmatrix.domain.supervision import kind_in_words
from skillsmatrix.queries.competencies import CompetencyEntry
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.wording import gettext as _


def rules_in_words(entry: CompetencyEntry) -> list[str]:
    """How it is gained and kept: one sentence for each rule."""
    said = []
    if entry.needs_learning:
        said.append(_learning(entry))
    if entry.needs_sign_off:
        said.append(
            _(
                "An assessor signs it off; the sign-off counts for %(months)s months.",
                months=entry.sign_off_months,
            )
            if entry.sign_off_months
            else _("An assessor signs it off; the sign-off has no end.")
        )
    if not entry.cumulative:
        said.append(_("A higher level does not stand in for a lower one."))
    if entry.supervision_kind:
        said.append(_supervision(entry))
    if entry.registration_body:
        said.append(
            _("It may be used only with a registration with %(body)s in force.", body=entry.registration_body)
        )
    if entry.superseded_by and entry.superseded_on:
        said.append(
            _(
                "From %(day)s it is replaced by %(code)s.",
                day=day(entry.superseded_on),
                code=entry.superseded_by,
            )
        )
    return said


def _learning(entry: CompetencyEntry) -> str:
    if not entry.learning_months:
        return _("Learning is done once; it has no end unless the certificate says so.")
    text = _("Learning is renewed every %(months)s months.", months=entry.learning_months)
    if entry.keeps_anniversary and entry.early_window_days:
        text += " " + _(
            "Renewed within %(days)s days before its end, it keeps its day of the year.",
            days=entry.early_window_days,
        )
    return text


def _supervision(entry: CompetencyEntry) -> str:
    text = _(
        "It is suspended after more than %(days)s days without %(kind)s supervision.",
        days=entry.supervision_lapse_days,
        kind=kind_in_words(entry.supervision_kind or ""),
    )
    if entry.supervision_max_group:
        text += " " + _("Groups of up to %(size)s count.", size=entry.supervision_max_group)
    return text
