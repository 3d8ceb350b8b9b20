"""The office that draws certificates: who issues, the keys, and the warm children that render the pages."""

import re
import secrets
import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509

from skillsmatrix.documents.badge import STATUS_LIST_SIZE, BadgeIssuer, BadgeMaker, StatusPlace, issuer_did
from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.documents.keys import KeyRing, open_keys
from skillsmatrix.documents.passport import PassportFacts, passport_bundle
from skillsmatrix.documents.signing import PdfSeal, authority_at
from skillsmatrix.documents.workers import Job, RenderingPool
from skillsmatrix.domain.certificate import RANDOM_BYTES, certificate_number
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.queries.certificate_awards import Award
from skillsmatrix.queries.passports import WholeRecord

# Beside the keys: every certificate the time-stamping authority sends. A stamped file is checked with them.
STAMPERS_FILE = "timestamp-authority.pem"
REASON = "Issued as a true record of competency on the day of signing"
PASSPORT_REASON = "The record of training and competency on the day of signing"
SALT_BYTES = 32

# What each level of the house's own ladder may do, in the words that are printed.
_MAY_DO = {
    1: "May recognise, refer and support others. Does not do it.",
    2: "May do it accompanied, or with each case reviewed.",
    3: "May do it alone, within the boundary below.",
    4: "May handle the unusual, within the boundary below.",
    5: "May lead it, within the boundary below and the holder's registration.",
}


# A boundary that goes through the levels itself.
_NAMES_LEVELS = re.compile(r"\bLevels? \d")


def may_do(level: int, boundary: str) -> str:
    """What a level of the ladder may do; empty where the boundary itself says it (decision 0019)."""
    if boundary and (level == 1 or _NAMES_LEVELS.search(boundary)):
        return ""
    return _MAY_DO.get(level, "")


class NotDrawn(Exception):
    """The page could not be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A certificate on paper, not yet issued: what it says, its signed bytes, its badge."""

    award: Award
    facts: CertificateFacts
    pdf: bytes
    badge: bytes
    badge_jwt: str
    status_index: int
    log_salt: bytes
    key_id: str


@dataclass(frozen=True, slots=True)
class DrawnPassport:
    """A passport that is signed and not yet kept: the PDF, and the bundle with it and the certificates."""

    staff_id: int
    facts: PassportFacts
    pdf: bytes
    bundle: bytes
    certificates: int
    key_id: str


