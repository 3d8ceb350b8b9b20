"""What is published so that a certificate can be checked without this site's word for it."""

import hashlib
import json
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding
from flask import Response, abort, current_app, g, request

from skillsmatrix.documents.badge import did_document
from skillsmatrix.documents.keys import KeysRefused, public_pem
from skillsmatrix.operations.certificate_office import CertificateOffice
from skillsmatrix.queries import certificates as queries
from skillsmatrix.queries.certificate_log import newest_checkpoint
from skillsmatrix.web.shared.certificate_office import certificate_office
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import public
from skillsmatrix.web.verify.blueprint import bp
from skillsmatrix.web.verify.limits import limit

WHY: Final = "made to be read by anybody: public keys, and lists that name nobody"
_KEPT: Final = "skillsmatrix.status_lists"
PURPOSES: Final = ("revocation", "suspension")


@bp.get("/verify/issuer.pem")
@public(why=WHY)
def issuer_pem() -> Any:
    limit()
    found = _office().ring.certificates
    pem = b"".join(each.public_bytes(Encoding.PEM) for each in found)
    return Response(pem, content_type="application/x-pem-file")


@bp.get("/badges/status/<purpose>")
@public(why=WHY)
def status_list(purpose: str) -> Any:
    limit()
    if purpose not in PURPOSES:
        abort(404)
    tag, body = _status_list(purpose)
    response = Response(body, content_type="application/vc+ld+json")
    response.set_etag(tag, weak=True)  # another process signs the same list at another instant
    response.headers["Cache-Control"] = "no-cache"  # may be kept, and is asked about each time
    return response.make_conditional(request)


def _status_list(purpose: str) -> tuple[str, bytes]:
    """The signed list and a tag for it; made anew only when something that it says may have changed."""
    office = _office()
    stated = (g.today.isoformat(), *queries.status_version(db_session(), purpose=purpose), office.key_name)
    tag = hashlib.sha256(repr((purpose, *stated)).encode()).hexdigest()[:32]
    kept: dict[str, tuple[str, bytes]] = current_app.extensions.setdefault(_KEPT, {})
    found = kept.get(purpose)
    if found is None or found[0] != tag:
        body = office.badges.status_list(
            url=office.status_url(purpose),
            purpose=purpose,
            indices=queries.status_places(db_session(), purpose=purpose, on=g.today),
            at=g.at,
        )
        found = kept[purpose] = (tag, body)
    return found


@bp.get("/.well-known/did.json")
@public(why=WHY)
def did() -> Any:
    limit()
    office = _office()
    if not office.did.startswith("did:web:"):
        abort(404)
    return Response(json.dumps(did_document(office.did, office.ring)), content_type="application/did+json")


@bp.get("/log/checkpoint")
@public(why=WHY)
def checkpoint() -> Any:
    limit()
    newest = newest_checkpoint(db_session())
    if newest is None:
        abort(404)
    return Response(newest.text, content_type="text/plain; charset=utf-8")


@bp.get("/log/keys.pem")
@public(why=WHY)
def log_keys() -> Any:
    limit()
    pem = b"".join(public_pem(each.checkpoint) for each in _office().ring.generations)
    return Response(pem, content_type="application/x-pem-file")


def _office() -> CertificateOffice:
    """The office; without keys nothing is published yet."""
    try:
        return certificate_office()
    except KeysRefused as refused:
        current_app.logger.warning("nothing to publish: %s", refused)
        abort(404)
