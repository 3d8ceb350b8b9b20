"""A package in any of its containers: a folder of CSV files, a zip of it, or one workbook."""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from skillsmatrix.interchange.archives import MOST_UNPACKED, opened, part
from skillsmatrix.interchange.csv_tables import Rows, csv_rows
from skillsmatrix.interchange.faults import FaultList, UnreadablePackage
from skillsmatrix.interchange.tables import TABLES
from skillsmatrix.interchange.workbooks import is_workbook, sheets

_ZIP_MARK = b"PK"
_OLE_MARK = bytes.fromhex("d0cf11e0a1b11ae1")
_READING_MATTER = frozenset({".md", ".txt", ".rst", ".pdf"})
_ORDER = {table.name: number for number, table in enumerate(TABLES)}


@dataclass(frozen=True, slots=True)
class Source:
    """What a container gave: its tables, to be read in this order, and the hash of its content."""

    tables: Iterator[tuple[str, Rows]]
    digest: str


@contextmanager
def source_of(path: Path, faults: FaultList) -> Iterator[Source]:
    """The tables of the package at `path`. Raises UnreadablePackage when it is no package at all."""
    try:
        if path.is_dir():
            yield _folder(path, faults)
        else:
            with _file(path, faults) as source:
                yield source
    except OSError as error:
        raise UnreadablePackage(f"{path} cannot be read: {error.strerror or error}.") from error
    except (BadZipFile, zlib.error, EOFError) as error:
        raise UnreadablePackage(f"{path.name} is damaged: {error}.") from error


@contextmanager
def _file(path: Path, faults: FaultList) -> Iterator[Source]:
    with path.open("rb") as stream:
        mark = stream.read(len(_OLE_MARK))
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if mark == _OLE_MARK:
        raise UnreadablePackage(
            "This is a workbook with a password, or in the format of before 2007 (.xls). "
            "Save it as .xlsx without a password."
        )
    if not mark.startswith(_ZIP_MARK):
        raise UnreadablePackage(
            f"{path.name} is not a data package: that is a folder of CSV files, a zip of it, or a workbook "
            "(.xlsx)."
        )
    with opened(path) as archive:
        if is_workbook(archive):
            yield Source(sheets(archive, faults), digest)
        else:
            yield Source(_zipped(archive, faults), digest)


def _folder(path: Path, faults: FaultList) -> Source:
    files: list[tuple[str, Path]] = []
    digest = hashlib.sha256()
    total = 0
    for entry in sorted(path.iterdir()):
        name = _table_name(entry.name, faults)
        if name is None:
            continue
        if not entry.is_file():
            faults.add(name, None, "", entry.name, "a CSV file")
            continue
        total += entry.stat().st_size
        if total > MOST_UNPACKED:
            raise UnreadablePackage(
                f"The folder holds more than the {MOST_UNPACKED:,} bytes that are allowed."
            )
        with entry.open("rb") as stream:
            digest.update(f"{name} {hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
        files.append((name, entry))
    _require_tables(files, faults)
    return Source(_folder_tables(files, faults), digest.hexdigest())


def _folder_tables(files: list[tuple[str, Path]], faults: FaultList) -> Iterator[tuple[str, Rows]]:
    for name, path in sorted(files, key=lambda file: _ORDER.get(file[0], -1)):
        with path.open("rb") as stream:
            yield name, csv_rows(name, stream, faults)


def _zipped(archive: ZipFile, faults: FaultList) -> Iterator[tuple[str, Rows]]:
    files = [info for info in archive.infolist() if not info.is_dir() and not _is_litter(info.filename)]
    tops = {PurePosixPath(info.filename).parts[0] for info in files}
    one_folder = len(tops) == 1 and all(len(PurePosixPath(info.filename).parts) == 2 for info in files)
    tables: list[tuple[str, ZipInfo]] = []
    for info in files:
        steps = PurePosixPath(info.filename).parts[1 if one_folder else 0 :]
        if len(steps) > 1:
            faults.add(info.filename, None, "", "", "the tables at the top of the zip, or all in one folder")
            continue
        name = _table_name(steps[0], faults)
        if name is not None:
            tables.append((name, info))
    _require_tables(tables, faults)
    return _zipped_tables(archive, tables, faults)


def _zipped_tables(
    archive: ZipFile, tables: list[tuple[str, ZipInfo]], faults: FaultList
) -> Iterator[tuple[str, Rows]]:
    for name, info in sorted(tables, key=lambda one: _ORDER.get(one[0], -1)):
        with part(archive, info) as stream:
            yield name, csv_rows(name, stream, faults)


def _table_name(file_name: str, faults: FaultList) -> str | None:
    """The table a file holds; None for what is there to be read by people, a fault for anything else."""
    path = PurePosixPath(file_name)
    if path.suffix.lower() == ".csv" and not _is_litter(file_name):
        return path.stem
    if path.suffix.lower() not in _READING_MATTER and not _is_litter(file_name):
        faults.add(file_name, None, "", "", "CSV files named after their tables, such as staff.csv")
    return None


def _is_litter(name: str) -> bool:
    """What operating systems leave beside files: .DS_Store, __MACOSX, Thumbs.db, desktop.ini."""
    steps = PurePosixPath(name).parts
    return any(
        step.startswith(".") or step.lower() in ("__macosx", "thumbs.db", "desktop.ini") for step in steps
    )


def _require_tables(tables: list[tuple[str, Path]] | list[tuple[str, ZipInfo]], faults: FaultList) -> None:
    if not tables and not faults.faults:
        raise UnreadablePackage("There is no table in it: a data package has CSV files such as staff.csv.")
