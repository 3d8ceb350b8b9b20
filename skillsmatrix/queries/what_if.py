"""What would be, if: changes laid over the image of the record, which stays as it is."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from skillsmatrix.domain.person import Person
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
    try:
        for change in changes:
            bench.take(change)
        return bench.laid()
    except (KeyError, ValueError) as error:
        raise UnknownInScenario(NOT_THERE.format(error)) from error


class _Bench:
    """The changes so far, and whom they concern: everybody is worked out anew once, under the last rules."""

    def __init__(self, session: Session, image: Image) -> None:
        self.session = session
        self.image = image
        self.rules = image.catalogue
        self.newcomers: dict[str, tuple[int, Person]] = {}
        self.of_people: list[Leaves | StartsPost | Holds] = []
        self.concerned: list[Concerned] = []

    def take(self, change: Change) -> None:
        """Note what the change does; raises KeyError for what is not there."""
        match change:
            case Joins():
                self._require(not self._is_known(change.staff), change.staff)
                self._require(change.service in self.rules.service_codes, change.service)
                self._require(change.role in self.rules.ids.roles, change.role)
                self.newcomers[change.staff] = -1 - len(self.newcomers), change.newcomer()
            case Leaves() | Holds():
                self._require(self._is_known(change.staff), change.staff)
                self.of_people.append(change)
            case StartsPost():
                self._require(self._is_known(change.staff), change.staff)
                self._require(change.service in self.rules.service_codes, change.service)
                self._require(change.role in self.rules.ids.roles, change.role)
                self.of_people.append(change)
            case OpensOrCloses() | Requires() | NoLongerRequires() | LastsFor():
                self.rules = with_rules(self.rules, change.rules(self.rules))
        if isinstance(change, Holds | LastsFor):
            self._require(change.competency in self.rules.competencies, change.competency)
        self.concerned.append(change.concerned(self.image))

    def laid(self) -> Image:
        """The image with all of it: people whom the same competencies are about are worked out together."""
        about: dict[str, frozenset[str] | None] = {}
        for each in self.concerned:
            for staff in each.staff:
                known = about.get(staff, frozenset())
                whole = known is None or each.competencies is None
                about[staff] = None if whole else (known or frozenset()) | (each.competencies or frozenset())
        groups: dict[frozenset[str] | None, set[str]] = {None: set()}
        for staff, competencies in about.items():
            groups.setdefault(competencies, set()).add(staff)
        image = self.image
        for competencies, people in groups.items():
            together = self._people(Concerned(frozenset(people), competencies))
            image = overlaid(image, self.rules, together, competencies=competencies)
        return image

    def _people(self, concerned: Concerned) -> dict[int, Person]:
        """Everybody concerned, by id, with all the changes made to them."""
        numbers = self.image.numbers
        ids = [self.image.people.ids[numbers[code]] for code in concerned.staff if code not in self.newcomers]
        people = people_of(self.session, self.rules, ids, self._needed(concerned)) if ids else {}
        people |= {each: person for each, person in self.newcomers.values() if person.code in concerned.staff}
        for each, person in people.items():
            for change in self.of_people:
                if change.staff == person.code:
                    people[each] = change.person(people[each], self.rules)
        return people

    def _needed(self, concerned: Concerned) -> frozenset[str] | None:
        """The competencies whose evidence bears on what the changes concern."""
        if concerned.competencies is None:
            return None
        older = (self.rules.timelines.replaced_by(code) for code in concerned.competencies)
        return concerned.competencies.union(*older)

    def _is_known(self, staff: str) -> bool:
        return staff in self.image.numbers or staff in self.newcomers

    def _require(self, there: bool, what: str) -> None:
        if not there:
            raise KeyError(what)
