"""What somebody who checks a certificate is told: nothing about the holder but the award."""

from typing import Final

from skillsmatrix.documents.verifying import Genuineness
from skillsmatrix.domain.certificate import CertificateState, RevocationKind, StateToday
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

KINDS: Final = {
    RevocationKind.ISSUED_IN_ERROR: _("It was issued in error."),
    RevocationKind.AWARD_WITHDRAWN: _("The award was withdrawn."),
    RevocationKind.KEY_LOST: _("The key it was signed with was lost."),
    RevocationKind.OTHER: _("The organisation can tell its holder why."),
}

NOT_GENUINE: Final = {
    Genuineness.CHANGED: _("It was changed after it was signed."),
    Genuineness.APPENDED: _("Something was added to the file after it was signed."),
    Genuineness.UNKNOWN_KEY: _("It was signed with a key that is not ours."),
    Genuineness.ANOTHER_FILE: _("Its signature belongs to another file."),
    Genuineness.SEVERAL: _("It carries more than one signature. Ours carry exactly one."),
    Genuineness.NO_SIGNATURE: _("It carries no signature. A scan or a print saved as a file carries none."),
    Genuineness.NOT_A_PDF: _("It is not a PDF file that can be read."),
    Genuineness.TOO_LARGE: _("It is larger than any certificate of ours."),
}


def headline(today: StateToday) -> str:
    """The answer in one line."""
    since = day(today.since) if today.since else ""
    if today.record_to is not None and today.state is CertificateState.CURRENT:
        return gettext("Genuine, and by today's record valid to %(day)s", day=day(today.record_to))
    if today.record_to is not None:
        return gettext(
            "Genuine, but not current: by today's record it ended on %(day)s", day=day(today.record_to)
        )
    return {
        CertificateState.CURRENT: gettext("Genuine and current"),
        CertificateState.NOT_YET: gettext("Genuine, and not valid before %(day)s", day=since),
        CertificateState.EXPIRED: gettext("Genuine, but expired: the last valid day was %(day)s", day=since),
        CertificateState.SUSPENDED: gettext("Genuine, but suspended today"),
        CertificateState.REPLACED: gettext("Genuine, but replaced on %(day)s", day=since),
        CertificateState.REVOKED: gettext("Revoked on %(day)s", day=since),
    }[today.state]