class CertificateOffice:
    """Draws and signs. Keep one for a process; use it in a `with` block or call `close`.

    Rendering happens in limited child processes that are started at the first page and stay warm.
    """

    def __init__(self, settings: Settings, templates: Path, *, workers: int = 1) -> None:
        self.settings = settings
        self.ring: KeyRing = open_keys(settings.keys_dir)
        keys = self.ring.newest
        stamps = authority_at(settings.timestamp_url) if settings.timestamp_url else None
        self._seal = PdfSeal(keys, timestamper=stamps)
        self.did = issuer_did(settings.public_url, keys)
        self.timestamp_certificates = stampers(settings.keys_dir)
        self.badges = BadgeMaker(BadgeIssuer(self.did, settings.organisation_name, settings.public_url), keys)
        self._logo = settings.organisation_logo.read_bytes() if settings.organisation_logo else b""
        self._pool = RenderingPool(templates, workers=workers)
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.__exit__(kind, fault, trace)

    def close(self) -> None:
        """End the children."""
        self._pool.__exit__(None, None, None)

    @property
    def key_name(self) -> str:
        """Which generation of keys signs here."""
        return self.ring.newest.made

    @property
    def process_ids(self) -> list[int]:
        """The children's process numbers, for those who measure them."""
        return self._pool.process_ids

    def check_url(self, number: str) -> str:
        """Where anybody can check the certificate; from the settings, never from a request."""
        return f"{self.settings.public_url}/verify/{number}"

    def status_url(self, purpose: str) -> str:
        """Where the status list of badges is served."""
        return f"{self.settings.public_url}/badges/status/{purpose}"

    def draw(
        self, award: Award, *, on: date, at: datetime, taken: Collection[int], checkpoint: str = ""
    ) -> Drawn:
        """One certificate, rendered and signed. `taken`: status places in use already. Raises NotDrawn."""
        for drawn in self.draw_many([award], on=on, at=at, taken=taken, checkpoint=checkpoint):
            if isinstance(drawn, Drawn):
                return drawn
            raise NotDrawn(drawn[1])
        raise NotDrawn("nothing was asked for")

    def draw_many(
        self,
        awards: Iterable[Award],
        *,
        on: date,
        at: datetime,
        taken: Collection[int],
        checkpoint: str = "",
    ) -> Iterator[Drawn | tuple[Award, str]]:
        """Many certificates as they come; a page that fails gives its award and the reason instead."""
        places = set(taken)
        drafts: dict[str, tuple[Award, CertificateFacts, StatusPlace, bytes]] = {}

        def jobs() -> Iterator[Job]:
            for award in awards:
                facts = self._facts(award, on=on, at=at, checkpoint=checkpoint)
                place = self._free_place(places)
                badge = self.badges.linked_data(facts, place)
                drafts[facts.number] = (award, facts, place, badge)
                yield Job(facts.number, facts, badge)

        with self._one_at_a_time:
            for page in self._pool.render_many(jobs()):
                award, facts, place, badge = drafts.pop(page.key)
                if page.failure:
                    yield award, page.failure
                    continue
                yield Drawn(
                    award=award,
                    facts=facts,
                    pdf=self._seal.signed(page.pdf, issuer=facts.issuer, reason=REASON, at=at),
                    badge=badge,
                    badge_jwt=self.badges.web_token(facts, place),
                    status_index=place.index,
                    log_salt=secrets.token_bytes(SALT_BYTES),
                    key_id=self.ring.newest.made,
                )

    def draw_passport(self, record: WholeRecord, *, on: date, at: datetime) -> DrawnPassport:
        """A person's passport, rendered, signed and bundled. Raises NotDrawn."""
        number = certificate_number(secrets.token_bytes(RANDOM_BYTES))
        keys = self.ring.newest
        facts = PassportFacts(
            number=number,
            check_url=self.check_url(number),
            holder=record.holder,
            issuer=self.settings.organisation_name,
            issued_on=on,
            issued_at=at,
            employed_from=record.employed_from,
            employed_to=record.employed_to,
            signatory=self.settings.signatory,
            signatory_title=self.settings.signatory_title,
            colour=self.settings.organisation_colour,
            logo=self._logo,
            fingerprint=keys.fingerprint,
            sections=record.sections,
        )
        with self._one_at_a_time:
            pages = list(self._pool.render_many([Job(number, facts)]))
        if pages[0].failure:
            raise NotDrawn(pages[0].failure)
        pdf = self._seal.signed(pages[0].pdf, issuer=facts.issuer, reason=PASSPORT_REASON, at=at)
        bundle = passport_bundle(facts, pdf, record.certificates, keys=keys, at=at)
        return DrawnPassport(record.staff_id, facts, pdf, bundle, len(record.certificates), keys.made)

    def _free_place(self, taken: set[int]) -> StatusPlace:
        """A place in the status lists that no badge ever had, at random; noted in `taken`."""
        if len(taken) >= STATUS_LIST_SIZE:
            raise NotDrawn("every place in the status list of badges is taken")
        index = secrets.randbelow(STATUS_LIST_SIZE)
        while index in taken:
            index = secrets.randbelow(STATUS_LIST_SIZE)
        taken.add(index)
        return StatusPlace(self.status_url("revocation"), self.status_url("suspension"), index)

    def _facts(self, award: Award, *, on: date, at: datetime, checkpoint: str) -> CertificateFacts:
        number = certificate_number(secrets.token_bytes(RANDOM_BYTES))
        return CertificateFacts(
            number=number,
            check_url=self.check_url(number),
            holder=award.holder,
            competency_code=award.competency,
            competency_title=award.title,
            level=award.level,
            valid_from=award.valid_from,
            issued_on=on,
            issued_at=at,
            issuer=self.settings.organisation_name,
            subject=f"urn:uuid:{_uuid()}",
            framework=award.framework,
            may_do=may_do(award.level, award.boundary),
            boundary=award.boundary,
            learning_title=award.learning_title,
            learning_provider=award.learning_provider,
            learning_completed_on=award.learning_completed_on,
            assessor=award.assessor,
            assessed_on=award.assessed_on,
            valid_to=award.valid_to,
            signatory=self.settings.signatory,
            signatory_title=self.settings.signatory_title,
            colour=self.settings.organisation_colour,
            logo=self._logo,
            fingerprint=self.ring.newest.fingerprint,
            checkpoint=checkpoint,
        )


def stampers(keys_dir: Path) -> tuple[x509.Certificate, ...]:
    """The certificates of the time-stamping authority, out of the key folder; none when there is no file."""
    path = keys_dir / STAMPERS_FILE
    return tuple(x509.load_pem_x509_certificates(path.read_bytes())) if path.is_file() else ()


def _uuid() -> str:
    """An opaque name for the holder in a badge: random, so that two badges cannot be laid side by side."""
    text = secrets.token_hex(16)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"
