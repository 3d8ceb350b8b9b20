"""How the eleven standings are shown: a word, a shape and a colour, never a colour alone."""

from dataclasses import dataclass
from typing import Final

from skillsmatrix.web.shared.wording import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class StandingWords:
    """`code` is also the name of the style (`app-standing--valid`), which carries shape and colour."""

    code: str
    word: str
    meaning: str


_ALL: Final = (
    StandingWords("valid", _("Valid"), _("Held at the level asked for")),
    StandingWords("expiring", _("Expiring"), _("Held, and runs out within 90 days")),
    StandingWords("exempt", _("Exempt"), _("An exemption covers the day")),
    StandingWords("suspended", _("Suspended"), _("Held, but may not be used for now")),
    StandingWords("in_induction", _("In induction"), _("Still within the time given to new starters")),
    StandingWords("below_level", _("Below level"), _("Held at a lower level than asked for")),
    StandingWords(
        "awaiting_sign_off", _("Awaiting sign-off"), _("Training is done, nobody has signed it off")
    ),
    StandingWords("withdrawn", _("Withdrawn"), _("The sign-off was withdrawn")),
    StandingWords("expired", _("Expired"), _("Was held, and has run out")),
    StandingWords("superseded", _("Superseded"), _("Only an older competency is held")),
    StandingWords("not_held", _("Not held"), _("No evidence that it was ever held")),
)

STANDINGS: Final = {words.code: words for words in _ALL}


def standing_words(code: str) -> StandingWords:
    """The wording of a standing; a code that contract section 5 does not know is a KeyError."""
    return STANDINGS[str(code)]
