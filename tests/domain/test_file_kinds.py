"""Files are known by what is in them, and refused when they open to something huge."""

import struct
import zlib

import pytest

from skillsmatrix.domain.file_kinds import MOST_BYTES, MOST_UNPACKED, Fault, FileKind, FileRefused, kind_of


def png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 4)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg(width: int, height: int, *, before: bytes = b"") -> bytes:
    frame = b"\xff\xc2\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04ab" + before + frame + b"\xff\xda\x00\x02data\xff\xd9"


def pdf(stream: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj<<>>\nstream\n" + stream + b"\nendstream\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(4000, 3000), FileKind.PNG),
        (jpeg(4000, 3000), FileKind.JPEG),
        (pdf(zlib.compress(b"text")), FileKind.PDF),
        (pdf(b"not packed"), FileKind.PDF),
    ],
)
def test_the_kinds_that_are_taken(content: bytes, kind: FileKind) -> None:
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"<html><script>alert(1)</script>", Fault.UNKNOWN_KIND),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Fault.UNKNOWN_KIND),
        (b"<!-- %PDF-1.7 -->\n%PDF-1.7\n%%EOF", Fault.UNKNOWN_KIND),
        (b"GIF89a", Fault.UNKNOWN_KIND),
        (b"PK\x03\x04", Fault.UNKNOWN_KIND),
        (png(4, 4)[:40], Fault.DAMAGED),
        (png(0, 4), Fault.DAMAGED),
        (b"\xff\xd8\xff\xe0\x00\x04ab", Fault.DAMAGED),
        (b"%PDF-1.7\nno end", Fault.DAMAGED),
        (png(60_000, 60_000), Fault.OPENS_TOO_LARGE),
        (jpeg(65_000, 65_000), Fault.OPENS_TOO_LARGE),
        (jpeg(10, 10, before=jpeg(65_000, 65_000)[8:19]), Fault.OPENS_TOO_LARGE),
        (pdf(zlib.compress(b"\0" * (MOST_UNPACKED + 1), 1)), Fault.OPENS_TOO_LARGE),
        (b"%PDF-1.7\n" + b"stream\n" * 20_001 + b"%%EOF", Fault.OPENS_TOO_LARGE),
        (b"%PDF-" + b"x" * MOST_BYTES, Fault.TOO_LARGE),
    ],
)
def test_everything_else_is_refused_and_says_why(content: bytes, fault: Fault) -> None:
    with pytest.raises(FileRefused) as refused:
        kind_of(content)

    assert refused.value.fault is fault


def test_a_picture_of_exactly_the_limit_is_taken() -> None:
    assert kind_of(png(10_000, 6_000)) is FileKind.PNG
    with pytest.raises(FileRefused):
        kind_of(png(10_000, 6_001))
