"""The file that somebody dropped on the page: judged in a confined child, not in the process that serves."""

import atexit
import threading
from typing import Final

from flask import current_app, g
from werkzeug.exceptions import ServiceUnavailable

from skillsmatrix.documents.keys import KeysRefused
from skillsmatrix.documents.reading import EverybodyBusy, FileReader
from skillsmatrix.documents.verifying import Verification
from skillsmatrix.web.shared.certificate_office import certificate_office

_KEY: Final = "skillsmatrix.file_reader"
_opening = threading.Lock()


def file_reader() -> FileReader:
    """The reader of this process: made at the first file, ended with the process."""
    with _opening:
        found: FileReader | None = current_app.extensions.get(_KEY)
        if found is None:
            found = current_app.extensions[_KEY] = FileReader()
            atexit.register(found.close)
        return found


def judged(data: bytes) -> Verification:
    """Whether the file is one of ours; without keys none is. Answers 503 when too many are being read."""
    try:
        office = certificate_office()
        trusted, stampers = office.ring.certificates, office.timestamp_certificates
    except KeysRefused:
        trusted, stampers = (), ()
    try:
        return file_reader().judge(data, trusted=trusted, stampers=stampers, at=g.at)
    except EverybodyBusy:
        raise ServiceUnavailable from None
