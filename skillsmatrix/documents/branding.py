"""An organisation's colour and logo, made fit for print and for reading."""

import io
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

# Enough for a logo 60 mm wide at 300 dots an inch, with room; more is a decompression bomb or a photograph.
MOST_PIXELS_A_SIDE = 3000
MOST_BYTES = 2_000_000

INK = "#16212b"

# WCAG 2.2, success criterion 1.4.3: contrast of text.
_READABLE = 4.5


class LogoRefused(ValueError):
    """The file cannot be used as a logo; the message says what is expected."""


@lru_cache(maxsize=32)
def printable_logo(data: bytes) -> bytes:
    """The logo as a plain RGB or RGBA PNG without any metadata.

    Takes PNG and JPEG only, at most 3,000 pixels a side and 2 MB. Raises LogoRefused. SVG is refused: it is a
    program that can ask for other files.
    """
    if len(data) > MOST_BYTES:
        raise LogoRefused("The logo must be smaller than 2 MB")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if max(image.size) > MOST_PIXELS_A_SIDE:  # read from the header, before anything is unpacked
                raise LogoRefused("The logo must be at most 3,000 pixels wide and high")
            image.verify()  # what is cut off, too, although WeasyPrint lets Pillow take it as it is
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            see_through = "A" in image.getbands() or "transparency" in image.info
            plain = image.convert("RGBA" if see_through else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        if isinstance(fault, LogoRefused):
            raise
        raise LogoRefused("The logo must be a PNG or JPEG file") from fault
    plain.info = {}
    out = io.BytesIO()
    plain.save(out, "PNG")
    return out.getvalue()


def contrast(colour: str, other: str) -> float:
    """WCAG contrast ratio of two colours written #rrggbb, 1 to 21."""
    lighter, darker = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_colour(colour: str) -> str:
    """The organisation's colour where it can be read as text on white, otherwise our ink."""
    return colour if contrast(colour, "#ffffff") >= _READABLE else INK


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
