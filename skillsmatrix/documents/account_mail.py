"""The mails about accounts: a way in, and word of a password that was set. Nothing about anybody else."""

from dataclasses import dataclass
from datetime import datetime
from textwrap import fill
from typing import Final
from zoneinfo import ZoneInfo

from skillsmatrix.domain.explanation import in_words

LINK_PATH: Final = "/set-password"
WIDTH: Final = 76

_LONDON: Final = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class AccountMail:
    """A subject and a text."""

    subject: str
    body: str


def link_address(public_url: str, token: str) -> str:
    """The page on which a password is set, once."""
    return f"{public_url}{LINK_PATH}/{token}"


def link_mail(
    *, organisation: str, address: str, expires_at: datetime, first: bool, email: str
) -> AccountMail:
    """The way in: `first` for an account that was never used, otherwise for a forgotten password."""
    works = f"The address works once, until {_moment(expires_at)}."
    if first:
        return AccountMail(
            f"Your account for {organisation}",
            _text(
                f"There is an account for you at {organisation}. Choose your own password here, and you are"
                " signed in:",
                address,
                f"{works} After that, sign in with {email} and your password. When it has run out, ask for"
                " another on the sign-in page.",
                "Not for you? Then leave it: without your password nobody can use the account.",
            ),
        )
    return AccountMail(
        f"Set a new password for {organisation}",
        _text(
            "Somebody, most likely you, asked for a way to set a new password. Set it here:",
            address,
            f"{works} You are then signed out everywhere else.",
            "It was not you? Then leave it: your password stays as it is.",
        ),
    )


def password_set_mail(*, organisation: str, at: datetime, public_url: str) -> AccountMail:
    """Word of a password that was set through a link, to whoever owns the address."""
    return AccountMail(
        f"Your password for {organisation} was set",
        _text(
            f"On {_moment(at)} the password of your account was set through a one-time link, and every"
            " device was signed out.",
            "It was not you? Set another at once, and tell whoever looks after accounts:",
            f"{public_url}/forgotten-password",
        ),
    )


def _moment(at: datetime) -> str:
    local = at.astimezone(_LONDON)
    return f"{in_words(local.date())} at {local:%H:%M}"


def _text(*paragraphs: str) -> str:
    """Paragraphs; an address stays on one line."""
    blocks = (fill(each, WIDTH, break_long_words=False, break_on_hyphens=False) for each in paragraphs)
    return "\n\n".join(blocks) + "\n"
