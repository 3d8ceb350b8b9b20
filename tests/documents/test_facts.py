import json
from datetime import datetime
from typing import Any

import pytest

from skillsmatrix.documents.facts import CertificateFacts
from tests.documents.builders import certificate_facts, logo


def test_facts_come_back_from_json_as_they_went_in() -> None:
    facts = certificate_facts(logo=logo(), valid_to=None, holder="a\u202eb \ud800", checkpoint="12 entries")

    assert CertificateFacts.from_json(facts.to_json()) == facts


def test_json_is_the_same_for_the_same_facts_whatever_the_zone_of_the_instant() -> None:
    there = certificate_facts(issued_at=datetime.fromisoformat("2025-06-02T10:30:00+01:00"))

    assert there.to_json() == certificate_facts().to_json()


@pytest.mark.parametrize(
    "change",
    [
        lambda stated: stated.pop("holder"),
        lambda stated: stated.update(salary="1"),
        lambda stated: stated.update(version=2),
        lambda stated: stated.update(valid_to="soon"),
    ],
)
def test_json_of_another_shape_is_refused(change: Any) -> None:
    stated = json.loads(certificate_facts().to_json())
    change(stated)

    with pytest.raises(ValueError, match=r".+"):
        CertificateFacts.from_json(json.dumps(stated).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red; background: url(http://127.0.0.1)"},
        {"colour": "#12345g"},
        {"check_url": "javascript:alert(1)"},
        {"check_url": "https://x.example/ space"},
        {"check_url": "https://x.example/" + "x" * 160},
        {"number": "<b>"},
        {"number": ""},
        {"subject": "sian@example.org"},
        {"issued_at": datetime(2025, 6, 2, 9, 30)},  # noqa: DTZ001 - what is refused
    ],
)
def test_facts_that_could_not_be_trusted_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"colour|check_url|number|subject|time zone"):
        certificate_facts(**change)


def test_published_facts_say_what_is_printed_and_carry_the_logo_by_its_hash() -> None:
    published = json.loads(certificate_facts(holder="a\u202eb", logo=logo()).published_json())

    assert published["holder"] == "a■b"
    assert published["logo"].startswith("sha256:")
