"""Text of a cell to value and back. What is written is read back as the same value, in one way only."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from skillsmatrix.interchange.tables import Column, Kind, Value

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(4712, 12, 31)  # the last day that Oracle HR knows, on which the NHS staff record runs
LONGEST_CODE = 200
LONGEST_TEXT = 10_000  # a workbook cell holds 32,767 characters

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_WHOLE = re.compile(r"-?[0-9]{1,10}")
_DECIMAL = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")
# Control characters except tab and line feed; those that turn the direction of text or take no room, by
# which one name can be made to look like another; and what XML, and so a workbook, cannot carry.
_REFUSED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)

# A cell that was found unfit before it got here, and has been told of. Files cannot contain it.
ALREADY_TOLD = "\x00"


class Unfit(Exception):
    """The text cannot be read as the column asks; the message says what is expected."""


def reader_for(column: Column) -> Callable[[str], Value]:
    """The function that turns a cell of this column into its value; None for a blank. Raises Unfit."""
    read = _READERS[column.kind]

    def value(text: str) -> Value:
        text = text.strip()
        if text:
            return read(text, column)
        if column.required:
            raise Unfit(f"a value: {_expected(column)}")
        return None

    return value


def text_of(value: Value) -> str:
    """How a value is written in a package: blank for None, days as ISO, instants in UTC with Z."""
    if value is None:
        return ""
    if isinstance(value, str):
        return normal_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; instants are aware")
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return _decimal_text(value)
    return str(value)


def normal_text(text: str) -> str:
    """Text without blanks around it, its line breaks as line feeds: how text is kept and compared."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def _decimal_text(value: float) -> str:
    """Shortest form with at least one decimal: 1.0, 0.6, 0.6267."""
    text = f"{value:.6f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def _code(text: str, _column: Column) -> str:
    if len(text) > LONGEST_CODE:
        raise Unfit(f"at most {LONGEST_CODE} characters")
    if not text.isprintable():
        raise Unfit("text without line breaks, control characters or invisible characters")
    return text


def _text(text: str, _column: Column) -> str:
    if len(text) > LONGEST_TEXT:
        raise Unfit(f"at most {LONGEST_TEXT:,} characters")
    if text.isprintable():
        return text
    text = normal_text(text)
    if _REFUSED.search(text):
        raise Unfit("text without control characters or invisible characters")
    return text


def _day(text: str, column: Column) -> date:
    if _DAY.fullmatch(text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Unfit(_expected(column)) from None
        if FIRST_DAY <= day <= LAST_DAY:
            return day
        raise Unfit(f"a day from {FIRST_DAY} to {LAST_DAY}; leave an open end blank")
    raise Unfit(_expected(column))


def _instant(text: str, column: Column) -> datetime:
    if _INSTANT.fullmatch(text):
        try:
            instant = datetime.fromisoformat(text)
            # An instant without a zone is in UTC, as the contract says of the column.
            instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
        except (ValueError, OverflowError):
            raise Unfit(_expected(column)) from None
        if FIRST_DAY <= instant.date() <= LAST_DAY:
            return instant
    raise Unfit(_expected(column))


def _yes_no(text: str, column: Column) -> bool:
    if text not in ("yes", "no"):
        raise Unfit(_expected(column))
    return text == "yes"


def _whole(text: str, column: Column) -> int:
    if _WHOLE.fullmatch(text) and column.minimum <= (number := int(text)) <= column.maximum:
        return number
    raise Unfit(_expected(column))


def _decimal(text: str, column: Column) -> float:
    if _DECIMAL.fullmatch(text) and column.minimum <= (number := float(text)) <= column.maximum:
        return abs(number)  # -0.0 is 0.0
    raise Unfit(_expected(column))


def _choice(text: str, column: Column) -> str:
    if text not in column.choices:
        raise Unfit(_expected(column))
    return text


_READERS: dict[Kind, Callable[[str, Column], Value]] = {
    Kind.CODE: _code,
    Kind.TEXT: _text,
    Kind.DAY: _day,
    Kind.INSTANT: _instant,
    Kind.YES_NO: _yes_no,
    Kind.WHOLE: _whole,
    Kind.DECIMAL: _decimal,
    Kind.CHOICE: _choice,
}


def _expected(column: Column) -> str:
    match column.kind:
        case Kind.DAY:
            return "a real day as YYYY-MM-DD, such as 2026-02-28"
        case Kind.INSTANT:
            return "an instant in UTC, such as 2026-02-28T09:30:00Z"
        case Kind.YES_NO:
            return "yes or no"
        case Kind.WHOLE:
            return f"a whole number from {column.minimum} to {column.maximum}"
        case Kind.DECIMAL:
            return f"a number from {column.minimum} to {column.maximum}, such as 0.6"
        case Kind.CHOICE:
            return "one of: " + ", ".join(column.choices)
        case Kind.CODE if column.references:
            return f"a code of the table {column.references}"
        case Kind.CODE:
            return "a code"
        case Kind.TEXT:
            return "text"
