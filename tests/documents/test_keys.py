from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from skillsmatrix.documents.keys import KeysRefused, make_keys, open_keys, public_pem
from tests.documents.builders import AT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "instance" / "keys"
    make_keys(folder, issuer="Brightwater", at=AT)
    return folder


def test_the_folder_and_each_file_are_the_owners_alone(folder: Path) -> None:
    assert folder.stat().st_mode & 0o7777 == 0o700
    assert {path.stat().st_mode & 0o7777 for path in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == 5


def test_four_keys_with_one_purpose_each(folder: Path) -> None:
    keys = open_keys(folder).newest

    public = {public_pem(key) for key in (keys.pdf, keys.badge_es256, keys.badge_ed25519, keys.checkpoint)}

    assert len(public) == 4
    assert keys.certificate.public_key() == keys.pdf.public_key()


def test_the_newest_signs_and_every_generation_verifies(folder: Path) -> None:
    first = open_keys(folder).newest
    second = make_keys(folder, issuer="Brightwater", at=AT + timedelta(days=365))

    ring = open_keys(folder)

    assert ring.newest.certificate == second.certificate
    assert ring.certificates == (second.certificate, first.certificate)


def test_the_certificate_names_the_issuer_and_only_signs(folder: Path) -> None:
    certificate = open_keys(folder).newest.certificate

    assert "Brightwater" in certificate.subject.rfc4514_string()
    assert b"PRIVATE" not in certificate.public_bytes(Encoding.PEM)
    assert certificate.not_valid_after_utc.year == 2055


@pytest.mark.parametrize(
    "name", ["-pdf.pem", "-badge-es256.pem", "-badge-ed25519.pem", "-checkpoint.pem", "-pdf.crt"]
)
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o400, 0o660])
def test_a_key_file_with_another_mode_is_refused(folder: Path, name: str, mode: int) -> None:
    next(folder.glob(f"*{name}")).chmod(mode)

    with pytest.raises(KeysRefused, match=f"mode {mode:04o} and must have 0600"):
        open_keys(folder)


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o777, 0o701])
def test_a_folder_that_others_can_enter_is_refused(folder: Path, mode: int) -> None:
    folder.chmod(mode)

    with pytest.raises(KeysRefused, match="must have 0700"):
        open_keys(folder)
    with pytest.raises(KeysRefused, match="must have 0700"):
        make_keys(folder, issuer="Brightwater", at=AT + timedelta(days=1))


def test_a_key_behind_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    key = next(folder.glob("*-pdf.pem"))
    key.rename(tmp_path / "elsewhere.pem")
    key.symlink_to(tmp_path / "elsewhere.pem")

    with pytest.raises(KeysRefused, match="is a link"):
        open_keys(folder)


def test_a_missing_or_wrong_file_is_named(folder: Path) -> None:
    key = next(folder.glob("*-checkpoint.pem"))
    content = key.read_bytes()
    key.unlink()
    with pytest.raises(KeysRefused, match=r"checkpoint\.pem is missing"):
        open_keys(folder)

    key.write_bytes(next(folder.glob("*-badge-es256.pem")).read_bytes())
    key.chmod(0o600)
    with pytest.raises(KeysRefused, match="expected an Ed25519 key"):
        open_keys(folder)

    key.write_bytes(content)
    pdf = next(folder.glob("*-pdf.pem"))
    pdf.write_bytes(next(folder.glob("*-badge-es256.pem")).read_bytes())
    with pytest.raises(KeysRefused, match="do not belong together"):
        open_keys(folder)


def test_keys_are_never_overwritten(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(KeysRefused, match="never overwritten"):
        make_keys(folder, issuer="Brightwater", at=AT)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_no_folder_and_no_keys_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(KeysRefused, match="make keys first"):
        open_keys(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir(mode=0o700)
    with pytest.raises(KeysRefused, match="holds no keys"):
        open_keys(tmp_path / "empty")


def test_a_long_or_odd_issuer_still_gets_a_certificate(tmp_path: Path) -> None:
    keys = make_keys(tmp_path / "keys", issuer="Ŵ" * 300, at=AT)

    assert "Ŵ" * 64 in keys.certificate.subject.rfc4514_string()
