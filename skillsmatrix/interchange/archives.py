"""Zip files and workbooks from strangers: what their directory says is checked before anything is unpacked.

Nothing is ever written to disk from an archive, and every part is read up to a limit.
"""

import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from skillsmatrix.interchange.faults import UnreadablePackage

MOST_ENTRIES = 1_000
MOST_DIRECTORY = 1 << 20
MOST_UNPACKED = 512 << 20  # a package of 550,000 rows is about 40 MB
HIGHEST_RATIO = 100  # CSV and sheets of real facts pack to a tenth or a twentieth
RATIO_FROM = 1 << 20

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LARGE_MARK = b"PK\x06\x07"


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, when its directory is harmless; raises UnreadablePackage when it is not."""
    with path.open("rb") as stream:
        _require_small_directory(stream)
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            raise UnreadablePackage(f"The zip file is damaged: {error}.") from error
        with archive:
            _require_harmless(archive.infolist())
            yield archive


def part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    """A stream of one part; never gives more than the directory said, which has been checked."""
    try:
        return archive.open(info)  # type: ignore[return-value]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise UnreadablePackage(f"{info.filename!r} in the zip file is damaged: {error}.") from error


def _require_small_directory(stream: BinaryIO) -> None:
    """Look at the end record before the library reads the directory, which may list millions of entries."""
    size = stream.seek(0, 2)
    tail_at = max(0, size - (1 << 16) - _END.size)
    stream.seek(tail_at)
    tail = stream.read()
    at = len(tail) - _END.size
    if not (at >= 0 and tail.startswith(_END_MARK, at) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END_MARK)
    if at < 0 or at + _END.size > len(tail):
        raise UnreadablePackage("The zip file is damaged: it has no end record.")
    *_, entries, directory_size, _offset, _comment = _END.unpack_from(tail, at)
    if tail[max(0, at - 20) : at].startswith(_LARGE_MARK):
        raise UnreadablePackage("The zip file uses the form for more than 4 GB, which no data package needs.")
    if entries > MOST_ENTRIES or directory_size > MOST_DIRECTORY:
        raise UnreadablePackage(f"The zip file has {entries:,} entries; a data package has at most 17.")
    stream.seek(0)


def _require_harmless(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_ENTRIES:
        raise UnreadablePackage(f"The zip file has {len(infos):,} entries; a data package has at most 17.")
    names: set[str] = set()
    for info in infos:
        _require_harmless_name(info.orig_filename)
        if info.filename.casefold() in names:
            raise UnreadablePackage(f"The zip file has two entries named {info.filename!r}.")
        names.add(info.filename.casefold())
        if info.flag_bits & 1:
            raise UnreadablePackage("The zip file is encrypted. Save it without a password.")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise UnreadablePackage(f"{info.filename!r} in the zip file is a link to another file.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadablePackage(f"{info.filename!r} is packed in a way that is not read here.")
        if info.file_size > RATIO_FROM and info.file_size > HIGHEST_RATIO * max(info.compress_size, 1):
            raise UnreadablePackage(
                f"{info.filename!r} would unpack to {info.file_size:,} bytes from {info.compress_size:,}: "
                f"more than {HIGHEST_RATIO} to 1 is refused as a zip bomb."
            )
    total = sum(info.file_size for info in infos)
    if total > MOST_UNPACKED:
        raise UnreadablePackage(
            f"The zip file would unpack to {total:,} bytes; {MOST_UNPACKED:,} are allowed."
        )


def _require_harmless_name(name: str) -> None:
    steps = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in steps or ":" in name or not name.isprintable() or "\\" in name:
        raise UnreadablePackage(f"The zip file has an entry with a harmful name: {name!r}.")
