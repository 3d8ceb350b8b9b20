"""What mails and links about accounts need of the settings."""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, current_app

from skillsmatrix.documents.account_mail import link_address
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.operations.account_links import Sender, link_token

_SENDER: Final = "skillsmatrix.account_sender"
_MAILING: Final = "skillsmatrix.account_mailing"


def init_account_office(app: Flask, settings: Settings) -> None:
    """Remember how this installation writes to people, and whether it can."""
    app.extensions[_SENDER] = Sender(
        secret_key=settings.secret_key,
        public_url=settings.public_url,
        host=urlsplit(settings.public_url).hostname or "localhost",
        organisation=settings.organisation_name,
    )
    app.extensions[_MAILING] = settings.smtp_url is not None


def account_sender() -> Sender:
    """What goes into mails about accounts; the address is that of the settings, never of the request."""
    sender: Sender = current_app.extensions[_SENDER]
    return sender


def sends_mail() -> bool:
    """Whether a mail server is set up. Without one, links are handed over."""
    return bool(current_app.extensions[_MAILING])


def address_of_link(number: str) -> str:
    """The page that a new link opens."""
    sender = account_sender()
    return link_address(sender.public_url, link_token(sender.secret_key, number))
