"""Counts of a day that go along when people change are those that counting anew would give."""

from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import count
from random import Random

import pytest

from skillsmatrix.domain.person import Person
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.engine.counting import Counts
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import FEW, MOST_DAYS, Image
from skillsmatrix.engine.what_if import overlaid
from tests.builders import day
from tests.engine.house import differing, disagreements, facts_of, image_of, wrongly_kept
from tests.oracle.packages import edge_days, random_package

SEEDS = 80
BATCH = 20
STEPS = 8


def with_people(facts: Workforce, people: dict[str, Person]) -> Workforce:
    return Workforce(people, facts.competencies, facts.requirements)


class House:
    """A house in which people come, go, and turn into what somebody else is."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - drawn from a seed on purpose
        tables = random_package(seed, people=9)
        facts = facts_of(tables)
        everybody = sorted(facts.people)
        self.drawn_from = list(facts.people.values())
        self.facts = with_people(facts, {code: facts.people[code] for code in everybody[:6]})
        self.image = image_of(self.facts)
        self.ids = dict(zip(self.facts.people, self.image.people.ids, strict=True))
        self.newcomers = count(1)
        self.days = edge_days(tables)

    def asked(self) -> list[tuple[date, date | None]]:
        """Days, and for which day supervision is looked up."""
        some = self.random.sample(self.days, MOST_DAYS)
        return [(some[0], None), (some[1], None), (some[2], some[0]), (some[3], some[1])]

    def change(self) -> None:
        """One to three people, some of them new, some gone; or one competency or supervision of one."""
        match self.random.randrange(10):
            case 0 | 1 | 2:
                return self.learn()
            case 3 | 4:
                return self.meet()
        changed: dict[str, Person] = {}
        for _ in range(self.random.choice((1, 1, 2, 3))):
            code = self.random.choice([*self.facts.people, f"new {next(self.newcomers)}"])
            changed[code] = self.person(code)
        self.replace(changed, None)
        return None

    def person(self, code: str) -> Person:
        person = replace(self.random.choice(self.drawn_from), code=code)
        if self.random.random() < 0.2:
            return replace(person, posts=(), completions={}, sign_offs={})
        return person

    def learn(self) -> None:
        """What somebody else has done in a competency."""
        code, other = self.random.choice(list(self.facts.people)), self.random.choice(self.drawn_from)
        competency = self.random.choice(list(self.facts.competencies))
        person = self.facts.people[code]
        done, signed, excused = (
            {**mine, competency: theirs.get(competency, ())}
            for mine, theirs in (
                (person.completions, other.completions),
                (person.sign_offs, other.sign_offs),
                (person.exemptions, other.exemptions),
            )
        )
        now = replace(person, completions=done, sign_offs=signed, exemptions=excused)
        self.replace({code: now}, sorted(self.image.catalogue.timelines.depend_on(competency)))

    def meet(self) -> None:
        """Somebody else's sessions of supervision."""
        code, other = self.random.choice(list(self.facts.people)), self.random.choice(self.drawn_from)
        self.replace({code: replace(self.facts.people[code], sessions=other.sessions)}, None)

    def replace(self, changed: dict[str, Person], competencies: list[str] | None) -> None:
        for code in changed:
            self.ids.setdefault(code, 1000 + len(self.ids))
        people = {self.ids[code]: person for code, person in changed.items()}
        self.image = overlaid(self.image, self.image.catalogue, people, competencies=competencies)
        self.facts = with_people(self.facts, {**self.facts.people, **changed})


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_counts_that_go_along_are_those_of_counting_anew(first: int) -> None:
    moved: set[str] = set()
    for seed in range(first, first + BATCH):
        house = House(seed)
        asked = house.asked()
        before = ask(house.image, asked)
        for step in range(STEPS):
            house.change()

            assert len(house.image.days) == MOST_DAYS
            assert wrongly_kept(house.image) == [], (seed, step)
            after = ask(house.image, asked)
            moved.update(name for pair in zip(before, after, strict=True) for name in differing(*pair))
            before = after
        on = asked[0][0]
        assert disagreements(house.image, house.facts, on=on) == [], (seed, on)

    assert moved == {each.name for each in fields(Counts)}, "a number that no change has moved"


def ask(image: Image, days: list[tuple[date, date | None]]) -> list[Counts]:
    return [image.counts(on=on, supervision_on=supervision_on) for on, supervision_on in days]


def test_a_day_that_was_asked_about_is_not_counted_again() -> None:
    image = image_of(facts_of(random_package(1)))
    on = day("2025-03-01")

    assert image.counts(on=on) is image.counts(on=on, supervision_on=on)
    assert image.counts(on=on) is not image.counts(on=on, supervision_on=day("2025-02-01"))


def test_only_the_last_days_are_kept() -> None:
    image = image_of(facts_of(random_package(1)))
    days = [day("2025-03-01") + timedelta(days=number) for number in range(MOST_DAYS + 2)]

    for on in days:
        image.counts(on=on)

    assert [number for number, _supervision in image.days] == [day_number(on) for on in days[2:]]


def test_where_many_people_change_the_days_are_counted_anew() -> None:
    facts = facts_of(random_package(5, people=FEW + 1))
    image = image_of(facts)
    on = day("2025-03-01")
    image.counts(on=on)
    gone = {number: replace(person, posts=()) for number, person in enumerate(facts.people.values())}

    following = overlaid(image, image.catalogue, gone)

    assert not following.days
    assert following.counts(on=on).in_scope.sum() == 0 < image.counts(on=on).in_scope.sum()
