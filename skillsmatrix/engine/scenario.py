"""What may be tried on the bench: a short list of changes, none of which touches the record.

Each change says whom it concerns, and what it does to a person's facts or to the rules. Staff, services,
roles and competencies are named by code; days are inclusive as everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from skillsmatrix.domain.evidence import Completion, SignOff, counted_months
from skillsmatrix.domain.person import Basis, Person, Post
from skillsmatrix.domain.requirement import Requirement, Service
from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.what_if import Rules


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a change concerns, by code, and in which competencies; None is in all of them."""

    staff: frozenset[str]
    competencies: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Leaves:
    """A person's last day of employment."""

    staff: str
    last_day: date

    def concerned(self, _image: Image) -> Concerned:
        """The person."""
        return Concerned(frozenset({self.staff}))

    def person(self, person: Person, _rules: Catalogue) -> Person:
        """Employed no longer than that."""
        last = self.last_day if person.employed_to is None else min(self.last_day, person.employed_to)
        return replace(person, employed_to=last)


@dataclass(frozen=True, slots=True)
class Joins:
    """Somebody new in a post; what they hold is said by `Holds` with the same code."""

    staff: str
    employer: str
    service: str
    role: str
    starts_on: date
    basis: Basis = Basis.PERMANENT

    def concerned(self, _image: Image) -> Concerned:
        """The newcomer."""
        return Concerned(frozenset({self.staff}))

    def newcomer(self) -> Person:
        """The facts of the newcomer."""
        post = Post(self.service, self.role, self.basis, self.starts_on)
        return Person(self.staff, self.employer, employed_from=self.starts_on, posts=(post,))


@dataclass(frozen=True, slots=True)
class StartsPost:
    """A person has a post more, up to a last day or without end."""

    staff: str
    service: str
    role: str
    starts_on: date
    ends_on: date | None = None
    basis: Basis = Basis.PERMANENT

    def concerned(self, _image: Image) -> Concerned:
        """The person."""
        return Concerned(frozenset({self.staff}))

    def person(self, person: Person, _rules: Catalogue) -> Person:
        """With the post."""
        post = Post(self.service, self.role, self.basis, self.starts_on, self.ends_on)
        return replace(person, posts=(*person.posts, post))


@dataclass(frozen=True, slots=True)
class Holds:
    """A person completes, and is signed off in, a competency on a day. A moved course is another day.

    `signed_off` False: learning alone, as from a course. `valid_months`: as the course states them.
    """

    staff: str
    competency: str
    level: int
    on: date
    signed_off: bool = True
    valid_months: int | None = None

    def concerned(self, image: Image) -> Concerned:
        """The person, in the competency and its successor."""
        return Concerned(frozenset({self.staff}), image.catalogue.timelines.depend_on(self.competency))

    def person(self, person: Person, rules: Catalogue) -> Person:
        """With evidence of each kind that the competency needs."""
        needed = rules.competencies[self.competency]
        completions, sign_offs = dict(person.completions), dict(person.sign_offs)
        if needed.needs_learning:
            months = counted_months(self.valid_months, needed.learning_months)
            done = Completion(self.on, self.level, months)
            completions[self.competency] = (*completions.get(self.competency, ()), done)
        if needed.needs_sign_off and self.signed_off:
            signed = SignOff(self.on, self.level, competent=True, assessor="")
            sign_offs[self.competency] = (*sign_offs.get(self.competency, ()), signed)
        return replace(person, completions=completions, sign_offs=sign_offs)


@dataclass(frozen=True, slots=True)
class OpensOrCloses:
    """A service, new or not, is open between two days; None is open-ended."""

    service: str
    opens_on: date | None = None
    closes_on: date | None = None

    def concerned(self, image: Image) -> Concerned:
        """Whoever ever has a post there."""
        return Concerned(_ever_at(image, [self.service]))

    def rules(self, rules: Catalogue) -> Rules:
        """The service with those days."""
        known = rules.requirements.services.get(self.service, Service(self.service))
        return Rules(
            services={self.service: replace(known, opens_on=self.opens_on, closes_on=self.closes_on)}
        )


@dataclass(frozen=True, slots=True)
class Requires:
    """A requirement row as it would be; its code tells whether it is new."""

    row: Requirement

    def concerned(self, image: Image) -> Concerned:
        """Whoever ever has a post where the row, as it is or as it would be, can apply."""
        rows = [row for row in image.catalogue.requirements.rows if row.code == self.row.code]
        return _asked_by(image, [*rows, self.row])

    def rules(self, _rules: Catalogue) -> Rules:
        """The row."""
        return Rules(requirements={self.row.code: self.row})


@dataclass(frozen=True, slots=True)
class NoLongerRequires:
    """A requirement row is taken away."""

    requirement: str

    def concerned(self, image: Image) -> Concerned:
        """Whoever ever has a post where it applied."""
        rows = [row for row in image.catalogue.requirements.rows if row.code == self.requirement]
        return _asked_by(image, rows)

    def rules(self, _rules: Catalogue) -> Rules:
        """Without the row."""
        return Rules(requirements={self.requirement: None})


@dataclass(frozen=True, slots=True)
class LastsFor:
    """How many months the evidence for a competency lasts; None is without end."""

    competency: str
    learning_months: int | None = None
    sign_off_months: int | None = None

    def concerned(self, image: Image) -> Concerned:
        """Whoever ever has a post where the competency or its successor is asked for."""
        codes = image.catalogue.timelines.depend_on(self.competency)
        rows = [row for row in image.catalogue.requirements.rows if row.competency in codes]
        return Concerned(_asked_by(image, rows).staff, codes)

    def rules(self, rules: Catalogue) -> Rules:
        """The competency with those months."""
        known = rules.competencies[self.competency]
        changed = replace(known, learning_months=self.learning_months, sign_off_months=self.sign_off_months)
        return Rules(competencies={self.competency: changed})


OfPeople = Leaves | StartsPost | Holds
OfRules = OpensOrCloses | Requires | NoLongerRequires | LastsFor
Change = Joins | OfPeople | OfRules


def _asked_by(image: Image, rows: Iterable[Requirement]) -> Concerned:
    wanted = list(rows)
    everywhere = any(row.service is None for row in wanted)
    services = image.catalogue.service_codes if everywhere else [row.service for row in wanted if row.service]
    return Concerned(_ever_at(image, services), frozenset(row.competency for row in wanted))


def _ever_at(image: Image, services: Iterable[str]) -> frozenset[str]:
    """Codes of the people who ever hold a post at one of the services."""
    wanted = np.isin(image.catalogue.service_codes, list(services))
    posts = image.columns.posts
    numbers = np.unique(posts.person[wanted[posts.service]])
    return frozenset(image.people.codes[number] for number in numbers.tolist())
