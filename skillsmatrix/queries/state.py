"""What is kept between requests: answers worked out from one state of the record, never from an older one.

The state is the data version of the ledger, read in the same transaction as the facts: every operation that
changes a fact or the catalogue raises it. Sign-ins and bookings do not, and drop nothing here.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import is_writing
from skillsmatrix.models import Ledger

T = TypeVar("T")

_MOST_KEPT = 48

_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


def kept(session: Session, what: Hashable, make: Callable[[], T], *, version: int | None = None) -> T:
    """The answer to `what` for the present state of the record: made now, or kept since it last changed.

    `what` names the question with everything it depends on besides the record; the answer must not be
    changed by whoever gets it, nor hold on to the session. `version`: the data version, where it was read.
    What a session that writes works out is not kept: it may never come to be saved.
    """
    key = (_state(session, version), what)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: T = _kept[key]
            return found
    made = make()
    if is_writing(session):
        return made
    with _lock:
        _kept[key] = made
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _state(session: Session, version: int | None) -> Hashable:
    if version is None:
        version = session.scalars(select(Ledger.data_version)).one()
    return session.get_bind().engine.url, version
