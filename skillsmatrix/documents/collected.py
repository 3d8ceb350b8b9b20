"""Many certificates in one file: a zip of the signed originals, or one PDF for the printer."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter


def as_zip(files: Iterable[tuple[str, bytes]], *, at: datetime) -> bytes:
    """The files as they are. Not packed again: a PDF is packed already."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, date_time=at.astimezone(UTC).timetuple()[:6])
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def as_print_file(files: Iterable[bytes]) -> bytes:
    """The pages one after the other. For paper only: signatures and tags stay with the originals."""
    writer: Any = PdfFileWriter()  # type: ignore[no-untyped-call]
    for content in files:
        reader: Any = PdfFileReader(io.BytesIO(content))
        for number in range(int(reader.root["/Pages"]["/Count"])):
            page = reader.find_page_for_modification(number)[0].get_object()
            copied = PageObject(  # type: ignore[no-untyped-call]
                contents=writer.import_object(page.raw_get("/Contents")),
                media_box=[float(length) for length in page["/MediaBox"]],
                resources=writer.import_object(page.raw_get("/Resources")),
            )
            writer.insert_page(copied)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
