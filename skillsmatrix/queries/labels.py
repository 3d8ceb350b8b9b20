"""The names behind the codes: what a page says where the record refers to something by its code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.models import Competency, Course, Organisation, Role, Service, Staff

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Labels:
    """Code → name as it is now; `people` holds only those asked for."""

    services: Mapping[str, str]
    roles: Mapping[str, str]
    organisations: Mapping[str, str]
    competencies: Mapping[str, str]
    courses: Mapping[str, str]
    people: Mapping[str, str]


def labels(session: Session, people: Iterable[str]) -> Labels:
    """The names behind all codes; of people only those asked for."""
    return Labels(
        services=dict(session.execute(select(Service.code, Service.name)).all()),
        roles=role_names(session),
        organisations=dict(session.execute(select(Organisation.code, Organisation.name)).all()),
        competencies=dict(session.execute(select(Competency.code, Competency.title)).all()),
        courses=dict(session.execute(select(Course.code, Course.title)).all()),
        people=names(session, people),
    )


def names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Staff code → name as it is now, for those of `codes` that the record has."""
    wanted = sorted(set(codes))
    rows: Sequence[tuple[str, str | None, str]] = [
        row
        for start in range(0, len(wanted), 500)
        for row in session.execute(
            select(Staff.code, Staff.given_name, Staff.family_name).where(
                Staff.code.in_(wanted[start : start + 500])
            )
        )
    ]
    return {code: f"{given} {family}" if given else family for code, given, family in rows}


def role_names(session: Session) -> dict[str, str]:
    """Role code → name."""
    return dict(session.execute(select(Role.code, Role.name)).all())
