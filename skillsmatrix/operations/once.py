"""Doing a thing once, though the request that asks for it arrives twice.

After a kill or a lost line nobody at a browser can know whether the first request was stored. The second one
brings the same key and gets what came of the first.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.models import IdempotencyKey


def once(session: Session, operation: str, key: str, do: Callable[[], Any], *, by: str, at: datetime) -> Any:
    """What `do` answered when it was first asked for under this key; it is not done again.

    The key belongs to whoever asks: nobody else's request can meet it. The answer is kept as JSON, in the
    same transaction as what was done.
    """
    own_key = f"{by}:{key}"
    kept = session.scalar(
        select(IdempotencyKey.outcome).where(
            IdempotencyKey.operation == operation, IdempotencyKey.key == own_key
        )
    )
    if kept is not None:
        return json.loads(kept)
    outcome = json.dumps(do())
    session.add(IdempotencyKey(operation=operation, key=own_key, outcome=outcome, at=at))
    session.flush()
    return json.loads(outcome)
