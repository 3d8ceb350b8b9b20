"""How often anybody may ask for what needs no account: each address so often a minute, and all together.

Kept in this process: with several processes each keeps its own count, and the limits are as many times wider.
"""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from flask import current_app, g, request
from werkzeug.exceptions import TooManyRequests

MINUTE: Final = timedelta(minutes=1)
FROM_ONE_ADDRESS: Final = 30
ALTOGETHER: Final = 600
_MOST_ADDRESSES: Final = 10_000


class Limits:
    """Counts the questions of the last minute."""

    def __init__(self, *, each: int = FROM_ONE_ADDRESS, altogether: int = ALTOGETHER) -> None:
        self._each = each
        self._all: deque[datetime] = deque(maxlen=altogether)
        self._asked: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, address: str, *, at: datetime) -> bool:
        """Count a question and say whether it may be answered; a refused one does not count."""
        with self._lock:
            own = self._asked.setdefault(address, deque(maxlen=self._each))
            self._asked.move_to_end(address)
            if len(self._asked) > _MOST_ADDRESSES:
                self._asked.popitem(last=False)
            if any(_full(asked, at) for asked in (own, self._all)):
                return False
            own.append(at)
            self._all.append(at)
            return True


def limit(kind: str) -> None:
    """Answer 429 when too much of one kind was asked, from this address or from all together."""
    limits: Limits = current_app.extensions[kind]
    if not limits.admit(_network(request.remote_addr or ""), at=g.at):
        raise TooManyRequests(retry_after=int(MINUTE.total_seconds()))


def _full(asked: deque[datetime], at: datetime) -> bool:
    return len(asked) == asked.maxlen and at - asked[0] < MINUTE


def _network(address: str) -> str:
    """Whoever has one address of version 6 has the 2^64 beside it too."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
