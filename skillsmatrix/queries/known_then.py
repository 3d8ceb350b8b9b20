"""Everybody's conclusions as they followed from what was known at an instant, worked out when asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.columns import columns
from skillsmatrix.engine.image import Image, People
from skillsmatrix.engine.packing import PARTS, Packed, pack
from skillsmatrix.models import Staff
from skillsmatrix.queries.conclusions import read_ids, versions
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.tables import StoredTables
from skillsmatrix.queries.workforce import workforce

MOST_PEOPLE: Final = 1_000  # a few milliseconds each, while somebody waits
_STAFF: Final = select(func.count()).select_from(Staff)


def few_enough(session: Session) -> bool:
    """Are there so few people that all their conclusions can be worked out while somebody waits."""
    version, _of_catalogue = versions(session)
    people: int = kept(session, "number of staff", lambda: session.scalars(_STAFF).one(), version=version)
    return people <= MOST_PEOPLE


def image_known_at(session: Session, instant: datetime) -> Image:
    """The image of what was believed at the instant, under the catalogue of that instant."""
    facts = workforce(session, known_at=instant)
    stored = StoredTables(session)
    ids = read_ids(stored)
    catalogue = Catalogue(facts.competencies, facts.requirements, ids)
    codes = sorted(facts.people)
    staff_ids = {code: number for number, code in stored.codes("staff").items()}
    people = People(
        ids=tuple(staff_ids[code] for code in codes),
        codes=tuple(codes),
        employers=tuple(facts.people[code].employer for code in codes),
    )
    packed = [pack(catalogue.timelines.of(facts.people[code]), ids) for code in codes]
    numbers = np.arange(len(codes), dtype=np.int32)
    return Image(
        catalogue, people, columns(_by_part(packed), numbers, catalogue), version=versions(session)[0]
    )


def _by_part(packed: Sequence[Packed]) -> dict[str, tuple[bytes, ...]]:
    return {part: tuple(each.part(part) for each in packed) for part in PARTS}
