"""Files built to do harm, or broken in ways that libraries pass over: each a few kilobytes."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import xlsxwriter

from tests.interchange.samples import SOUND

STAFF_HEADER = "staff,family_name,employer,employed_from"
MEGABYTE = 1 << 20


def plain_book(sheets: Mapping[str, list[list[object]]]) -> bytes:
    """A workbook with these cells; a text that starts with = is stored as a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    return out.getvalue()


def sound_book() -> bytes:
    return plain_book({"roles": [["role", "name"], ["worker", "Support worker"]]})


def repacked(book: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The archive with each part changed as `change(name, content)` says."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def sheet_with(old: bytes, new: bytes) -> bytes:
    """The sound workbook with one thing replaced in its only sheet."""
    return repacked(sound_book(), lambda name, part: part.replace(old, new) if "/sheet1" in name else part)


def strings_with(content: bytes) -> bytes:
    """The sound workbook with other shared strings."""
    return repacked(sound_book(), lambda name, part: content if "sharedStrings" in name else part)


def zip_of(files: Mapping[str, bytes | str], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def far_cell(line: int, column: int) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("roles").write_string(line, column, "x")
    return out.getvalue()


def laughing() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a0 "ha">{entities}]><sst><si><t>&a9;</t></si></sst>'
    return strings_with(text.encode())


def link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("staff.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def with_flag(archive: bytes, flag: int) -> bytes:
    """Every entry of the archive with a flag set, such as 1: encrypted."""
    changed = bytearray(archive)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = changed.find(mark)
        while at >= 0:
            flags = struct.unpack_from("<H", changed, at + offset)[0]
            struct.pack_into("<H", changed, at + offset, flags | flag)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def claiming_a_large_directory() -> bytes:
    """A file of zeros whose end record says that most of it is a directory."""
    size = 200 * MEGABYTE
    return b"PK\x03\x04" + bytes(size) + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size, 0, 0)


def damaged(archive: bytes) -> bytes:
    """One byte of packed content changed."""
    at = archive.index(b"PK\x01\x02") // 2
    return archive[:at] + bytes([archive[at] ^ 0xFF]) + archive[at + 1 :]


def out_of_order() -> bytes:
    rows = plain_book({"roles": [["role", "name"], ["a", "A"], ["b", "B"]]})
    return repacked(
        rows,
        lambda name, part: (
            part.replace(b'"A2"', b'"A9"').replace(b'"B2"', b'"B9"').replace(b'r="2"', b'r="9"')
            if "/sheet1" in name
            else part
        ),
    )


def merged() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("roles")
        sheet.write_row(0, 0, ["role", "name"])
        sheet.merge_range("A2:B2", "worker")
    return out.getvalue()


SHEET_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
PEOPLE = "".join(f"p{n},P,trust,2020-01-01\n" for n in range(2_000))
ROLES = "role,name\nworker,W\n"

# File name → (content, words of the message with which it is refused).
REFUSED_WHOLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb.zip": (lambda: zip_of({"staff.csv": bytes(180 * MEGABYTE)}), "zip bomb"),
    "many-small-bombs.zip": (
        lambda: zip_of({f"{n}.csv": (b"ab,\n%d" % n) * MEGABYTE for n in range(4)}),
        "zip bomb",
    ),
    "bomb.xlsx": (lambda: strings_with(b"<sst>" + bytes(180 * MEGABYTE)), "zip bomb"),
    "entries.zip": (lambda: zip_of({f"{n}.csv": b"x" for n in range(10_001)}), "10,001 entries"),
    "directory.zip": (claiming_a_large_directory, "entries"),
    "entities.xlsx": (laughing, "entities"),
    "strict.xlsx": (
        lambda: repacked(sound_book(), lambda _, part: part.replace(SHEET_MAIN, STRICT_MAIN)),
        "strict form",
    ),
    "order.xlsx": (out_of_order, "out of order"),
    "row-number.xlsx": (lambda: sheet_with(b'<row r="2"', b'<row r="x"'), "damaged at row"),
    "string-number.xlsx": (lambda: sheet_with(b"<v>3</v>", b"<v>99</v>"), "damaged at row"),
    "no-sheets.xlsx": (
        lambda: repacked(sound_book(), lambda _, part: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", part)),
        "no sheets",
    ),
    "password.xlsx": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096), "password"),
    "binary.xlsx": (lambda: zip_of({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "binary workbook"),
    "open.ods": (lambda: zip_of({"mimetype": "application/vnd.oasis", "content.xml": ""}), "OpenDocument"),
    "document.docx": (
        lambda: zip_of({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
        "damaged",
    ),
    "up.zip": (lambda: zip_of({"../staff.csv": ROLES}), "harmful name"),
    "root.zip": (lambda: zip_of({"/etc/staff.csv": ROLES}), "harmful name"),
    "drive.zip": (lambda: zip_of({"C:staff.csv": ROLES}), "harmful name"),
    "backslash.zip": (lambda: zip_of({"..\\staff.csv": ROLES}), "harmful name"),
    "escape.zip": (lambda: zip_of({"\x1b[2Jstaff.csv": ROLES}), "harmful name"),
    "link.zip": (link, "link"),
    "twice.zip": (lambda: zip_of({"roles.csv": ROLES, "ROLES.csv": ROLES}), "two entries"),
    "secret.zip": (lambda: with_flag(zip_of({"roles.csv": ROLES}), 1), "encrypted"),
    "lzma.zip": (lambda: zip_of({"roles.csv": ROLES}, zipfile.ZIP_LZMA), "packed in a way"),
    "damaged.zip": (lambda: damaged(zip_of({"staff.csv": f"{STAFF_HEADER}\n{PEOPLE}"})), "damaged"),
    "cut.zip": (lambda: zip_of({"roles.csv": ROLES})[:-30], "damaged"),
    "empty.zip": (lambda: zip_of({}), "no table"),
    "words.zip": (lambda: b"PK is not enough to be a zip file", "damaged"),
    "picture.xlsx": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "not a data package"),
    "empty.xlsx": (lambda: b"", "not a data package"),
    "table.csv": (ROLES.encode, "not a data package"),
}

# File name → (content, (table, line, column), words of what is expected).
REFUSED_BY_CELL: dict[str, tuple[Callable[[], bytes], tuple[str, int | None, str], str]] = {
    "last-cell.xlsx": (lambda: far_cell(1_048_575, 16_383), ("roles", 10_001, ""), "empty rows"),
    "last-column.xlsx": (lambda: far_cell(0, 16_383), ("roles", 1, ""), "right of the table"),
    "last-row.xlsx": (lambda: far_cell(1_048_575, 0), ("roles", 10_001, ""), "empty rows"),
    "formula.xlsx": (
        lambda: plain_book({"roles": [["role", "name"], ["worker", '=HYPERLINK("http://x","W")']]}),
        ("roles", 2, "name"),
        "not a formula",
    ),
    "error.xlsx": (
        lambda: repacked(
            plain_book({"roles": [["role", "name"], ["worker", 7]]}),
            lambda name, part: (
                part.replace(b'<c r="B2"><v>7</v>', b'<c r="B2" t="e"><v>#N/A</v>')
                if "/sheet1" in name
                else part
            ),
        ),
        ("roles", 2, "name"),
        "not an error",
    ),
    "long-number.xlsx": (
        lambda: plain_book({"roles": [["role", "name"], [1234567890123456, "W"]]}),
        ("roles", 2, "role"),
        "loses the last digits",
    ),
    "merged.xlsx": (merged, ("roles", None, ""), "no merged cells"),
    "endless-line.zip": (
        lambda: zip_of({"roles.csv": b"role,name\n" + bytes(range(48, 58)) * 150_000}, zipfile.ZIP_STORED),
        ("roles", 2, ""),
        "bytes",
    ),
    "nested.zip": (lambda: zip_of({"a/b/roles.csv": ROLES}), ("a/b/roles.csv", None, ""), "top of the zip"),
    "binary.zip": (
        lambda: zip_of({"roles.csv": b"role,name\n\x00\x01\x02,x\n"}),
        ("roles", 2, ""),
        "NUL",
    ),
    "sheet.xlsx": (
        lambda: plain_book({"Sheet1": [["role"]]}),
        ("Sheet1", None, ""),
        "a table of a data package",
    ),
}


def write_all(folder: Path) -> None:
    """Every file above, into `folder`."""
    for name, (make, *_) in {**REFUSED_WHOLE, **REFUSED_BY_CELL}.items():
        (folder / name).write_bytes(make())


__all__ = ["REFUSED_BY_CELL", "REFUSED_WHOLE", "SOUND", "sound_book", "write_all"]
