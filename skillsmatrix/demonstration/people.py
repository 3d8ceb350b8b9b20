"""Who works where: the cast by name, everybody else by the plan of posts, and those who have left."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from unicodedata import combining, normalize

from skillsmatrix.demonstration.seedfiles import Row
from skillsmatrix.demonstration.setting import Setting, working_day

UNPAID = ("volunteer", "student")
PREFIXES = {"BHL": "BH", "OUV": "OV", "TDK": "TK", "PNY": "PN", "LKU": "LK"}
DOMAINS = {
    "BHL": "bridgehaven.example",
    "OUV": "ousel-vale.example",
    "TDK": "thistledown-kettle.example",
    "PNY": "pennyroyal-lantern.example",
    "LKU": "larkfell.example",
}
LONGEST_STAY = {"student": 120, "agency": 300, "fixed_term": 420, "volunteer": 700, "secondment": 800}


@dataclass(frozen=True, slots=True)
class Post:
    """A person in a role at a service; both ends count."""

    service: str
    role: str
    basis: str
    wte: str
    starts_on: date
    ends_on: date | None = None

    def in_force(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(slots=True)
class Person:
    """One member of staff with every post held. `away`: long absence on the day of the demonstration."""

    code: str
    given_name: str
    family_name: str
    employer: str
    employed_from: date
    employed_to: date | None = None
    work_email: str = ""
    posts: list[Post] = field(default_factory=list)
    away: bool = False

    def here(self, day: date) -> bool:
        return self.employed_from <= day and (self.employed_to is None or day <= self.employed_to)

    def posts_on(self, day: date) -> list[Post]:
        return [post for post in self.posts if self.here(day) and post.in_force(day)]

    def last_day(self, on: date) -> date:
        """The day up to which the person's history is told: the day before `on`, or before they left."""
        yesterday = on - timedelta(days=1)
        return yesterday if self.employed_to is None else min(yesterday, self.employed_to)


def build_people(setting: Setting) -> list[Person]:
    """Everybody, in order of staff code."""
    people = _cast(setting)
    names = _names(setting)
    numbers = dict.fromkeys(PREFIXES, 4000)
    for leaving, table in ((False, "establishment"), (True, "leavers")):
        for row in setting.plan[table]:
            for _ in range(int(row["people"])):
                employer = row["employer"]
                numbers[employer] += 1
                code = f"{PREFIXES[employer]}{numbers[employer]}"
                people.append(_person(setting, code, next(names), row, leaving=leaving))
    return sorted(people, key=lambda person: person.code)


def _cast(setting: Setting) -> list[Person]:
    people = {
        row["staff"]: Person(
            row["staff"],
            row["given_name"],
            row["family_name"],
            row["employer"],
            setting.ago(row["employed_days_ago"]),
            setting.ahead(row["leaves_in_days"]) if row["leaves_in_days"] else None,
            row["work_email"],
        )
        for row in setting.plan["cast"]
    }
    for row in setting.plan["cast_posts"]:
        people[row["staff"]].posts.append(
            Post(
                row["service"],
                row["role"],
                row["basis"],
                row["wte"],
                setting.ago(row["starts_days_ago"]),
                setting.ahead(row["ends_in_days"]) if row["ends_in_days"] else None,
            )
        )
    return list(people.values())


def _names(setting: Setting) -> Iterator[tuple[str, str]]:
    """Pairs of names that go together, none twice, none of the cast's; runs out after about 1,400."""
    by_heritage: dict[str, dict[str, list[str]]] = {}
    for row in setting.plan["names"]:
        by_heritage.setdefault(row["heritage"], {}).setdefault(row["part"], []).append(row["name"])
    pairs = [
        (given, family)
        for parts in by_heritage.values()
        for given in parts["given"]
        for family in parts["family"]
    ]
    setting.draw("names").shuffle(pairs)
    taken = {(row["given_name"], row["family_name"]) for row in setting.plan["cast"]}
    return (pair for pair in pairs if pair not in taken)


def _person(setting: Setting, code: str, name: tuple[str, str], row: Row, *, leaving: bool) -> Person:
    draw = setting.draw("person", code)
    starts_on, ends_on = _stay(setting, draw, row, leaving=leaving)
    employed_from = starts_on
    if row["basis"] == "secondment":
        employed_from = starts_on - timedelta(days=draw.randint(200, 900))
    wte = "0" if row["basis"] in ("bank", "agency") else draw.choice(("1", "1", "1", "0.8", "0.6", "0.5"))
    person = Person(
        code,
        *name,
        row["employer"],
        employed_from,
        ends_on if leaving else None,
        _email(name, row["employer"]),
    )
    person.posts.append(Post(row["service"], row["role"], row["basis"], wte, starts_on, ends_on))
    return person


def _stay(setting: Setting, draw: Random, row: Row, *, leaving: bool) -> tuple[date, date | None]:
    """First and planned last day of a post; nobody starts before the service opened."""
    opened = setting.opens_on(row["service"])
    longest = min(LONGEST_STAY.get(row["basis"], 2600), (setting.on - opened).days)
    if leaving:
        ends_on = setting.ago(draw.randint(20, 1000))
        return max(opened, ends_on - timedelta(days=draw.randint(60, 1200))), working_day(ends_on)
    starts_on = working_day(setting.ago(draw.randint(min(130, longest // 2), longest)))
    starts_on = max(starts_on, opened)
    if row["basis"] in ("fixed_term", "agency", "student", "secondment"):
        return starts_on, setting.ahead(draw.randint(50, 400))
    return starts_on, None


def _email(name: tuple[str, str], employer: str) -> str:
    return ".".join(_plain(part) for part in name if part) + "@" + DOMAINS[employer]


def _plain(name: str) -> str:
    """A name in the letters that mail addresses are made of."""
    letters = normalize("NFKD", name.lower().translate(str.maketrans("łđøı", "ldoi")))
    return "".join(
        letter for letter in letters if letter.isascii() and letter.isalnum() and not combining(letter)
    )
