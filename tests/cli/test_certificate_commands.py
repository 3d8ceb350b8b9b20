"""The commands about certificates, as a person at a terminal meets them."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Engine, update

from skillsmatrix.cli import main
from skillsmatrix.commands_certificates import make_first_keys
from skillsmatrix.documents.certificate import certificate_pdf
from skillsmatrix.documents.keys import make_keys, open_keys
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.documents.signing import PdfSeal
from skillsmatrix.foundation.database import make_engine, writing
from skillsmatrix.foundation.paths import TEMPLATES
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.models import Certificate, LogLeaf
from tests.documents.builders import AT, certificate_facts
from tests.operations.certifying import certified
from tests.operations.practice import NOW, house

Run = Callable[..., tuple[int, str, str]]
FINGERPRINT = re.compile(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}\n")


@pytest.fixture
def settings(settings_for: Callable[..., Settings], sqlite_url: str) -> Settings:
    return settings_for(sqlite_url)


@pytest.fixture
def run(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: object) -> tuple[int, str, str]:
        status = main(["certificates", *(str(each) for each in arguments)], lambda: settings)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


@pytest.fixture
def engine_in_use(settings: Settings) -> Engine:
    engine = make_engine(settings.database_url)
    with writing(engine) as session:
        at_house = house(session)
        certified(session, at_house.bo, at_house.skill)
        certified(session, at_house.cy, at_house.skill)
    return engine


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A signed certificate, the issuer's certificate, and the folder of the keys."""
    folder = tmp_path_factory.mktemp("signed")
    keys = make_keys(folder / "keys", issuer="Bridge Homes", at=AT)
    pdf = certificate_pdf(certificate_facts(), renderer=Renderer(TEMPLATES))
    (folder / "c.pdf").write_bytes(PdfSeal(keys).signed(pdf, issuer="Bridge Homes", reason="r", at=AT))
    (folder / "issuer.pem").write_bytes(keys.certificate.public_bytes(Encoding.PEM))
    return folder / "c.pdf", folder / "issuer.pem", folder / "keys"


def test_keys_are_made_and_made_again_beside_the_old_ones(run: Run, settings: Settings) -> None:
    status, out, err = run("keys")

    assert status == 0
    assert FINGERPRINT.fullmatch(out)
    assert "Back them up apart from the database" in err
    assert open_keys(settings.keys_dir).newest.fingerprint == out.strip()


def test_keys_that_lie_open_are_refused_with_what_to_do(run: Run, settings: Settings) -> None:
    run("keys")
    settings.keys_dir.chmod(0o755)

    status, out, err = run("checkpoint")

    assert (status, out) == (1, "")
    assert f"chmod 0700 {settings.keys_dir}" in err


def test_the_first_start_makes_keys_once(settings: Settings) -> None:
    first = make_first_keys(settings)

    assert first == open_keys(settings.keys_dir).newest.fingerprint
    assert make_first_keys(settings) is None


def test_a_file_is_verified_without_server_or_database(run: Run, signed: tuple[Path, Path, Path]) -> None:
    pdf, issuer, _keys = signed

    status, out, err = run("verify", pdf, "--issuer", issuer)

    assert status == 0
    assert '"holder": "Siân Ŵyn' in out
    assert err.startswith("Genuine: Exactly the file that was signed")


def test_a_changed_file_is_not_genuine(run: Run, signed: tuple[Path, Path, Path], tmp_path: Path) -> None:
    content = signed[0].read_bytes()
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])

    status, out, err = run("verify", changed, "--issuer", signed[1])

    assert (status, out) == (1, "")
    assert err.startswith("Not genuine: ")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("verify", "nothing.pdf"), 2, "nothing.pdf: No such file"),
        (("verify", "{pdf}"), 1, "make keys first"),
        (("verify", "{pdf}", "--issuer", "{pdf}"), 2, "holds no certificate in PEM form"),
        (("checkpoint",), 1, "make keys first"),
        (("audit", "--against", "nothing.txt"), 1, "make keys first"),
    ],
)
def test_what_is_missing_is_named(
    run: Run, signed: tuple[Path, Path, Path], arguments: tuple[str, ...], status: int, words: str
) -> None:
    found, out, err = run(*(each.format(pdf=signed[0]) for each in arguments))

    assert (found, out) == (status, "")
    assert words in err


def test_a_checkpoint_kept_elsewhere_is_contained_in_the_longer_log(
    run: Run, engine_in_use: Engine, tmp_path: Path
) -> None:
    run("keys")
    status, text, err = run("checkpoint")
    assert (status, text.splitlines()[:2]) == (0, ["skillsmatrix", "2"])
    assert "Keep this text somewhere" in err
    kept = tmp_path / "kept.txt"
    kept.write_text(text, encoding="utf-8")
    with writing(engine_in_use) as session:
        at = NOW + timedelta(days=1)
        session.add(_leaf(3, at))

    status, _out, err = run("audit", "--against", kept)

    assert status == 1  # the third leaf says that something happened to a certificate to which it did not
    assert "revoked in one of log and record" in err
    assert "does not begin with" not in err


def _leaf(number: int, at: object) -> LogLeaf:
    return LogLeaf(id=number, certificate_id=1, event="revoked", leaf_hash="00" * 32, at=at)


def test_an_audit_of_an_honest_log_says_so_and_of_a_rewritten_one_what_is_wrong(
    run: Run, engine_in_use: Engine, tmp_path: Path
) -> None:
    run("keys")
    kept = tmp_path / "kept.txt"
    kept.write_text(run("checkpoint")[1], encoding="utf-8")
    honest = run("audit", "--against", kept)
    with writing(engine_in_use) as session:
        session.execute(update(Certificate).where(Certificate.id == 2).values(pdf=b"another"))
        session.execute(update(LogLeaf).where(LogLeaf.id == 1).values(leaf_hash="00" * 32))

    status, _out, err = run("audit", "--against", kept)

    assert (honest[0], honest[2]) == (0, "The log agrees with the certificates, and only ever grew.\n")
    assert status == 1
    assert "entry 1 does not say what certificate" in err
    assert "its bytes are not those that were issued" in err
    assert "the log does not begin with the 2 entries of the checkpoint" in err


def test_a_text_that_is_no_checkpoint_is_refused(run: Run, engine_in_use: Engine, tmp_path: Path) -> None:
    run("keys")
    forged = tmp_path / "forged.txt"
    forged.write_text("skillsmatrix\n2\nAAAA\n\n— skillsmatrix AAAA\n", encoding="utf-8")

    status, _out, err = run("audit", "--against", forged)

    assert status == 2
    assert "no key of this log signed the checkpoint" in err
    engine_in_use.dispose()
