"""Who hands a paper out, and the paper's print job: what role cards and observation sheets share."""

import re
from dataclasses import dataclass

from skillsmatrix.documents.branding import printable_logo, text_colour
from skillsmatrix.documents.facts import DEFAULT_COLOUR, LIMITS
from skillsmatrix.documents.wording import printable

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The organisation at the head of the page. `logo`: a PNG or JPEG file, empty for none."""

    issuer: str
    colour: str = DEFAULT_COLOUR
    logo: bytes = b""

    def __post_init__(self) -> None:
        if not _COLOUR.fullmatch(self.colour):
            raise ValueError("colour must be like #1d4f67")

    def values(self) -> dict[str, object]:
        """What the template of a paper needs of it."""
        return {
            "issuer": printable(self.issuer, limit=LIMITS["issuer"]),
            "colour": self.colour,
            "text_colour": text_colour(self.colour),
            "has_logo": bool(self.logo),
        }

    def assets(self) -> dict[str, tuple[str, bytes]]:
        """The pictures of the letterhead by their address in the template."""
        return {"asset:logo": ("image/png", printable_logo(self.logo))} if self.logo else {}
