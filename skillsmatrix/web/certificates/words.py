"""What is said about a certificate and about why there can be none."""

from skillsmatrix.domain.certificate import CertificateState, RefusalReason, StateToday
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import lazy_gettext as lazy

NO_KEYS = lazy(
    "Nothing can be signed here yet: the signing keys are missing or not in order. "
    "Ask your technical administrator to run “python3 -m skillsmatrix certificates keys”."
)

RUN_STATES = {
    "waiting": lazy("Waiting to begin"),
    "running": lazy("Being issued"),
    "done": lazy("Finished"),
    "cancelled": lazy("Cancelled"),
}

REVOCATION_STATES = {
    "waiting": lazy("Waiting to begin"),
    "running": lazy("Being revoked"),
    "done": lazy("Revoked"),
    "cancelled": lazy("Refused"),
}


def refused(reason: RefusalReason) -> str:
    """Why no certificate can be issued, and what would change that."""
    return {
        RefusalReason.SUSPENDED: _("It is suspended. Lift the suspension first."),
        RefusalReason.WITHDRAWN: _("The sign-off was withdrawn. A new assessment is needed."),
        RefusalReason.EXPIRED: _("It has expired. Renew it first."),
        RefusalReason.SUPERSEDED: _("What is held was replaced by a newer competency."),
        RefusalReason.BELOW_LEVEL: _("It is held below this level."),
        RefusalReason.AWAITING_SIGN_OFF: _("Learning is complete, but nobody has signed it off yet."),
        RefusalReason.IN_INDUCTION: _("It is not held yet."),
        RefusalReason.EXEMPT: _("There is an exemption: what is not done cannot be certified."),
        RefusalReason.NOT_HELD: _("It is not held."),
        RefusalReason.CHANGED: _("The record changed while the page was made. Look at it again."),
        RefusalReason.ALREADY_ISSUED: _("There is a certificate that says the same. Nothing to issue."),
    }[reason]


def state_words(today: StateToday) -> str:
    """What a certificate is worth today, in one line."""
    since = day(today.since) if today.since else ""
    if today.record_to is not None and today.state is CertificateState.CURRENT:
        return _("Current, by today's record to %(day)s", day=day(today.record_to))
    if today.record_to is not None:
        return _("Not current: by today's record it ended on %(day)s", day=day(today.record_to))
    return {
        CertificateState.CURRENT: _("Current"),
        CertificateState.NOT_YET: _("Not valid before %(day)s", day=since),
        CertificateState.EXPIRED: _("Expired: the last valid day was %(day)s", day=since),
        CertificateState.SUSPENDED: _("Suspended today"),
        CertificateState.REPLACED: _("Replaced by a newer certificate on %(day)s", day=since),
        CertificateState.REVOKED: _("Revoked on %(day)s", day=since),
    }[today.state]


def told_words(told: str) -> str:
    """What somebody who checked a certificate was told, for its holder."""
    return {
        CertificateState.CURRENT: _("current"),
        CertificateState.NOT_YET: _("not valid yet"),
        CertificateState.EXPIRED: _("expired"),
        CertificateState.SUSPENDED: _("suspended"),
        CertificateState.REPLACED: _("replaced"),
        CertificateState.REVOKED: _("revoked"),
    }[CertificateState(told)]
