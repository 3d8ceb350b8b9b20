"""A person's passport, drawn and signed by the office, is kept and handed out as one bundle."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from skillsmatrix.models import Passport
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.certificate_office import DrawnPassport
from skillsmatrix.queries.passports import made_within_a_day, passport_for

MOST_A_DAY = 5  # of one person: each costs some seconds and is kept


class PassportRefused(Exception):
    """Enough passports of this person were made today: one of those can be downloaded again."""


def keep_passport(session: Session, drawn: DrawnPassport, *, request_key: str, by: str, at: datetime) -> str:
    """Keep what was drawn; returns its number. Asked again with the same key, the first number.

    Raises PassportRefused.
    """
    before = passport_for(session, staff_id=drawn.staff_id, request_key=request_key)
    if before is not None:
        return before
    if made_within_a_day(session, staff_id=drawn.staff_id, at=at) >= MOST_A_DAY:
        raise PassportRefused
    passport = Passport(
        number=drawn.facts.number,
        staff_id=drawn.staff_id,
        holder=drawn.facts.holder,
        issued_on=drawn.facts.issued_on,
        request_key=request_key,
        bundle=drawn.bundle,
        pdf_sha256=hashlib.sha256(drawn.pdf).hexdigest(),
        key_id=drawn.key_id,
        recorded_at=at,
        version_from=at,
        recorded_by=by,
    )
    session.add(passport)
    session.flush()
    audit(
        session,
        "passport_made",
        by=by,
        at=at,
        subject=("passports", passport.id),
        staff_id=drawn.staff_id,
        after={"number": passport.number, "certificates": drawn.certificates},
    )
    return passport.number
