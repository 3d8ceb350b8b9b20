"""Why somebody stands differently, in a word or two."""

from typing import Final

from skillsmatrix.domain.changes import Cause
from skillsmatrix.web.shared.wording import lazy_gettext as _l

CAUSES: Final = {
    Cause.RAN_OUT: _l("Ran out"),
    Cause.SUPERVISION_LAPSED: _l("Supervision lapsed"),
    Cause.STOPPED: _l("Stopped, or no registration"),
    Cause.WITHDRAWN: _l("Sign-off withdrawn"),
    Cause.LEFT: _l("Left"),
    Cause.AWAY: _l("Away for long"),
    Cause.BEGAN: _l("Began"),
    Cause.BACK: _l("Came back"),
    Cause.MOVED: _l("Another post"),
    Cause.ASKED_ANEW: _l("Asked for now"),
    Cause.ASKED_NO_LONGER: _l("No longer asked for"),
    Cause.INDUCTION_ENDED: _l("Induction ended"),
    Cause.EXEMPTED: _l("Exempted"),
    Cause.EXEMPTION_ENDED: _l("Exemption ended"),
    Cause.GAINED: _l("New record"),
    Cause.LIFTED: _l("Stop lifted, or supervised again"),
    Cause.RENEWED: _l("Renewed"),
    Cause.RUNS_OUT_SOON: _l("Runs out within 90 days now"),
    Cause.OTHER: _l("Other"),
}
