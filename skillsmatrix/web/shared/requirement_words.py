"""A requirement row in words: whom it asks, how many of them, and how strongly."""

from skillsmatrix.domain.requirement import Cover
from skillsmatrix.web.shared.wording import gettext as _


def whom(cover: str, amount: int | None, *, role: str | None, service: str | None) -> str:
    """ "Every support worker at Larchgate House", "At least 2 people at Larchgate House".

    `role`, `service`: names; None is every role or every service.
    """
    place = _("at %(service)s", service=service) if service else _("in every service")
    match Cover(cover):
        case Cover.EACH:
            who = _("Everybody in the role of %(role)s", role=role) if role else _("Everybody")
        case Cover.PERCENT:
            who = (
                _("At least %(percent)s%% of those in the role of %(role)s", percent=amount, role=role)
                if role
                else _("At least %(percent)s%% of the people", percent=amount)
            )
        case Cover.COUNT:
            who = _people(amount or 0, role)
        case Cover.NAMED:
            who = _("%(people)s, by name", people=_people(amount or 0, role))
    return f"{who} {place}"


def _people(amount: int, role: str | None) -> str:
    if role:
        return _("At least %(amount)s in the role of %(role)s", amount=amount, role=role)
    return _("At least 1 person") if amount == 1 else _("At least %(amount)s people", amount=amount)
