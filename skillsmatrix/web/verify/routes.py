"""Is it genuine, and what is it worth today? By its number (also out of the QR code), or by its file."""

import hashlib
from typing import Any, Final

from flask import Response, g, make_response, render_template

from skillsmatrix.documents.keys import KeysRefused
from skillsmatrix.documents.verifying import MOST_BYTES, Genuineness, Verification
from skillsmatrix.domain.certificate import parse_number
from skillsmatrix.operations.certificates import note_check
from skillsmatrix.queries import certificates as queries
from skillsmatrix.queries.certificates import CertificateRecord
from skillsmatrix.queries.passports import Made, passport_numbered, passport_with_digest
from skillsmatrix.web.shared.certificate_office import certificate_office, published_address
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import public
from skillsmatrix.web.shared.transactions import commits_late, keep_now, write_now
from skillsmatrix.web.verify.blueprint import bp
from skillsmatrix.web.verify.forms import FileForm, NumberForm
from skillsmatrix.web.verify.limits import limit
from skillsmatrix.web.verify.reading import judged
from skillsmatrix.web.verify.words import KINDS, NOT_GENUINE, headline

WHY: Final = "anybody who is handed a certificate may check it"
NOT_FOUND: Final = 404


@bp.get("/verify")
@public(why=WHY)
def ask() -> Any:
    form = NumberForm()
    if form.number.data:
        limit()
        return _by_number(form.number.data)
    response = make_response(_ask_page(FileForm()))
    response.headers["Referrer-Policy"] = "same-origin"  # the check of forged forms looks at it
    return response


@bp.get("/verify/<path:number>")
@public(why=WHY)
def by_number(number: str) -> Any:
    limit()
    return _by_number(number)


@bp.post("/verify")
@public(why=WHY)
@commits_late
def by_file() -> Any:
    limit()
    form = FileForm()
    if not form.validate_on_submit():
        return _ask_page(form)
    data: bytes = form.document.data.read(MOST_BYTES + 1)
    verdict = judged(data)
    if not verdict.is_genuine:
        why = Genuineness.ANOTHER_FILE if _is_signed_as_another(verdict) else verdict.genuineness
        return _page(None, refused=NOT_GENUINE[why], fingerprint="")
    digest = hashlib.sha256(data).hexdigest()
    found = queries.by_digest(db_session(), digest)
    passport = passport_with_digest(db_session(), digest)
    if passport is not None:
        return _passport_page(passport, fingerprint=verdict.fingerprint)
    return _page(found, refused="", fingerprint=verdict.fingerprint, way="file")


def _is_signed_as_another(verdict: Verification) -> bool:
    """Whether a file holds all that one of ours holds, but a signature that belongs elsewhere."""
    issued = queries.by_number(db_session(), parse_number(verdict.claimed_number) or "")
    return issued is not None and judged(issued.pdf).digest == verdict.content_digest


def _ask_page(form: FileForm) -> str:
    number = NumberForm()
    fingerprint = _fingerprint()
    return render_template("verify/ask.html", form=form, number=number, fingerprint=fingerprint)


def _by_number(typed: str) -> Response:
    """What is unknown, malformed or gone looks the same to the last byte, and asks the database as often."""
    number = parse_number(typed) or ""
    found = queries.by_number(db_session(), number)
    passport = passport_numbered(db_session(), number)
    if passport is not None:
        return _passport_page(passport, fingerprint="")
    if found is None:
        return make_response(render_template("verify/unknown.html"), NOT_FOUND)
    return _page(found, refused="", fingerprint="", way="number")


def _passport_page(passport: Made, *, fingerprint: str) -> Response:
    return make_response(
        render_template(
            "verify/passport.html",
            passport=passport,
            fingerprint=fingerprint,
            checked_at=g.at,
            address=published_address(),
        )
    )


def _page(
    found: CertificateRecord | None, *, refused: str, fingerprint: str, way: str = "number"
) -> Response:
    """What is frozen beside what it is worth today; the look is noted for the holder."""
    facts = today = None
    if found is not None:
        certificate_id = found.id
        write_now()
        found = queries.by_id(db_session(), certificate_id)
        facts, today = (
            queries.facts_of(found).as_printed(),
            queries.state_today(db_session(), found, on=g.today),
        )
        note_check(
            db_session(), certificate_id=certificate_id, way=way, told=today.state.value, by="public", at=g.at
        )
        keep_now()
    return make_response(
        render_template(
            "verify/answer.html",
            facts=facts,
            today=today,
            headline=headline(today) if today else "",
            kinds=KINDS,
            refused=str(refused),
            fingerprint=fingerprint,
            way=way,
            checked_at=g.at,
            address=published_address(),
        )
    )


def _fingerprint() -> str:
    try:
        return certificate_office().ring.newest.fingerprint
    except KeysRefused:
        return ""
