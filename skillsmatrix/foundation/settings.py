"""The one value that says how this installation is set up.

It is made once from the environment (by `config.py`, outside the package) and handed down as an argument:
nothing in the package reads an environment variable.
"""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs from one installation to the next.

    `public_url` has no slash at its end. `trusted_hosts` lists the host names the site answers to, and is
    never empty. `scan_command` is the words of a command that takes one file name and fails when the file is
    harmful; empty means that uploads are not scanned. Secrets are left out of the printed form.
    """

    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    uploads_dir: Path
    keys_dir: Path
    public_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    secure_cookies: bool = False
    proxy_hops: int = 0
    session_idle_minutes: int = 30
    session_absolute_minutes: int = 720
    organisation_name: str = "Skills matrix"
    organisation_colour: str = "#003087"
    organisation_logo: Path | None = None
    signatory: str = ""
    signatory_title: str = ""
    timestamp_url: str | None = None
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    scan_command: tuple[str, ...] = ()
