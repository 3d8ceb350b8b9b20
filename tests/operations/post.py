"""A mail server of the tests' own, on this machine: it takes what it is given, or does as it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller


@dataclass
class Server:
    """What it was given. `answers`: for the next mails, in place of taking them; `on_recipient`, `on_text`:
    called when a recipient or a text has arrived, before it is answered. `hang_up`: it takes the text and
    is gone without an answer."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    on_recipient: Callable[[], None] = lambda: None
    on_text: Callable[[], None] = lambda: None
    hang_up: bool = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for these names
        self, _server: Any, _session: Any, envelope: Any, to: str, _options: Any
    ) -> str:
        self.on_recipient()
        if to in self.refused:
            return self.refused[to]
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.on_text()
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.mails.append(cast(EmailMessage, mail))
        if self.hang_up:
            server.transport.abort()
        return answer


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        """aiosmtpd would knock at the port that was asked for, which is 0: any that is free."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server() -> Iterator[Server]:
    """A server that runs until the end of the block."""
    server = Server()
    controller = _AnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()
