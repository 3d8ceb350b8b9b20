"""Everybody's conclusions as they followed from what was known at an instant.

They are worked out anew for the people about whom something else was believed, and are for all others what
they are now. Where the rules were others, they are worked out for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.columns import columns
from skillsmatrix.engine.image import Image, People
from skillsmatrix.engine.packing import PARTS, Packed, pack
from skillsmatrix.queries.conclusions import current, read_ids, versions
from skillsmatrix.queries.people_facts import SOURCES
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.tables import StoredTables
from skillsmatrix.queries.workforce import workforce

MOST_PEOPLE: Final = 2_000  # a millisecond or two each, while somebody waits
_OF_THE_RULES: Final = ("competencies", "services", "requirements", "course_grants")
_NAMES_THE_PERSON: Final = {"staff": "id", **{table: names[0] for table, (_, names) in SOURCES.items()}}
_UNKNOWN: Final = Packed(**dict.fromkeys(PARTS, b""))


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What was believed otherwise at an instant: the rules, and the facts about whom (by id, ascending).

    Under other rules that is everybody.
    """

    rules: bool
    staff_ids: tuple[int, ...]


def believed_otherwise(session: Session, instant: datetime) -> Otherwise:
    """Whose conclusions have to be worked out anew to know what followed at the instant."""
    return kept(session, ("believed otherwise", instant), lambda: _believed_otherwise(session, instant))


def few_enough(otherwise: Otherwise) -> bool:
    """Can their conclusions be worked out while somebody waits."""
    return len(otherwise.staff_ids) <= MOST_PEOPLE


def _believed_otherwise(session: Session, instant: datetime) -> Otherwise:
    stored = StoredTables(session)
    if any(stored.recorded_since(table, "id", instant) for table in _OF_THE_RULES):
        return Otherwise(rules=True, staff_ids=tuple(sorted(stored.codes("staff"))))
    concerned = (stored.recorded_since(table, name, instant) for table, name in _NAMES_THE_PERSON.items())
    return Otherwise(rules=False, staff_ids=tuple(sorted(set().union(*concerned))))


def image_known_at(session: Session, instant: datetime) -> Image:
    """The image of what was believed at the instant, under the catalogue of that instant."""
    otherwise, now = believed_otherwise(session, instant), current(session)
    if not otherwise.staff_ids:
        return now
    facts = workforce(session, known_at=instant, staff_ids=otherwise.staff_ids)
    stored = StoredTables(session)
    ids = read_ids(stored)
    catalogue = Catalogue(facts.competencies, facts.requirements, ids) if otherwise.rules else now.catalogue
    codes = [stored.codes("staff")[each] for each in otherwise.staff_ids]
    known = [facts.people.get(code) for code in codes]
    people = People(
        ids=otherwise.staff_ids,
        codes=tuple(codes),
        employers=tuple(each.employer if each else "" for each in known),
    )
    packed = [pack(catalogue.timelines.of(each), ids) if each else _UNKNOWN for each in known]
    numbers = np.arange(len(people), dtype=np.int32)
    found = columns(_by_part(packed), numbers, catalogue)
    version, _of_catalogue = versions(session)
    if otherwise.rules:
        return Image(catalogue, people, found, version=version)
    return now.with_replaced(people, found, version=version)


def _by_part(packed: Sequence[Packed]) -> dict[str, tuple[bytes, ...]]:
    return {part: tuple(each.part(part) for each in packed) for part in PARTS}
