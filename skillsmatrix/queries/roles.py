"""Roles: what each is for, and where its boundary lies."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.models import Role

TEXTS = select(*(Role.__table__.c[name] for name in ("code", "name", "purpose", "boundary")))


@dataclass(frozen=True, slots=True)
class RoleText:
    """A role with its purpose and boundary; None where nobody has written one."""

    code: str
    name: str
    purpose: str | None
    boundary: str | None


def role_texts(session: Session) -> dict[str, RoleText]:
    """Role code → its texts."""
    rows = session.connection().execute(TEXTS)
    return {code: RoleText(code, name, purpose, boundary) for code, name, purpose, boundary in rows}
