"""What the tests of documents share: one warm renderer, one set of keys."""

from collections.abc import Callable

import pytest

from skillsmatrix.documents.certificate import certificate_pdf
from skillsmatrix.documents.keys import KeyRing, make_keys, open_keys
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.documents.signing import PdfSeal
from skillsmatrix.foundation.paths import TEMPLATES
from tests.documents import verapdf
from tests.documents.builders import AT, certificate_facts


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """Warm, as in a worker."""
    return Renderer(TEMPLATES)


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """Keys of one generation."""
    folder = tmp_path_factory.mktemp("organisation") / "keys"
    make_keys(folder, issuer="Brightwater Supported Housing", at=AT)
    return open_keys(folder)


@pytest.fixture(scope="session")
def seal(ring: KeyRing) -> PdfSeal:
    """The newest key, ready to sign."""
    return PdfSeal(ring.newest)


@pytest.fixture(scope="session")
def signed_certificate(renderer: Renderer, seal: PdfSeal) -> bytes:
    """A certificate as it is handed out."""
    pdf = certificate_pdf(certificate_facts(), renderer=renderer, badge=b'{"badge":1}')
    return seal.signed(pdf, issuer="Brightwater Supported Housing", reason="Certificate", at=AT)


@pytest.fixture(scope="session")
def faults() -> Callable[[bytes], list[str]]:
    """The judgement of the veraPDF engine: every broken clause of PDF/UA-1 and PDF/A-3a."""
    if missing := verapdf.missing():
        pytest.skip(
            f"NOT CHECKED: PDF/UA-1 and PDF/A-3a. {', '.join(missing)} missing: "
            "`uv sync --all-groups` brings the pdf-validation group"
        )
    return verapdf.faults
