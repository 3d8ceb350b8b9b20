"""Certificates for tests of what is kept about them: the facts are real, the page is a stand-in."""

import itertools
import secrets
from datetime import date, datetime

from sqlalchemy.orm import Session

from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.domain.certificate import RANDOM_BYTES, certificate_number
from skillsmatrix.operations.certificate_office import Drawn
from skillsmatrix.operations.certificates import issue_certificate
from skillsmatrix.queries.certificate_awards import Award, award
from tests.operations.practice import BY, NOW, TODAY

_PLACES = itertools.count(1)  # no two certificates share one


def drawn(wanted: Award, *, on: date = TODAY, at: datetime = NOW) -> Drawn:
    """What an office would give, with bytes of its own in place of the page."""
    number = certificate_number(secrets.token_bytes(RANDOM_BYTES))
    facts = CertificateFacts(
        number=number,
        check_url=f"https://example.org/verify/{number}",
        holder=wanted.holder,
        competency_code=wanted.competency,
        competency_title=wanted.title,
        level=wanted.level,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        assessor=wanted.assessor,
        assessed_on=wanted.assessed_on,
        issued_on=on,
        issued_at=at,
        issuer="Bridge Homes",
        subject="urn:uuid:0",
    )
    pdf = f"%PDF {number}".encode()
    return Drawn(
        wanted, facts, pdf, b"{}", "a.b.c", next(_PLACES), secrets.token_bytes(32), "20250101T000000Z"
    )


def certified(
    session: Session, staff_id: int, skill: int, *, key: str = "once", at: datetime = NOW, on: date = TODAY
) -> int:
    """A certificate for somebody who may have one."""
    wanted = award(session, staff_id=staff_id, competency_id=skill, on=on)
    assert isinstance(wanted, Award), wanted
    return issue_certificate(session, drawn(wanted, on=on, at=at), request_key=key, by=BY, at=at)
