"""Facts to print: values that do not matter to a test come from here."""

import io
from datetime import UTC, date, datetime
from typing import Any

from PIL import Image

from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.documents.passport import PassportFacts, Section

AT = datetime(2025, 6, 2, 9, 30, tzinfo=UTC)
NUMBER = "7K3Q-9DMV-2XRA-HT5C-04WZ-EJ8B-PN6Y"
CHECK_URL = "https://skills.example.org/verify/7K3Q9DMV2XRAHT5C04WZEJ8BPN6Y"


def certificate_facts(**changes: Any) -> CertificateFacts:
    """A certificate for medicines at level 2, valid to 28 February 2099."""
    stated: dict[str, Any] = {
        "number": NUMBER,
        "check_url": CHECK_URL,
        "holder": "Siân Ŵyn Okafor-Ṣọlá",
        "competency_code": "CS-MED",
        "competency_title": "Administration of medicines in supported housing",
        "framework": "Medicines and physical health",
        "level": 2,
        "may_do": "May give prescribed medicines, and act on a missed dose, working alone.",
        "boundary": "Does not cover controlled drugs or injections. A registered nurse decides these.",
        "learning_title": "Safe handling of medicines",
        "learning_provider": "Brightwater Academy",
        "learning_completed_on": date(2025, 5, 12),
        "assessor": "Nguyễn Thị Ánh Tuyết",
        "assessed_on": date(2025, 5, 30),
        "valid_from": date(2025, 5, 30),
        "valid_to": date(2099, 2, 28),
        "issued_on": date(2025, 6, 2),
        "issued_at": AT,
        "issuer": "Brightwater Supported Housing",
        "signatory": "Małgorzata Śliwińska",
        "signatory_title": "Head of Clinical Practice",
        "subject": "urn:uuid:5f0c2a54-3f5d-4c58-9d0e-0d7a3c1f5a11",
        "fingerprint": ":".join(["8A", "1F"] * 16),
    }
    return CertificateFacts(**(stated | changes))


def passport_facts(**changes: Any) -> PassportFacts:
    """A record with two sections, one of them empty."""
    stated: dict[str, Any] = {
        "number": NUMBER,
        "check_url": CHECK_URL,
        "holder": "Siân Ŵyn Okafor-Ṣọlá",
        "issuer": "Brightwater Supported Housing",
        "issued_on": date(2025, 6, 2),
        "issued_at": AT,
        "employed_from": date(2021, 4, 1),
        "employed_to": date(2025, 5, 31),
        "sections": (
            Section(
                "competencies",
                "Competencies held",
                ("Competency", "Level", "Valid to"),
                (("Medicines", "2", "28 February 2027"), ("Moving and handling", "1", "no end date")),
            ),
            Section("supervision", "Supervision", ("Day", "Kind"), ()),
        ),
    }
    return PassportFacts(**(stated | changes))


def logo(size: tuple[int, int] = (300, 120), kind: str = "PNG") -> bytes:
    """A picture with a transparent ground."""
    image = Image.new("RGBA" if kind == "PNG" else "RGB", size, (29, 79, 103))
    image.paste((200, 90, 40), (10, 10, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()
