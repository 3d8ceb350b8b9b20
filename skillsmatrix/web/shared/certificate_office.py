"""The certificate office of this process: opened when the first certificate is asked for, then kept warm."""

import atexit
import threading
from typing import Final, cast

from flask import Flask, current_app

from skillsmatrix.documents.keys import KeysRefused
from skillsmatrix.foundation.paths import TEMPLATES
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.operations.certificate_office import CertificateOffice

_KEY: Final = "skillsmatrix.certificate_office"
_ADDRESS: Final = "skillsmatrix.published_address"
_opening = threading.Lock()


def init_certificate_office(app: Flask, settings: Settings) -> None:
    """Remember the settings; nothing is opened yet, for most processes never issue anything."""
    app.extensions[_KEY] = settings
    app.extensions[_ADDRESS] = settings.public_url


def published_address() -> str:
    """Where the site is, by its settings: never what a request claims."""
    return str(current_app.extensions[_ADDRESS])


def has_keys() -> bool:
    """Whether anything can be signed here. What is wrong with the keys is told to the log, not to a page."""
    try:
        certificate_office()
    except KeysRefused as refused:
        current_app.logger.warning("nothing can be signed: %s", refused)
        return False
    return True


def certificate_office() -> CertificateOffice:
    """The office. Raises KeysRefused when there are no keys to sign with, or they lie open."""
    with _opening:
        found = current_app.extensions[_KEY]
        if isinstance(found, Settings):
            found = CertificateOffice(found, TEMPLATES)
            atexit.register(found.close)
            current_app.extensions[_KEY] = found
        return cast(CertificateOffice, found)
