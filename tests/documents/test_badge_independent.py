"""Our badges, checked by code that is not ours: the npm reference suite of Data Integrity proofs."""

import copy
import hashlib
import importlib.resources
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.ob3 import multikey_from_pem

from skillsmatrix.documents.badge import BadgeMaker, verification_method
from skillsmatrix.documents.keys import KeyRing, public_pem
from tests.documents.builders import AT, certificate_facts
from tests.documents.test_badge import ISSUER, PLACE

HERE = Path(__file__).parent / "independent"


@pytest.fixture(scope="session")
def suite() -> Path:
    """Folder with the npm packages, made once per set of versions and kept outside the project."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip(
            "NOT CHECKED: badges by an independent implementation. Node and npm are not installed here"
        )
    wanted = (HERE / "package.json").read_bytes()
    folder = (
        Path(tempfile.gettempdir()) / f"skillsmatrix-badge-suite-{hashlib.sha256(wanted).hexdigest()[:12]}"
    )
    shutil.copytree(HERE, folder, dirs_exist_ok=True)
    if not (folder / "node_modules" / ".package-lock.json").is_file():
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    return folder


def contexts() -> dict[str, Any]:
    """The contexts out of the Python package, by their address."""
    folder = importlib.resources.files("openbadgeslib.ob3.contexts")
    named = {
        "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-v3p0-extensions.json",
        "https://w3id.org/security/data-integrity/v2": "security-data-integrity-v2.json",
        "https://w3id.org/security/multikey/v1": "security-multikey-v1.json",
    }
    return {url: json.loads((folder / name).read_text(encoding="utf-8")) for url, name in named.items()}


@pytest.mark.network
def test_the_reference_suite_verifies_our_badges_and_lists_and_no_changed_one(
    suite: Path, ring: KeyRing
) -> None:
    maker = BadgeMaker(ISSUER, ring.newest)
    badge = json.loads(maker.linked_data(certificate_facts(), PLACE))
    listed = json.loads(
        maker.status_list(url=PLACE.revocation_list, purpose="revocation", indices=[PLACE.index], at=AT)
    )
    documents = [badge, listed]
    for place in (
        ("validUntil",),
        ("credentialSubject", "id"),
        ("credentialSubject", "achievement", "name"),
        ("name",),
    ):
        changed: dict[str, Any] = copy.deepcopy(badge)
        inside = changed
        for step in place[:-1]:
            inside = inside[step]
        assert place[-1] in inside
        inside[place[-1]] = "2199-01-01T00:00:00Z" if place == ("validUntil",) else "urn:x:changed"
        documents.append(changed)
    method = {
        "@context": "https://w3id.org/security/multikey/v1",
        "id": verification_method(ISSUER.did, ring.newest),
        "type": "Multikey",
        "controller": ISSUER.did,
        "publicKeyMultibase": multikey_from_pem(public_pem(ring.newest.badge_ed25519)),
    }

    ran = subprocess.run(
        ["node", "verify.mjs"],
        cwd=suite,
        input=json.dumps({"contexts": contexts(), "method": method, "documents": documents}),
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip

    assert json.loads(ran.stdout) == [True, True, False, False, False, False]
