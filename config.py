"""Environment variables → one frozen, checked `Settings` value. Standard library only.

Every variable, its meaning and its default are in the table of README.md; a test holds the two together.
"""

import ipaddress
import os
import re
import secrets
import shlex
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from skillsmatrix.foundation.settings import Settings

INSTANCE = Path(__file__).resolve().parent / "instance"

# Shorter keys can be guessed from one signed cookie; 32 characters of hexadecimal are 128 bits.
SHORTEST_SECRET_KEY = 32

VARIABLES = (
    "DATABASE_URL",
    "MAIL_FROM",
    "SKILLSMATRIX_HOST",
    "SKILLSMATRIX_KEYS_DIR",
    "SKILLSMATRIX_ORGANISATION_COLOUR",
    "SKILLSMATRIX_ORGANISATION_LOGO",
    "SKILLSMATRIX_ORGANISATION_NAME",
    "SKILLSMATRIX_PORT",
    "SKILLSMATRIX_PROXY_HOPS",
    "SKILLSMATRIX_PUBLIC_URL",
    "SKILLSMATRIX_SCAN_COMMAND",
    "SKILLSMATRIX_SECRET_KEY",
    "SKILLSMATRIX_SECURE_COOKIES",
    "SKILLSMATRIX_SESSION_ABSOLUTE_MINUTES",
    "SKILLSMATRIX_SESSION_IDLE_MINUTES",
    "SKILLSMATRIX_SIGNATORY",
    "SKILLSMATRIX_SIGNATORY_TITLE",
    "SKILLSMATRIX_TIMESTAMP_URL",
    "SKILLSMATRIX_UPLOADS_DIR",
    "SMTP_URL",
    "TRUSTED_HOSTS",
)

T = TypeVar("T")


class SettingError(ValueError):
    """A setting cannot be used: the message names the variable, its value and what is expected."""

    def __init__(self, variable: str, value: str | None, expected: str) -> None:
        shown = "is not set" if value is None else f"is {value!r}"
        super().__init__(f"{variable} {shown}: expected {expected}")
        self.variable = variable
        self.value = value
        self.expected = expected


def settings_from_environment(environ: Mapping[str, str], *, instance: Path = INSTANCE) -> Settings:
    """The settings the environment asks for; `SettingError` for the first that cannot be used.

    A variable that is blank counts as not set. A misspelt `SKILLSMATRIX_…` variable is refused rather than
    silently left out. `instance` is the folder for what is made when nothing is said: the SQLite file, the
    secret key, uploads and signing keys.
    """
    refuse_unknown_variables(environ)
    database_url = (
        read(environ, "DATABASE_URL", database_address) or f"sqlite:///{instance / 'skillsmatrix.db'}"
    )
    host = read(environ, "SKILLSMATRIX_HOST", host_name) or "127.0.0.1"
    port = read_number(environ, "SKILLSMATRIX_PORT", default=8000, low=1, high=65535)
    public_url = read(environ, "SKILLSMATRIX_PUBLIC_URL", web_address) or f"http://{in_address(host)}:{port}"
    idle = read_number(environ, "SKILLSMATRIX_SESSION_IDLE_MINUTES", default=30, low=1, high=1440)
    return Settings(
        secret_key=secret_key(environ, database_url=database_url, instance=instance),
        database_url=database_url,
        uploads_dir=read(environ, "SKILLSMATRIX_UPLOADS_DIR", folder) or instance / "uploads",
        keys_dir=read(environ, "SKILLSMATRIX_KEYS_DIR", folder) or instance / "keys",
        public_url=public_url,
        host=host,
        port=port,
        trusted_hosts=read(environ, "TRUSTED_HOSTS", host_names) or default_hosts(public_url, host),
        secure_cookies=read_yes_no(
            environ, "SKILLSMATRIX_SECURE_COOKIES", default=public_url.startswith("https:")
        ),
        proxy_hops=read_number(environ, "SKILLSMATRIX_PROXY_HOPS", default=0, low=0, high=10),
        session_idle_minutes=idle,
        session_absolute_minutes=read_number(
            environ, "SKILLSMATRIX_SESSION_ABSOLUTE_MINUTES", default=max(720, idle), low=idle, high=10080
        ),
        organisation_name=read(environ, "SKILLSMATRIX_ORGANISATION_NAME", short_name) or "Skills matrix",
        organisation_colour=read(environ, "SKILLSMATRIX_ORGANISATION_COLOUR", colour) or "#003087",
        organisation_logo=read(environ, "SKILLSMATRIX_ORGANISATION_LOGO", picture),
        signatory=read(environ, "SKILLSMATRIX_SIGNATORY", short_name) or "",
        signatory_title=read(environ, "SKILLSMATRIX_SIGNATORY_TITLE", short_name) or "",
        timestamp_url=read(environ, "SKILLSMATRIX_TIMESTAMP_URL", web_address),
        smtp_url=read(environ, "SMTP_URL", mail_server),
        mail_from=mail_sender(environ),
        scan_command=read(environ, "SKILLSMATRIX_SCAN_COMMAND", command) or (),
    )


