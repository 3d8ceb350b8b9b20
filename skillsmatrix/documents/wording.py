"""Text from people and files, made safe to print: what cannot be seen is shown, what is endless is cut."""

import unicodedata
from datetime import date

from skillsmatrix.documents.fonts import covered

BOX = "■"
ELLIPSIS = "…"

# More marks than this on one letter is decoration that climbs over the lines above; Vietnamese, Yoruba and
# fully pointed Arabic need two.
MOST_MARKS = 3

_ZERO_WIDTH_NON_JOINER = "\u200c"
_SPACES = "\t\n\r\u00a0\u2028\u2029"


def printable(text: str, *, limit: int) -> str:
    """One line of text as it may be printed: at most `limit` characters, the last an ellipsis when cut.

    Composed (NFC), runs of white space made one space. Control, format and bidirectional characters, private
    ones and those that no bundled font can draw become a box, one for each, so that a trick is seen.
    """
    # Cut before normalising: the time is bounded whatever arrives. A composed character has few parts.
    raw = unicodedata.normalize("NFC", text[: 8 * limit])
    spaced = "".join(" " if character in _SPACES else character for character in raw)
    shown = "".join(_shown(spaced, place) for place in range(len(spaced)))
    line = " ".join(shown.split())
    if len(line) > limit or len(text) > 8 * limit:
        return line[: limit - 1].rstrip() + ELLIPSIS
    return line


def _shown(text: str, place: int) -> str:
    character = text[place]
    if character == _ZERO_WIDTH_NON_JOINER and _between_arabic_letters(text, place):
        return character  # part of the spelling of Persian names
    category = unicodedata.category(character)
    if category.startswith("C") or category in ("Zl", "Zp") or ord(character) not in covered():
        return BOX
    if _is_mark(character) and _piled_up(text, place):
        return BOX  # no letter to sit on, or too many on one
    return character


def _piled_up(text: str, place: int) -> bool:
    before = text[max(0, place - MOST_MARKS) : place]
    return place == 0 or (len(before) == MOST_MARKS and all(map(_is_mark, before)))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _between_arabic_letters(text: str, place: int) -> bool:
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return len(around) == 2 and all(unicodedata.bidirectional(letter) == "AL" for letter in around)


def long_day(day: date) -> str:
    """A day as people read it: 28 February 2027."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


# Not strftime: month names must not follow the locale of the machine.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
