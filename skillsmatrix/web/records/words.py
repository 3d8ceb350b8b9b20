"""Why something cannot be recorded so, in words that say what to do next."""

from collections.abc import Callable
from typing import Final

from skillsmatrix.operations import exemptions, keeping, posts, services, staff, suspensions
from skillsmatrix.operations.keeping import KeepingRefused
from skillsmatrix.web.shared.wording import lazy_gettext as _

REFUSALS: Final[dict[type[KeepingRefused], object]] = {
    keeping.EndsBeforeItStarts: _("The last day is before the first"),
    keeping.AlreadyRecorded: _("There is one on this first day already. Correct that one instead"),
    keeping.Overlaps: _("It shares days with one that is recorded. End that one first, or change the days"),
    keeping.OutsideEmployment: _("The person is not employed on this day"),
    posts.ServiceClosed: _("The service is closed on the first day of the post"),
    posts.WteOutOfReach: _("Enter a figure between 0 and 10"),
    suspensions.NotStopped: _("Choose a day after the first day of the stop, and not after its end"),
    suspensions.OwnSuspension: _("You cannot lift what was stopped for yourself. Ask somebody else"),
    exemptions.OwnExemption: _("You cannot approve an exemption for yourself. Ask somebody else"),
    exemptions.TooLong: _("An exemption lasts 12 months at most"),
    exemptions.WaivesHardStop: _(
        "It is a hard stop for this person in these days, and a hard stop is never waived. Change the post, "
        "or keep the person off the task and leave the gap in sight. Asked by:"
    ),
    staff.CodeTaken: _("Somebody has this staff code already. Search for them under People"),
    staff.StartsAfterLeaving: _("The employment would begin after its last day"),
    staff.LeavesBeforeStarting: _("The last day is before the first day of the employment"),
    services.OpensAfterClosing: _("It would open after its last day"),
    services.ClosesBeforeOpening: _("The last day is before the first"),
    services.FollowsItself: _("A service does not follow itself"),
    services.PeopleAttached: _("The people listed below have neither a post elsewhere nor a leaving date"),
    services.SuccessorNotOpen: _("The service that follows it is not open on the day after"),
    services.SuccessorUnsafe: _(
        "The service that follows it would not meet these hard stops on the day after:"
    ),
}


def refusal(broken: KeepingRefused, name_of: Callable[[str], str]) -> str:
    """What is wrong; `name_of`: what a requirement asks for, by its code. People are listed apart."""
    words = str(REFUSALS[type(broken)])
    if not broken.detail or isinstance(broken, services.PeopleAttached):
        return words
    return f"{words} {', '.join(dict.fromkeys(name_of(code) for code in broken.detail))}"
