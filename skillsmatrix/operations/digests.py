"""The weekly digests: one job for each week, one mail at most for each account."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import Engine, select

from skillsmatrix.documents.digest_mail import digest_body, digest_subject
from skillsmatrix.domain.access import Actor
from skillsmatrix.domain.digest import DIGEST_KEY, digest_day
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Mail, MailPreference
from skillsmatrix.operations.mails import write_mail
from skillsmatrix.queries.actors import actors
from skillsmatrix.queries.digests import digest

DIGEST_JOB: Final = "weekly_digests"
BY: Final = "worker"


class DigestsInterrupted(Exception):
    """The work was stopped half-way; another worker goes on where it was."""


def write_digests(
    engine: Engine,
    week: date,
    *,
    public_url: str,
    host: str,
    go_on: Callable[[], bool],
    now: Callable[[], datetime],
) -> Mapping[str, object]:
    """Write the mails of one week: to everybody who wants one and has something to do.

    A week that is over is left alone: what it would have said stands in this week's. Done again it writes
    nothing again. Raises DigestsInterrupted when it may not go on to the end.
    """
    at = now()
    on = london_day(at)
    if digest_day(on) != week:
        return {"mails": 0, "why": "the week is over, or has not begun"}
    with reading(engine) as session:
        wishes = session.execute(select(MailPreference.account_id, MailPreference.weekly_digest))
        unwanted = {account_id for account_id, wanted in wishes if not wanted}
        written = set(session.scalars(select(Mail.key).where(Mail.key.startswith(_key(week, "")))))
        everybody = actors(session, on=on)
    mails = 0
    for account_id, actor in everybody.items():
        if account_id not in unwanted and _key(week, account_id) not in written:
            if not go_on():
                raise DigestsInterrupted
            mails += _write(engine, actor, week, on=on, at=at, public_url=public_url, host=host)
    return {"mails": mails}


def _write(
    engine: Engine, actor: Actor, week: date, *, on: date, at: datetime, public_url: str, host: str
) -> int:
    """Write one account's digest, unless it is empty or its person is away; returns how many mails it is."""
    with reading(engine) as session:
        found = digest(session, actor, on=on, at=at)
    if found.away or not found.parts:
        return 0
    with writing(engine) as session:
        mail = write_mail(
            session,
            account_id=actor.account_id,
            key=_key(week, actor.account_id),
            subject=digest_subject(found.things),
            body=digest_body(found.parts, on=on, public_url=public_url),
            host=host,
            by=BY,
            at=at,
        )
    return 0 if mail is None else 1


def _key(week: date, account_id: int | str) -> str:
    return f"{DIGEST_KEY}{week.isoformat()}:{account_id}"
