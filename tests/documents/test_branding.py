import io
import struct
import time
import zlib

import pytest
from PIL import Image

from skillsmatrix.documents.branding import INK, LogoRefused, contrast, printable_logo, text_colour
from tests.documents.builders import logo


def a_png_that_claims(width: int, height: int) -> bytes:
    """A few bytes of PNG whose header promises a large picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        b"%PDF-1.7",
        logo()[:200],
        a_png_that_claims(50_000, 50_000),
        a_png_that_claims(3001, 10),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000_001,
    ],
)
def test_what_is_no_small_picture_is_refused_at_once(file: bytes) -> None:
    started = time.perf_counter()

    with pytest.raises(LogoRefused):
        printable_logo(file)

    assert time.perf_counter() - started < 2


def test_a_logo_becomes_a_plain_png_without_what_was_hidden_in_it() -> None:
    image = Image.new("CMYK", (40, 20), (0, 50, 50, 0))
    file = io.BytesIO()
    image.save(file, "JPEG", comment=b"canary", exif=b"Exif\0\0canary")

    plain = printable_logo(file.getvalue())

    assert b"canary" not in plain
    with Image.open(io.BytesIO(plain)) as again:
        assert (again.format, again.mode, again.size) == ("PNG", "RGB", (40, 20))


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_colour_too_light_to_read_is_not_used_for_text() -> None:
    assert text_colour("#ffee00") == INK
    assert text_colour("#777777") == INK
    assert text_colour("#1d4f67") == "#1d4f67"
