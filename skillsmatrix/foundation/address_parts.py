"""Codes as parts of addresses: whatever a code is made of, its page can be opened.

Payroll numbers such as 123/45 are codes too. A server reads %2F as the slash that ends a part, and browsers
drop the parts "." and "..", so these stand behind a tilde.
"""

from functools import lru_cache
from urllib.parse import quote


@lru_cache(maxsize=1 << 14)
def address_part(code: str) -> str:
    """The code as one part of an address, quoted."""
    part = code.replace("~", "~7E").replace("/", "~2F")
    if part in {".", ".."}:
        part = part.replace(".", "~2E")
    return quote(part, safe="")


def code_of(part: str) -> str:
    """The code behind a part of an address, which is not quoted any more."""
    return part.replace("~2E", ".").replace("~2F", "/").replace("~7E", "~")
