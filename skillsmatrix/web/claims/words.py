"""How doubts, refusals and states of claims are said."""

from skillsmatrix.domain.file_kinds import MOST_BYTES, Fault
from skillsmatrix.domain.prior_learning import Agreement, Doubt
from skillsmatrix.operations import claims as operations
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import lazy_gettext

STATES = {
    "waiting": lazy_gettext("Waits for a decision"),
    "accepted": lazy_gettext("Accepted"),
    "refused": lazy_gettext("Refused"),
}

DOUBTS = {
    Doubt.SAME_FILE: lazy_gettext("The very same file was handed in for somebody else"),
    Doubt.SAME_REFERENCE: lazy_gettext("Somebody else has the same certificate number from this provider"),
    Doubt.ALREADY_RECORDED: lazy_gettext("The same training is on record already"),
    Doubt.NO_EVIDENCE: lazy_gettext("No certificate was handed in"),
    Doubt.OVER_ALREADY: lazy_gettext("It is over already by our rules"),
}

FILE_FAULTS = {
    Fault.EMPTY: lazy_gettext("The file is empty"),
    Fault.TOO_LARGE: lazy_gettext(
        "The file is larger than %(most)s MB. Take the photo at a lower size.",
        most=MOST_BYTES // (1024 * 1024),
    ),
    Fault.UNKNOWN_KIND: lazy_gettext("Choose a PDF, or a photo as JPEG or PNG"),
    Fault.DAMAGED: lazy_gettext("The file is damaged. Save or photograph it again."),
    Fault.OPENS_TOO_LARGE: lazy_gettext("The file opens to something too large. Take a smaller photo."),
    Fault.HARMFUL: lazy_gettext("The scanner found something harmful in the file"),
    Fault.NOT_SCANNED: lazy_gettext("The file could not be scanned. Try again later."),
}

REFUSALS = {
    operations.NotForOneself: (
        "decision",
        lazy_gettext("Somebody else must decide: it is about you, or you entered it"),
    ),
    operations.Decided: ("decision", lazy_gettext("Somebody has decided this already")),
    operations.NeedsObservation: (
        "decision",
        lazy_gettext("The agreement asks for an observation here first, and none is on record"),
    ),
}


def agreed(agreement: Agreement) -> str:
    """What an agreement gives: level 2, for 18 months, after one observation here."""
    parts = [_("level %(level)s", level=agreement.level)]
    if agreement.valid_months is not None:
        parts.append(_("for %(months)s months", months=agreement.valid_months))
    if agreement.needs_observation:
        parts.append(_("after one observation here"))
    return ", ".join(parts)
