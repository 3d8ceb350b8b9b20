"""An image with some changes laid over it: other people, other rules. Nothing is written anywhere."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Requirement, Requirements, Service
from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.columns import Columns, OnLine, columns
from skillsmatrix.engine.image import Image, People
from skillsmatrix.engine.packing import PARTS, Ids, pack

R = TypeVar("R", bound=OnLine)


@dataclass(frozen=True, slots=True)
class Rules:
    """Rows of the catalogue that are different, by code; a requirement row that is None is taken away."""

    competencies: Mapping[str, Competency] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    requirements: Mapping[str, Requirement | None] = field(default_factory=dict)


def with_rules(rules: Catalogue, changed: Rules) -> Catalogue:
    """The catalogue with some rows changed, added or taken away; new rows get ids of their own."""
    competencies = {**rules.competencies, **changed.competencies}
    services = {**rules.requirements.services, **changed.services}
    rows = {row.code: row for row in rules.requirements.rows} | dict(changed.requirements)
    kept = [row for row in rows.values() if row is not None]
    ids = Ids(
        competencies=_numbered(rules.ids.competencies, competencies),
        services=_numbered(rules.ids.services, services),
        roles=_numbered(
            rules.ids.roles, [*rules.ids.roles, *(row.role for row in kept if row.role is not None)]
        ),
        requirements=_numbered(rules.ids.requirements, [row.code for row in kept]),
    )
    return Catalogue(competencies, Requirements(kept, services), ids)


def _numbered(ids: Mapping[str, int], codes: Iterable[str]) -> dict[str, int]:
    found = {code: ids[code] for code in codes if code in ids}
    following = max(ids.values(), default=0) + 1
    for code in codes:
        if code not in found:
            found[code] = following
            following += 1
    return found


def overlaid(
    image: Image,
    rules: Catalogue,
    people: Mapping[int, Person],
    *,
    competencies: Collection[str] | None = None,
) -> Image:
    """The image under `rules` (`image.catalogue` or `with_rules` of it), with these people worked out anew.

    `people` by id, all who are concerned by a change; somebody new has an id that nobody has. `competencies`:
    the rest of what is known about them stays as it is. The lines of a changed requirement row go with the
    rows that made them, so whoever it concerned or concerns must be among `people`.
    """
    base = image if rules is image.catalogue else _under(image, rules)
    packed = [pack(rules.timelines.of(person, competencies), rules.ids) for person in people.values()]
    pieces = {part: [each.part(part) for each in packed] for part in PARTS}
    found = columns(pieces, np.arange(len(people), dtype=np.int32), rules)
    fresh = People(
        tuple(people),
        tuple(person.code for person in people.values()),
        tuple(person.employer for person in people.values()),
    )
    wanted = None
    if competencies is not None:
        wanted = np.isin(rules.competency_codes, list(competencies))
    return base.with_replaced(fresh, found, version=image.version, competencies=wanted)


def _under(image: Image, rules: Catalogue) -> Image:
    """The same columns by the numbers of another catalogue; what it no longer has is left out."""
    old = image.catalogue
    services = _numbers(old.service_codes, rules.service_codes)
    competencies = _numbers(old.competency_codes, rules.competency_codes)
    lines = _lines(old, rules, services)
    team = image.columns.teams.team
    teams = services[team // old.roles] * rules.roles + team % old.roles
    required = image.columns.required
    at = np.where(required.service < 0, -1, services[required.service])
    return Image(
        rules,
        image.people,
        Columns(
            posts=replace(image.columns.posts, service=services[image.columns.posts.service]),
            teams=replace(image.columns.teams, team=teams.astype(np.int32)),
            held=_on_lines(image.columns.held, lines),
            exempt=_on_lines(image.columns.exempt, lines),
            base=replace(
                required,
                service=at.astype(np.int32),
                competency=competencies[required.competency].astype(np.int16),
            ),
            lapsed=replace(image.columns.lapsed, competency=competencies[image.columns.lapsed.competency]),
        ),
        version=image.version,
    )


def _on_lines(rows: R, lines: NDArray[np.int32]) -> R:
    line = lines[rows.line]
    return replace(rows, line=line).kept(line >= 0)


def _lines(old: Catalogue, new: Catalogue, services: NDArray[np.int32]) -> NDArray[np.int32]:
    """The new line for each of the old; -1 where its row is gone, or counts others or something else."""
    row_codes = {row.code: (number, row) for number, row in enumerate(new.requirements.rows)}
    rows = np.array(
        [
            row_codes[row.code][0] if row.code in row_codes and _same(row, row_codes[row.code][1]) else -1
            for row in old.requirements.rows
        ],
        dtype=np.int64,
    )
    row, service = rows[old.lines.row], services[old.lines.service].astype(np.int64)
    found = np.full(len(old.lines), -1, dtype=np.int32)
    there = row >= 0
    found[there] = new.lines.of(row[there], service[there])
    return found


def _same(before: Requirement, after: Requirement) -> bool:
    """Do both rows count the same people for the same thing: the numbers asked for may differ."""
    return (before.service, before.role, before.competency, before.level) == (
        after.service,
        after.role,
        after.competency,
        after.level,
    )


def _numbers(before: Collection[str], after: Collection[str]) -> NDArray[np.int32]:
    places = {code: number for number, code in enumerate(after)}
    return np.array([places[code] for code in before], dtype=np.int32)
