"""An image made straight from facts, and the questions that it and the facts must answer alike."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np

from skillsmatrix.domain.compliance import Compliance
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.columns import columns
from skillsmatrix.engine.counting import Counts
from skillsmatrix.engine.days import DAY_ZERO
from skillsmatrix.engine.image import Image, People, StandingRow
from skillsmatrix.engine.packing import PARTS, Ids, pack
from tests.contract import product
from tests.oracle.form import Tables


def facts_of(tables: Tables) -> Workforce:
    return product.workforce(tables)


def ids_of(facts: Workforce) -> Ids:
    """Ids that follow no order: what is kept by id must not depend on it."""
    roles = {post.role for person in facts.people.values() for post in person.posts}
    roles |= {row.role for row in facts.requirements.rows if row.role is not None}

    def numbered(codes: Any) -> dict[str, int]:
        return {
            code: 3 * number + 2 for number, code in enumerate(sorted(codes, key=lambda code: code[::-1]))
        }

    return Ids(
        competencies=numbered(facts.competencies),
        services=numbered(facts.requirements.services),
        roles=numbered(roles),
        requirements=numbered(row.code for row in facts.requirements.rows),
    )


def image_of(facts: Workforce) -> Image:
    rules = Catalogue(facts.competencies, facts.requirements, ids_of(facts))
    everybody = list(facts.people.values())
    packed = [pack(rules.timelines.of(person), rules.ids) for person in everybody]
    people = People(
        tuple(range(len(everybody))),
        tuple(person.code for person in everybody),
        tuple(person.employer for person in everybody),
    )
    pieces = {part: [each.part(part) for each in packed] for part in PARTS}
    numbers = np.arange(len(everybody), dtype=np.int32)
    return Image(rules, people, columns(pieces, numbers, rules), version=1)


def standing_rows(facts: Workforce, *, on: date, service: str | None = None) -> list[StandingRow]:
    """What the facts say, in the shape of the image."""
    return [
        StandingRow(
            row.person,
            row.instance.competency,
            row.instance.level,
            row.instance.hard_stop,
            row.verdict.standing,
            row.verdict.valid_to,
        )
        for row in facts.standings(on=on, service=service)
    ]


def asked(found: dict[str, Compliance]) -> dict[str, Compliance]:
    """Without the groups of which nothing is asked: the image leaves them out."""
    return {code: each for code, each in found.items() if each.headline.total or each.all_in.total}


def disagreements(image: Image, facts: Workforce, *, on: date) -> list[str]:
    """The questions about one day that the two answer differently."""
    questions: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
        ("cover", lambda: image.cover(on=on), lambda: facts.cover(on=on)),
        ("standings", lambda: image.standings(on=on), lambda: standing_rows(facts, on=on)),
        ("compliance", lambda: image.compliance(on=on), lambda: facts.compliance(on=on)),
        (
            "by service",
            lambda: image.compliance_by_service(on=on),
            lambda: asked(facts.compliance_by_service(on=on)),
        ),
        (
            "by organisation",
            lambda: image.compliance_by_organisation(on=on),
            lambda: asked(facts.compliance_by_organisation(on=on)),
        ),
        (
            "by competency",
            lambda: image.compliance_by_competency(on=on),
            lambda: asked(facts.compliance_by_competency(on=on)),
        ),
    ]
    for code in facts.requirements.services:
        questions += [
            (
                f"cover of {code}",
                lambda code=code: image.cover(on=on, service=code),
                lambda code=code: facts.cover(on=on, service=code),
            ),
            (
                f"standings at {code}",
                lambda code=code: image.standings(on=on, service=code),
                lambda code=code: standing_rows(facts, on=on, service=code),
            ),
        ]
    return [name for name, ours, theirs in questions if ours() != theirs()]


def differing(ours: Counts, theirs: Counts) -> list[str]:
    """The numbers that are not the same on every line."""
    return [
        each.name
        for each in fields(Counts)
        if not np.array_equal(getattr(ours, each.name), getattr(theirs, each.name))
    ]


def wrongly_kept(image: Image) -> list[str]:
    """What the image remembers of the days it was asked about, and another would not count."""
    other = Image(image.catalogue, image.people, image.columns, version=image.version)
    found = []
    for (number, supervision), kept in image.days.items():
        on, supervision_on = (date.fromordinal(each + DAY_ZERO) for each in (number, supervision))
        anew = other.counts(on=on, supervision_on=supervision_on)
        found += [f"{name} on {on}, supervision on {supervision_on}" for name in differing(kept, anew)]
    return found