# How one variable is read.


class Unusable(ValueError):
    """Raised by the readers below with what was expected; `read` adds the variable and its value."""


def read(environ: Mapping[str, str], variable: str, reader: Callable[[str], T]) -> T | None:
    """The variable's value as `reader` understands it; nothing when it is absent or blank."""
    value = environ.get(variable, "").strip()
    if not value:
        return None
    try:
        return reader(value)
    except Unusable as unusable:
        shown = hide_password(value) if variable in {"DATABASE_URL", "SMTP_URL"} else value
        raise SettingError(variable, shown, str(unusable)) from None


def read_number(environ: Mapping[str, str], variable: str, *, default: int, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""

    def number(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) or not low <= int(value) <= high:
            raise Unusable(f"a whole number from {low} to {high}")
        return int(value)

    found = read(environ, variable, number)
    return default if found is None else found


def read_yes_no(environ: Mapping[str, str], variable: str, *, default: bool) -> bool:
    """yes or no, in small or capital letters."""

    def yes_no(value: str) -> bool:
        if value.lower() not in {"yes", "no"}:
            raise Unusable("yes or no")
        return value.lower() == "yes"

    found = read(environ, variable, yes_no)
    return default if found is None else found


def refuse_unknown_variables(environ: Mapping[str, str]) -> None:
    """A misspelt setting would otherwise leave its default in force without a word."""
    known = {*VARIABLES, "SKILLSMATRIX_SETUP"}
    for variable in sorted(environ):
        if variable.startswith("SKILLSMATRIX_") and variable not in known:
            raise SettingError(
                variable, environ[variable], "no such setting; README.md lists those there are"
            )


# What values look like.


def database_address(value: str) -> str:
    """An SQLAlchemy address with the driver this program uses; SQLite files are made absolute."""
    expected = "sqlite:///path/to/file.db or postgresql://user:password@host:5432/database"
    scheme, separator, rest = value.partition("://")
    if not separator or not rest.strip("/"):
        raise Unusable(expected)
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if scheme != "sqlite" or not rest.startswith("/") or rest == "/:memory:":
        raise Unusable(expected)
    return f"sqlite:///{Path(rest[1:]).absolute()}"


def web_address(value: str) -> str:
    """An http or https address, without the slash at its end."""
    expected = "an address such as https://skills.example.org, without a query"
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username or re.search(r"\s", value):
        raise Unusable(expected)
    return value.rstrip("/")


def mail_server(value: str) -> str:
    """smtp, smtp with STARTTLS or smtps."""
    try:
        parts = urlsplit(value)
        usable = (
            parts.scheme in {"smtp", "smtp+starttls", "smtps"}
            and bool(parts.hostname)
            and (parts.port or 1) > 0
        )
    except ValueError:
        usable = False
    if not usable:
        raise Unusable("smtp://, smtp+starttls:// or smtps:// with user:password@host:port")
    return value


def mail_sender(environ: Mapping[str, str]) -> str | None:
    """The sender's address, which is needed as soon as there is a mail server."""
    sender = read(environ, "MAIL_FROM", mail_address)
    if sender is None and environ.get("SMTP_URL", "").strip():
        raise SettingError("MAIL_FROM", None, "the address that mail is sent from, because SMTP_URL is set")
    return sender


def mail_address(value: str) -> str:
    """One address, without a display name."""
    if not re.fullmatch(r"[^@\s<>\",;]+@[^@\s<>\",;]+", value):
        raise Unusable("one mail address such as training@example.org")
    return value


def host_name(value: str) -> str:
    """A host name or an IP address to listen on."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", value):
            raise Unusable("a host name or an IP address such as 127.0.0.1") from None
    return value


def host_names(value: str) -> tuple[str, ...]:
    """Names with commas between them; a leading dot takes in every name below it."""
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    pattern = r"\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?"
    if not names or not all(re.fullmatch(pattern, name) for name in names):
        raise Unusable("host names with commas between them, such as skills.example.org, .example.org")
    return names


def in_address(host: str) -> str:
    """The host as it stands in an address: IPv6 in brackets, "every interface" as this machine."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def default_hosts(public_url: str, host: str) -> tuple[str, ...]:
    """The public address's host, and this machine's own names for itself."""
    public = urlsplit(public_url).hostname or "127.0.0.1"
    names = dict.fromkeys((in_address(public), in_address(host), "127.0.0.1", "localhost"))
    return tuple(names)


def short_name(value: str) -> str:
    """Printable, and short enough for the header of a page and of a certificate."""
    if len(value) > 100 or not value.isprintable():
        raise Unusable("a name of at most 100 printable characters")
    return value


def colour(value: str) -> str:
    """Six hexadecimal digits after a #; the value goes into a style sheet."""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise Unusable("a colour such as #003087")
    return value.lower()


def picture(value: str) -> Path:
    """An existing PNG or SVG file."""
    path = Path(value).absolute()
    if path.suffix.lower() not in {".png", ".svg"} or not path.is_file():
        raise Unusable("the path of a PNG or SVG file that exists")
    return path


def folder(value: str) -> Path:
    """A folder, which may be made later; a path through a file is refused."""
    path = Path(value).absolute()
    nearest = next(part for part in (path, *path.parents) if part.exists())
    if not nearest.is_dir():
        raise Unusable("the path of a folder")
    return path


def command(value: str) -> tuple[str, ...]:
    """The words of a command whose program exists; it never goes through a shell."""
    expected = "a command whose first word is a program on this machine, such as clamdscan --no-summary"
    try:
        words = tuple(shlex.split(value))
    except ValueError:
        raise Unusable(expected) from None
    if not words or shutil.which(words[0]) is None:
        raise Unusable(expected)
    return words


def hide_password(value: str) -> str:
    """The address with any password replaced, for messages."""
    return re.sub(r"(://[^/@:]*):.*@", r"\1:***@", value)


# The secret key.


def secret_key(environ: Mapping[str, str], *, database_url: str, instance: Path) -> str:
    """The key in the environment; on SQLite, one machine by nature, the kept key or a new one.

    Several web processes on PostgreSQL would each make their own and refuse each other's sign-ins, so there
    it has to be given.
    """
    given = environ.get("SKILLSMATRIX_SECRET_KEY", "").strip()
    if given:
        if len(given) < SHORTEST_SECRET_KEY:
            raise SettingError(
                "SKILLSMATRIX_SECRET_KEY",
                "*" * len(given),
                f"at least {SHORTEST_SECRET_KEY} characters, as made by: "
                "python3 -c 'import secrets; print(secrets.token_hex(32))'",
            )
        return given
    if not database_url.startswith("sqlite:"):
        raise SettingError(
            "SKILLSMATRIX_SECRET_KEY",
            None,
            "a secret shared by all processes that use this database, as made by: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))'",
        )
    return kept_secret_key(instance / "secret_key")


def kept_secret_key(path: Path) -> str:
    """The key in the file; when there is none, a new one readable by its owner only.

    Two processes may start at once: the file is written whole under a name of its own and then linked, which
    succeeds for one of them, and both read that one's key.
    """
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    key = path.read_text().strip()
    if len(key) < SHORTEST_SECRET_KEY:
        raise SettingError(
            "SKILLSMATRIX_SECRET_KEY", None, f"a whole key in {path}; delete the file for a new one"
        )
    path.chmod(0o600)
    return key
