"""Handing one mail to the mail server, and saying honestly what became of it.

A mail server takes a mail with its answer to the last byte of the text. Up to there nothing has happened;
what happens to an answer that never arrives nobody can know. So the caller is told just before the text goes.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from urllib.parse import unquote, urlsplit

PATIENCE_SECONDS: Final = 20  # for each answer; well below the lease of a job, all answers together
_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_TAKEN: Final = (250, 251)  # 251: it will be forwarded
_FOR_GOOD: Final = range(500, 600)
_LONGEST: Final = 500  # of what is kept about a failure
_POLICY: Final = SMTP.clone(cte_type="7bit")  # every server can carry it


class MailNotTaken(Exception):
    """The server did not take the mail. `lasting`: it never will."""

    def __init__(self, why: str, *, lasting: bool) -> None:
        super().__init__(why)
        self.lasting = lasting


class MailInDoubt(Exception):
    """The text was sent and no answer came: the server may have taken it or not."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, as in the setting SMTP_URL. `here`: how this machine introduces itself."""

    url: str
    here: str = "localhost"


def hand_over(message: EmailMessage, server: MailServer, *, before_the_text: Callable[[], None]) -> None:
    """Give the mail to the server. Raises MailNotTaken or MailInDoubt.

    `before_the_text` is called when the server has agreed to sender and recipient, before the text goes; what
    it raises goes through, and then nothing was sent.
    """
    text = message.as_bytes(policy=_POLICY)
    (sender,), (recipient,) = message["From"].addresses, message["To"].addresses
    with _session(server) as smtp:
        _agreed(smtp.mail(sender.addr_spec), lasting=False)  # our own settings are at fault
        _agreed(smtp.rcpt(recipient.addr_spec), lasting=True)
        before_the_text()
        try:
            answer = smtp.data(text)
        except smtplib.SMTPDataError as error:  # refused before the text
            answer = (error.smtp_code, _as_bytes(error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            raise MailInDoubt(f"No answer after the text was sent: {_named(error)}") from None
        _agreed(answer, lasting=True)
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()


@contextmanager
def _session(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A session that is greeted, encrypted and signed in as the address says."""
    smtp = None
    try:
        smtp = _connected(server)
        yield smtp
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotTaken(_named(error), lasting=False) from None
    finally:
        if smtp is not None:
            smtp.close()


def _connected(server: MailServer) -> smtplib.SMTP:
    parts = urlsplit(server.url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    context = ssl.create_default_context()
    smtp: smtplib.SMTP
    if parts.scheme == "smtps":
        smtp = smtplib.SMTP_SSL(
            host, port, local_hostname=server.here, timeout=PATIENCE_SECONDS, context=context
        )
    else:
        smtp = smtplib.SMTP(host, port, local_hostname=server.here, timeout=PATIENCE_SECONDS)
    try:
        smtp.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp+starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
        if parts.username:
            smtp.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        smtp.close()
        raise
    return smtp


def _agreed(answer: tuple[int, bytes], *, lasting: bool) -> None:
    """`lasting`: a refusal for good (5xx) is about this mail; otherwise it may be put right meanwhile."""
    code, text = answer
    if code not in _TAKEN:
        said = f"The mail server said {code} {text.decode('utf-8', 'replace')}"
        raise MailNotTaken(said[:_LONGEST], lasting=lasting and code in _FOR_GOOD)


def _as_bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_LONGEST]
