"""Why an assessment or a decision was refused, in words that say what to do."""

from typing import Final

from skillsmatrix.domain.sign_off import Progress, Refusal
from skillsmatrix.operations.assessments import (
    AlreadyAsked,
    AssessedInFuture,
    AssessorRefused,
    AttemptsUsed,
    NextStepsMissing,
    NotAllSeen,
    NotAssessed,
    SettingUnknown,
)
from skillsmatrix.operations.sign_off_reviews import AlreadyClosed, NotToBeKept, OwnReview
from skillsmatrix.operations.sign_offs import (
    AlreadyWithdrawn,
    NotWaiting,
    SecondSignatureOfTheSame,
    SignOffRefused,
    WithdrawnThatDay,
)
from skillsmatrix.web.shared.wording import gettext, ngettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

REFUSALS: Final = {
    Refusal.ONESELF: _("nobody assesses themself"),
    Refusal.NOT_EMPLOYED: _("the assessor was not employed on that day, or has left"),
    Refusal.SUPERVISED_BY_THEM: _("the assessor is supervised by this person"),
    Refusal.NOT_HELD: _("the assessor did not hold it at this level on that day"),
    Refusal.SUSPENDED: _("the assessor was suspended in it on that day"),
}

_SAID: Final = {
    NotAssessed: _("This competency needs no sign-off"),
    AssessedInFuture: _("Enter a day up to today on which the person was employed"),
    AttemptsUsed: _("All three attempts are used. A manager has to reopen it and say why"),
    NotAllSeen: _("Competent means that everything on the list was seen. Tick all of it, or choose not yet"),
    NextStepsMissing: _("Say what to do next"),
    SettingUnknown: _("Choose one of the settings"),
    AlreadyAsked: _("This assessor has been asked already"),
    NotWaiting: _("This is not waiting for a second signature any more"),
    SecondSignatureOfTheSame: _("The second signature has to be somebody else's"),
    AlreadyWithdrawn: _("This sign-off was withdrawn before"),
    WithdrawnThatDay: _("A sign-off by this assessor on this day was withdrawn. Assess on another day"),
    NotToBeKept: _("It was withdrawn, or is under review: settle the review instead"),
    AlreadyClosed: _("This review is closed already"),
    OwnReview: _("Somebody else has to settle this: it is about you, or an assessment of your own"),
}


def refused(error: Exception) -> str:
    """The message for a refusal of an operation."""
    reasons = error.reasons if isinstance(error, AssessorRefused | SignOffRefused) else ()
    if reasons:
        return gettext("This cannot be signed off: %(reasons)s", reasons=because(reasons))
    return str(_SAID.get(type(error), _("This cannot be recorded. Check the day")))


def because(reasons: tuple[Refusal, ...]) -> str:
    """Why an assessor may not, in one line."""
    return "; ".join(str(REFUSALS[reason]) for reason in reasons)


def still_to_see(progress: Progress) -> str:
    """What is left to see before it is a sign-off; blank when nothing is."""
    parts = []
    if progress.observations_left:
        left = progress.observations_left
        parts.append(ngettext("%(num)s more observation", "%(num)s more observations", left))
    if progress.settings_left:
        parts.append(gettext("still to be seen: %(settings)s", settings=", ".join(progress.settings_left)))
    return "; ".join(parts)
