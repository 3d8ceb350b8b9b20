"""What a file is by its content: PDF, JPEG or PNG, and how large a picture it opens to.

A name or a declared type says nothing. Pictures are measured from their headers and the streams of a PDF are
unpacked only up to a limit, so that a small file that opens to something huge is refused unopened.
"""

import re
import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_BYTES: Final = 10 * 1024 * 1024  # a page scanned in colour or a photo from a phone has 2 to 6 MB
MOST_PIXELS: Final = 60_000_000  # the largest phone cameras of today take 50 million
MOST_UNPACKED: Final = 200 * 1024 * 1024
_LONGEST_SEGMENT_WALK: Final = 10_000
_MOST_STREAMS: Final = 20_000
_PIECE: Final = 4096
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_STREAM: Final = re.compile(rb"stream\r?\n")
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # headers that state a size


class FileKind(StrEnum):
    """The kinds that are taken, by media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"

    @property
    def ending(self) -> str:
        return {FileKind.PDF: ".pdf", FileKind.JPEG: ".jpg", FileKind.PNG: ".png"}[self]


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    DAMAGED = "damaged"
    OPENS_TOO_LARGE = "opens_too_large"
    HARMFUL = "harmful"
    NOT_SCANNED = "not_scanned"


@dataclass(frozen=True, slots=True)
class FileRefused(Exception):
    """The file is not taken."""

    fault: Fault


def kind_of(content: bytes) -> FileKind:
    """What the file is, by its content alone. Raises FileRefused."""
    if not content:
        raise FileRefused(Fault.EMPTY)
    if len(content) > MOST_BYTES:
        raise FileRefused(Fault.TOO_LARGE)
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return FileKind.PDF
    if content.startswith(_PNG):
        _check_pixels(*_png_size(content))
        return FileKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        _check_pixels(*_jpeg_size(content))
        return FileKind.JPEG
    raise FileRefused(Fault.UNKNOWN_KIND)


def _check_pixels(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise FileRefused(Fault.DAMAGED)
    if width * height > MOST_PIXELS:
        raise FileRefused(Fault.OPENS_TOO_LARGE)


def _png_size(content: bytes) -> tuple[int, int]:
    if len(content) < 33 or content[12:16] != b"IHDR" or b"IEND" not in content[-64:]:
        raise FileRefused(Fault.DAMAGED)
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """The largest size that any frame header states."""
    at, sizes = 2, []
    for _step in range(_LONGEST_SEGMENT_WALK):
        if at + 4 > len(content) or content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:  # the picture itself begins
            break
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _FRAMES and at + 9 <= len(content):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            sizes.append((width, height))
        at += 2 + max(length, 2)
    if not sizes:
        raise FileRefused(Fault.DAMAGED)
    return max(sizes, key=lambda size: size[0] * size[1])


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise FileRefused(Fault.DAMAGED)
    left = MOST_UNPACKED
    for number, found in enumerate(_STREAM.finditer(content)):
        if number >= _MOST_STREAMS:
            raise FileRefused(Fault.OPENS_TOO_LARGE)
        left -= _unpacked(memoryview(content)[found.end() :], left)
        if left <= 0:
            raise FileRefused(Fault.OPENS_TOO_LARGE)


def _unpacked(packed: memoryview, most: int) -> int:
    """How many bytes a stream opens to, counted up to `most`; 0 for one that is not packed this way."""
    opener = zlib.decompressobj()
    counted, rest = 0, bytes(packed[:_PIECE])
    taken = len(rest)
    try:
        while rest and counted < most and not opener.eof:
            counted += len(opener.decompress(rest, 1024 * 1024))
            rest = opener.unconsumed_tail
            if not rest and not opener.eof:
                rest = bytes(packed[taken : taken + _PIECE])
                taken += len(rest)
    except zlib.error:
        return counted
    return counted
