"""A session that must not write: whatever tries is turned away before it reaches the database."""

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session


def turn_writes_away(session: Session, turn_away: Callable[[], None]) -> None:
    """From here on, call `turn_away`, which raises, before anything of this session is written."""

    def before_flush(*_about: object) -> None:
        turn_away()

    def before_statement(state: ORMExecuteState) -> None:
        if not state.is_select:
            turn_away()

    event.listen(session, "before_flush", before_flush)
    event.listen(session, "do_orm_execute", before_statement)
