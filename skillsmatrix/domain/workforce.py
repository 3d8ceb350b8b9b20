"""Everybody's facts together, and the contract's three answers over them: standings, cover, compliance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from skillsmatrix.domain.competency import Competency, older_ones
from skillsmatrix.domain.compliance import Compliance, PersonStandings, compliance
from skillsmatrix.domain.cover import Candidate, CoverLine, cover_line, in_scope
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Instance, Requirement, Requirements, instances
from skillsmatrix.domain.standing import Holding, Standing, Verdict, holding, standing


@dataclass(frozen=True, slots=True)
class InstanceStanding:
    """One requirement instance of one person, and its verdict."""

    person: str
    instance: Instance
    verdict: Verdict


class Workforce:
    """The facts of some people with the catalogue and the requirements; answers are worked out when asked.

    Holdings are gathered once for each person and competency, whatever the number of questions. `gathered`:
    person → competency → what was gathered before from the same facts, which is used and added to.
    """

    def __init__(
        self,
        people: Mapping[str, Person],
        competencies: Mapping[str, Competency],
        requirements: Requirements,
        gathered: dict[str, dict[str, Holding]] | None = None,
    ) -> None:
        self.people = people
        self.competencies = competencies
        self.requirements = requirements
        self._replaced_by = older_ones(competencies.values())
        self._gathered = {} if gathered is None else gathered

    def holding(self, person: str, competency: str) -> Holding:
        """What is recorded about one person and one competency."""
        of_person = self._gathered.setdefault(person, {})
        if competency not in of_person:
            older = self._replaced_by.get(competency, {})
            of_person[competency] = holding(self.people[person], self.competencies[competency], older)
        return of_person[competency]

    def standings(
        self, *, on: date, person: str | None = None, service: str | None = None
    ) -> list[InstanceStanding]:
        """One row for each requirement instance, in order of person and competency.

        `service` selects the people with a post in force there; levels and standings stay their own.
        """
        if person is not None:
            one = self.people[person]
            asked = [one] if service is None or one.is_posted_at(service, on) else []
        elif service is not None:
            asked = self.team(service, on=on)
        else:
            asked = [self.people[code] for code in sorted(self.people)]
        rows = []
        for someone in asked:
            found = instances(someone, self.requirements, on=on)
            rows += [self._instance_standing(someone.code, found[each], on) for each in sorted(found)]
        return rows

    def _instance_standing(self, person: str, instance: Instance, on: date) -> InstanceStanding:
        facts = self.holding(person, instance.competency)
        verdict = standing(facts, level=instance.level, on=on, in_induction=instance.in_induction)
        return InstanceStanding(person, instance, verdict)

    def cover(self, *, on: date, service: str | None = None) -> list[CoverLine]:
        """One line for each requirement in force at each open service, by service and requirement."""
        lines = []
        for code in sorted(self.requirements.services) if service is None else [service]:
            if self.requirements.services[code].is_open(on):
                team = self.team(code, on=on)
                for row in self.requirements.of_service(code):
                    if row.in_force(on):
                        candidates = list(self._candidates(row, code, team, on))
                        if row.service is not None or candidates:
                            lines.append(cover_line(code, row, candidates, on=on))
        return lines

    def team(self, service: str, *, on: date) -> list[Person]:
        """The people with a post in force at the service, whether away or not, in order of code."""
        return [each for each in self._ever_posted_at.get(service, ()) if each.is_posted_at(service, on)]

    @cached_property
    def _ever_posted_at(self) -> Mapping[str, Sequence[Person]]:
        """Service → everybody with a post there at some time, in order of code."""
        found: dict[str, list[Person]] = {}
        for code in sorted(self.people):
            for service in {post.service for post in self.people[code].posts}:
                found.setdefault(service, []).append(self.people[code])
        return found

    def _candidates(
        self, row: Requirement, service: str, team: Sequence[Person], on: date
    ) -> Iterator[Candidate]:
        for person in team:
            if in_scope(person, row, service, on=on):
                facts = self.holding(person.code, row.competency)
                verdict = standing(facts, level=row.level, on=on)
                yield Candidate(
                    person.code,
                    exempt=verdict.standing is Standing.EXEMPT,
                    compliant=verdict.standing.compliant,
                    valid_to=verdict.valid_to,
                )

    def compliance(self, *, on: date) -> Compliance:
        """M1 and M2 over everybody."""
        return compliance(self._standings_of(person, on) for person in self.people.values())

    def compliance_by_organisation(self, *, on: date) -> dict[str, Compliance]:
        """Employer → M1 and M2 of the people it employs; employers of nobody are absent."""
        groups: dict[str, list[PersonStandings]] = {}
        for person in self.people.values():
            groups.setdefault(person.employer, []).append(self._standings_of(person, on))
        return {employer: compliance(group) for employer, group in groups.items()}

    def compliance_by_service(self, *, on: date) -> dict[str, Compliance]:
        """Service → M1 and M2, as if the posts there were the only ones; without posts it is absent."""
        groups: dict[str, list[PersonStandings]] = {}
        for person in self.people.values():
            for service in {post.service for post in person.posts_in_force(on)}:
                groups.setdefault(service, []).append(self._standings_of(person, on, service))
        return {service: compliance(group) for service, group in groups.items()}

    def compliance_by_competency(self, *, on: date) -> dict[str, Compliance]:
        """Competency → M1 and M2 of its instances; competencies required of nobody are absent."""
        groups: dict[str, list[PersonStandings]] = {}
        for row in self.standings(on=on):
            bases = frozenset(post.basis for post in self.people[row.person].posts_in_force(on))
            groups.setdefault(row.instance.competency, []).append(
                PersonStandings(row.person, bases, (row.verdict.standing,))
            )
        return {competency: compliance(group) for competency, group in groups.items()}

    def _standings_of(self, person: Person, on: date, service: str | None = None) -> PersonStandings:
        posts = [post for post in person.posts_in_force(on) if service in (None, post.service)]
        found = instances(person, self.requirements, on=on, service=service)
        return PersonStandings(
            person.code,
            frozenset(post.basis for post in posts),
            tuple(self._instance_standing(person.code, each, on).verdict.standing for each in found.values()),
        )
