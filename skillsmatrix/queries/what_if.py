"""What would be, if: changes laid over the image of the record, which stays as it is."""

from collections.abc import Sequence
from typing import assert_never

from sqlalchemy.orm import Session

from skillsmatrix.domain.person import Person
from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.scenario import (
    Change,
    Concerned,
    Holds,
    Joins,
    LastsFor,
    Leaves,
    NoLongerRequires,
    OpensOrCloses,
    Requires,
    StartsPost,
)
from skillsmatrix.engine.what_if import overlaid, with_rules
from skillsmatrix.queries.conclusions import people_of

NOT_THERE = "the scenario names somebody or something that is not there: {}"


class UnknownInScenario(LookupError):
    """A change names staff, a service, a role, a competency or a requirement that does not exist."""


def what_if(session: Session, image: Image, changes: Sequence[Change]) -> Image:
    """The image as it would be after these changes, one after the other; raises UnknownInScenario.

    Compare any answer of it with the same answer of `image`, which must be that of the session.
    """
    bench = _Bench(session, image)
    for change in changes:
        bench.lay(change)
    return bench.image


class _Bench:
    def __init__(self, session: Session, image: Image) -> None:
        self.session = session
        self.image = image
        self.newcomers: dict[str, tuple[int, Person]] = {}
        self.so_far: list[Leaves | StartsPost | Holds] = []

    def lay(self, change: Change) -> None:
        """Work out anew what the change concerns."""
        try:
            self._lay(change)
        except (KeyError, ValueError) as error:
            raise UnknownInScenario(NOT_THERE.format(error)) from error

    def _lay(self, change: Change) -> None:
        rules = self.image.catalogue
        match change:
            case Joins():
                self._require(change.staff not in self.image.numbers, change.staff)
                self._require(change.service in rules.service_codes, change.service)
                self._require(change.role in rules.ids.roles, change.role)
                self.newcomers[change.staff] = -1 - len(self.newcomers), change.newcomer()
            case Leaves() | StartsPost() | Holds():
                self._require(change.staff in self.image.numbers, change.staff)
                self.so_far.append(change)
            case OpensOrCloses() | Requires() | NoLongerRequires() | LastsFor():
                rules = with_rules(rules, change.rules(rules))
            case _:
                assert_never(change)
        concerned = change.concerned(self.image)
        self.image = overlaid(
            self.image, rules, self._people(concerned, rules), competencies=concerned.competencies
        )

    def _people(self, concerned: Concerned, rules: Catalogue) -> dict[int, Person]:
        """Everybody concerned, by id, with all the changes made to them so far."""
        numbers = self.image.numbers
        ids = [self.image.people.ids[numbers[code]] for code in concerned.staff if code not in self.newcomers]
        people = people_of(self.session, rules, ids, self._needed(concerned, rules)) if ids else {}
        people |= {each: person for each, person in self.newcomers.values() if person.code in concerned.staff}
        for change in self.so_far:
            for each, person in people.items():
                if person.code == change.staff:
                    people[each] = change.person(person, rules)
        return people

    def _needed(self, concerned: Concerned, rules: Catalogue) -> frozenset[str] | None:
        """The competencies whose evidence bears on what the change concerns."""
        if concerned.competencies is None:
            return None
        older = (rules.timelines.replaced_by(code) for code in concerned.competencies)
        return concerned.competencies.union(*older)

    def _require(self, there: bool, what: str) -> None:
        if not there:
            raise KeyError(what)
