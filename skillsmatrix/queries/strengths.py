"""How far a team holds what is asked of it, by group of competencies."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from skillsmatrix.domain.standing import Standing
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current


@dataclass(frozen=True, slots=True)
class Strength:
    """One group (None: not stated): how many of the requirements on people here are met, and of how many."""

    group: str | None
    met: int
    asked: int
    people: int


def strengths(session: Session, service: str, *, on: date, today: date) -> list[Strength]:
    """Of everybody with a post there on the day, by group; whoever is exempt is left out. Weakest first.

    Levels and standings are the person's own, whatever their other posts. Past `today`, supervision is taken
    to go on (contract V8).
    """
    image = current(session)
    found: dict[str | None, list[tuple[str, bool]]] = {}
    for row in image.standings(on=on, service=service, supervision_on=supervised_on(on=on, today=today)):
        if row.standing is not Standing.EXEMPT:
            group = image.catalogue.competencies[row.competency].group
            found.setdefault(group, []).append((row.person, row.standing.compliant))
    made = [
        Strength(group, sum(met for _person, met in rows), len(rows), len({person for person, _met in rows}))
        for group, rows in found.items()
    ]
    return sorted(made, key=lambda each: (each.met / each.asked, each.group or ""))
