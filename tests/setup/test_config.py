"""Every setting is read once, checked, and refused with words that say what to do."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from config import VARIABLES, SettingError, settings_from_environment
from skillsmatrix.foundation.settings import Settings

KEY = "0123456789abcdef" * 4


def settings(tmp_path: Path, **environ: str) -> Settings:
    """The settings of an installation with nothing said but `environ`."""
    return settings_from_environment(environ, instance=tmp_path / "instance")


def test_nothing_said_serves_an_sqlite_file_to_this_machine_only(tmp_path: Path) -> None:
    made = settings(tmp_path)

    assert made.database_url == f"sqlite:///{tmp_path}/instance/skillsmatrix.db"
    assert (made.host, made.port, made.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert made.trusted_hosts == ("127.0.0.1", "localhost")
    assert made.secure_cookies is False
    assert made.proxy_hops == 0


def test_a_real_installation_says_everything(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg/>")
    made = settings(
        tmp_path,
        SKILLSMATRIX_SECRET_KEY=KEY,
        DATABASE_URL="postgresql://skills:pass@db.example.org/skills",
        TRUSTED_HOSTS="skills.example.org, .intranet.example.org",
        SKILLSMATRIX_HOST="0.0.0.0",  # noqa: S104 - what is being read
        SKILLSMATRIX_PORT="8080",
        SKILLSMATRIX_PUBLIC_URL="https://skills.example.org/",
        SKILLSMATRIX_PROXY_HOPS="1",
        SKILLSMATRIX_ORGANISATION_NAME="Tŷ Gobaith",
        SKILLSMATRIX_ORGANISATION_COLOUR="#AA00FF",
        SKILLSMATRIX_ORGANISATION_LOGO=str(logo),
        SKILLSMATRIX_TIMESTAMP_URL="http://time.example.org/tsa",
        SMTP_URL="smtp+starttls://user:pass@mail.example.org:587",
        MAIL_FROM="training@example.org",
        SKILLSMATRIX_UPLOADS_DIR=str(tmp_path / "u"),
        SKILLSMATRIX_KEYS_DIR=str(tmp_path / "k"),
        SKILLSMATRIX_SCAN_COMMAND="sh -c 'exit 0'",
        SKILLSMATRIX_SESSION_IDLE_MINUTES="15",
        SKILLSMATRIX_SESSION_ABSOLUTE_MINUTES="480",
    )

    assert made == Settings(
        secret_key=KEY,
        database_url="postgresql+psycopg://skills:pass@db.example.org/skills",
        uploads_dir=tmp_path / "u",
        keys_dir=tmp_path / "k",
        public_url="https://skills.example.org",
        host="0.0.0.0",  # noqa: S104 - what is being read
        port=8080,
        trusted_hosts=("skills.example.org", ".intranet.example.org"),
        secure_cookies=True,
        proxy_hops=1,
        session_idle_minutes=15,
        session_absolute_minutes=480,
        organisation_name="Tŷ Gobaith",
        organisation_colour="#aa00ff",
        organisation_logo=logo,
        timestamp_url="http://time.example.org/tsa",
        smtp_url="smtp+starttls://user:pass@mail.example.org:587",
        mail_from="training@example.org",
        scan_command=("sh", "-c", "exit 0"),
    )


def test_secrets_are_not_printed_with_the_rest(tmp_path: Path) -> None:
    made = settings(
        tmp_path,
        SKILLSMATRIX_SECRET_KEY=KEY,
        DATABASE_URL="postgresql://skills:hidden-word@db/skills",
        SMTP_URL="smtp://user:hidden-word@mail.example.org",
        MAIL_FROM="training@example.org",
    )

    assert KEY not in repr(made)
    assert "hidden-word" not in repr(made)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://db/skills"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "skills.db"),
        ("SKILLSMATRIX_PORT", "0"),
        ("SKILLSMATRIX_PORT", "65536"),
        ("SKILLSMATRIX_PORT", "eight"),
        ("SKILLSMATRIX_PORT", "٨٠٠٠"),
        ("SKILLSMATRIX_PROXY_HOPS", "-1"),
        ("SKILLSMATRIX_HOST", "no host"),
        ("SKILLSMATRIX_PUBLIC_URL", "skills.example.org"),
        ("SKILLSMATRIX_PUBLIC_URL", "ftp://skills.example.org"),
        ("SKILLSMATRIX_PUBLIC_URL", "https://skills.example.org/?a=b"),
        ("SKILLSMATRIX_PUBLIC_URL", "https://skills.example.org:notaport"),
        ("TRUSTED_HOSTS", "*"),
        ("TRUSTED_HOSTS", ","),
        ("TRUSTED_HOSTS", "https://skills.example.org"),
        ("SKILLSMATRIX_SECURE_COOKIES", "true"),
        ("SKILLSMATRIX_ORGANISATION_COLOUR", "red"),
        ("SKILLSMATRIX_ORGANISATION_COLOUR", "#fff; }"),
        ("SKILLSMATRIX_ORGANISATION_LOGO", "/no/such/logo.png"),
        ("SKILLSMATRIX_ORGANISATION_LOGO", __file__),
        ("SKILLSMATRIX_ORGANISATION_NAME", "A\nB"),
        ("SKILLSMATRIX_ORGANISATION_NAME", "A" * 101),
        ("SKILLSMATRIX_TIMESTAMP_URL", "time.example.org"),
        ("SKILLSMATRIX_SCAN_COMMAND", "no-such-program-anywhere"),
        ("SKILLSMATRIX_SCAN_COMMAND", "sh 'open quote"),
        ("SKILLSMATRIX_SESSION_IDLE_MINUTES", "0"),
        ("SKILLSMATRIX_SESSION_ABSOLUTE_MINUTES", "29"),
        ("SKILLSMATRIX_UPLOADS_DIR", __file__),
        ("SMTP_URL", "mail.example.org"),
        ("MAIL_FROM", "Training <training@example.org>"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_value(
    tmp_path: Path, variable: str, value: str
) -> None:
    with pytest.raises(SettingError, match="expected") as refused:
        settings(tmp_path, **{variable: value})

    assert str(refused.value).startswith(variable)
    assert repr(value) in str(refused.value)


def test_a_password_in_a_refused_address_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as refused:
        settings(tmp_path, DATABASE_URL="mysql://skills:hidden-word@db/skills")

    assert "hidden-word" not in str(refused.value)


def test_a_misspelt_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="SKILLSMATRIX_PROT is '8000': expected no such setting"):
        settings(tmp_path, SKILLSMATRIX_PROT="8000")


def test_a_blank_setting_counts_as_not_set(tmp_path: Path) -> None:
    assert settings(tmp_path, SKILLSMATRIX_PORT=" ").port == 8000


def test_mail_needs_a_sender(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="MAIL_FROM is not set"):
        settings(tmp_path, SMTP_URL="smtp://mail.example.org")


def test_several_machines_share_a_key_that_somebody_chose(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="SKILLSMATRIX_SECRET_KEY is not set"):
        settings(tmp_path, DATABASE_URL="postgresql://db/skills")

    assert not (tmp_path / "instance").exists()


def test_a_short_key_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="at least 32") as refused:
        settings(tmp_path, SKILLSMATRIX_SECRET_KEY="changeme")

    assert "changeme" not in str(refused.value)


def test_on_sqlite_a_key_is_made_once_and_kept_from_other_users(tmp_path: Path) -> None:
    first = settings(tmp_path).secret_key
    file = tmp_path / "instance" / "secret_key"

    assert settings(tmp_path).secret_key == first
    assert len(first) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_two_first_starts_at_once_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: settings(tmp_path).secret_key, range(32)))

    assert len(keys) == 1


def test_a_key_file_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "secret_key").write_text("abc\n")

    with pytest.raises(SettingError, match="delete the file"):
        settings(tmp_path)


def test_an_sqlite_path_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert (
        settings(tmp_path, DATABASE_URL="sqlite:///here.db").database_url == f"sqlite:///{tmp_path}/here.db"
    )
    assert settings(tmp_path, DATABASE_URL="sqlite:////srv/a.db").database_url == "sqlite:////srv/a.db"


def test_every_setting_has_a_variable() -> None:
    names = {variable.removeprefix("SKILLSMATRIX_").lower() for variable in VARIABLES}

    assert {field.name for field in fields(Settings)} == names
