"""Random packages, always valid, crowded with the days on which the rules change their mind.

Every package draws its dates from one small pool: month ends, 29 February, a few days of its own, and
the ends and window edges of what has been drawn so far. So facts of different kinds fall on the same
day, or on the day before or after, far more often than chance would have it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from tests.oracle.days import add_months
from tests.oracle.edges import edge_days
from tests.oracle.form import KEYS, Row, Tables, empty_tables, row

__all__ = ["edge_days", "random_package"]

EARLIEST = date(2023, 1, 1)
LATEST = date(2026, 6, 30)  # nothing has happened after it, so nothing lies in the future
TURNING_DAYS = tuple(
    date.fromisoformat(text)
    for text in (
        "2023-02-28", "2023-08-31", "2023-12-31", "2024-01-31", "2024-02-28", "2024-02-29",
        "2024-03-01", "2024-03-31", "2024-08-31", "2024-11-30", "2025-01-31", "2025-02-28",
        "2025-03-01", "2025-03-31", "2025-08-31", "2026-02-28",
    )
)  # fmt: skip
KINDS = ("clinical", "management")
BASES = (
    "permanent", "permanent", "permanent", "fixed_term", "acting_up", "secondment", "bank",
    "agency", "volunteer", "student",
)  # fmt: skip


def random_package(seed: int, *, people: int = 6, services: int = 3, competencies: int = 6) -> Tables:
    """The same seed and sizes give the same package, on every machine."""
    draw = Draw(seed)
    draw.places(services)
    draw.catalogue(competencies)
    draw.staff(people)
    draw.requirements(competencies + services + 2)
    for person in draw.codes("staff"):
        draw.whereabouts(person)
        for code in draw.codes("competencies"):
            if draw.well_trained or draw.chance(0.7):
                draw.evidence(person, code)
            draw.exceptions(person, code)
        draw.oversight(person)
        draw.absences(person)
    for table in draw.tables.values():
        draw.random.shuffle(table)
    return draw.tables


class Draw:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - drawn from a seed on purpose
        self.well_trained = self.random.choice((False, True, True))
        self.tables = empty_tables()
        self.taken: set[tuple[str, ...]] = set()
        self.pool = self.random.sample(TURNING_DAYS, 5)
        span = (LATEST - EARLIEST).days
        self.pool += [EARLIEST + timedelta(days=self.random.randint(0, span)) for _ in range(4)]

    # Small choices

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def maybe(self, share: float, *choices: object) -> object:
        """One of the choices, or blank."""
        return self.random.choice(choices) if self.chance(share) else ""

    def codes(self, table: str) -> list[str]:
        return [each[KEYS[table][0]] for each in self.tables[table]]

    def level(self) -> object:
        """A level of evidence: high enough for most needs where people are well trained."""
        return self.maybe(0.8, 1, 2, 2, 3, 3) if self.well_trained else self.maybe(0.5, 1, 1, 2, 3)

    def code(self, table: str) -> str:
        return self.random.choice(self.codes(table))

    def day(self, latest: date = LATEST) -> date:
        """A day of the pool or the day before or after, and no later than `latest`."""
        near = self.random.choice((0, 0, 0, -1, 1))
        return min(self.random.choice(self.pool) + timedelta(days=near), latest)

    def end(self, start: date, *lengths: int) -> date:
        """A last day on or after the start: so many days long by count, or a day of the pool."""
        if lengths and self.chance(0.7):
            return start + timedelta(days=self.random.choice(lengths) - 1)
        return max(start, self.day(date(2029, 12, 31)))

    def note(self, *days: date) -> None:
        self.pool += days

    def add(self, table: str, **values: object) -> None:
        """Add a row unless its key is already there."""
        made = row(table, **values)
        key = (table, *(made[name] for name in KEYS[table]))
        if key not in self.taken:
            self.taken.add(key)
            self.tables[table].append(made)

    # What the package holds, in the order in which it is drawn

    def places(self, services: int) -> None:
        for code in ("Trust", "charity"):
            self.add("organisations", organisation=code, name=f"The {code}")
        for n in range(services):
            opens = self.day() if self.chance(0.3) else None
            closes = self.end(opens or EARLIEST) if self.chance(0.3) else None
            self.add(
                "services",
                service=mixed_code("house", n),
                name=f"House {n}",
                organisation=self.code("organisations"),
                opens_on=opens,
                closes_on=closes,
            )
        for n in range(3):
            self.add("roles", role=mixed_code("role", n), name=f"Role {n}")

    def catalogue(self, competencies: int) -> None:
        for n in range(competencies):
            self.competency(n)
        codes = self.codes("competencies")
        for older, newer in zip(self.tables["competencies"], codes[1:], strict=False):
            if self.chance(0.35):  # a chain from each to the next
                older["superseded_on"] = self.day().isoformat()
                older["superseded_by"] = newer
        for n in range(3):
            self.add("courses", course=mixed_code("course", n), title=f"Course {n}")
        for course in self.codes("courses"):
            for code in self.random.sample(codes, min(len(codes), 3)):
                self.add(
                    "course_grants",
                    course=course,
                    competency=code,
                    level=self.maybe(0.5, 1, 2, 3),
                    valid_months=self.maybe(0.5, 6, 12, 18, 24),
                )

    def competency(self, n: int) -> None:
        learning, sign_off = self.random.choice(
            (("yes", "no"), ("yes", "no"), ("no", "yes"), ("yes", "yes"), ("yes", "yes"))
        )
        supervised = self.chance(0.35)
        lapse = self.random.choice((28, 30, 42, 90))
        self.add(
            "competencies",
            competency=mixed_code("skill", n),
            title=f"Skill {n}",
            needs_learning=learning,
            needs_sign_off=sign_off,
            learning_level=self.maybe(0.4, 1, 2, 3),
            learning_months=self.maybe(0.75, 1, 3, 6, 12, 12, 24, 36),
            sign_off_months=self.maybe(0.6, 6, 12, 12, 24),
            renewal=self.maybe(0.8, "reset", "keep_anniversary", "keep_anniversary"),
            early_window_days=self.maybe(0.7, 0, 1, 30, 90, 90, 365, 400, 800),
            cumulative=self.maybe(0.6, "yes", "no", "no"),
            supervision_kind=self.random.choice(KINDS) if supervised else "",
            supervision_every_days=lapse - 7 if supervised and self.chance(0.5) else "",
            supervision_lapse_days=lapse if supervised else "",
            supervision_max_group=self.maybe(0.5, 1, 4, 6) if supervised else "",
            registration_body=self.maybe(0.25, "NMC", "HCPC"),
        )

    def staff(self, people: int) -> None:
        for n in range(people):
            starts = self.day() if self.chance(0.25) else date(2020, 1, 6)
            self.add(
                "staff",
                staff=mixed_code("person", n),
                family_name=f"Family {n}",
                employer=self.code("organisations"),
                employed_from=starts,
                employed_to=self.end(starts) if self.chance(0.2) else "",
            )

    def requirements(self, rows: int) -> None:
        for n in range(rows):
            cover = self.random.choice(("each",) * 6 + ("percent", "count", "named"))
            amounts = {"each": ("",), "percent": (1, 33, 34, 50, 51, 67, 80, 100)}.get(cover, (1, 2, 3))
            starts = self.day() if self.chance(0.4) else EARLIEST
            self.add(
                "requirements",
                requirement=mixed_code("need", n),
                service=self.maybe(0.55, *self.codes("services")),
                role=self.maybe(0.45, *self.codes("roles")),
                competency=self.code("competencies"),
                level=self.maybe(0.6, 1, 1, 1, 2, 3),
                cover=cover,
                amount=self.random.choice(amounts),
                strength=self.random.choice(("hard_stop", "target", "target")),
                in_force_from=starts,
                in_force_to=self.end(starts) if self.chance(0.3) else "",
                induction_days=self.maybe(0.6, 0, 1, 28, 84, 365),
            )

    def whereabouts(self, person: str) -> None:
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3))):
            starts = self.day() if self.chance(0.5) else date(2021, 5, 31)
            for window in (1, 28, 84):
                if self.chance(0.3):
                    self.note(min(starts + timedelta(days=window), LATEST))
            self.add(
                "posts",
                staff=person,
                service=self.code("services"),
                role=self.code("roles"),
                basis=self.random.choice(BASES),
                wte=self.maybe(0.5, "1.0", "0.5"),
                starts_on=starts,
                ends_on=self.end(starts) if self.chance(0.25) else "",
            )

    def absences(self, person: str) -> None:
        """Drawn last of all, so that some begin or end as a supervision clock runs out."""
        for _ in range(self.random.choice((0, 0, 0, 1, 1, 2, 3))):
            starts = self.day()
            last = self.end(starts, 1, 5, 26, 27, 28, 29) if self.chance(0.85) else None
            self.add("absences", staff=person, kind="sickness", starts_on=starts, ends_on=last)

    def evidence(self, person: str, code: str) -> None:
        competency = next(each for each in self.tables["competencies"] if each["competency"] == code)
        needed = (competency["needs_learning"] == "yes", competency["needs_sign_off"] == "yes")
        for kind, wanted in zip((self.completion, self.sign_off), needed, strict=True):
            if wanted or self.chance(0.15):
                for _ in range(self.random.choice((2, 3, 4, 5) if self.well_trained else (0, 1, 1, 2, 3))):
                    kind(person, competency)

    def completion(self, person: str, competency: Row) -> None:
        done = self.day()
        months = int(competency["learning_months"] or 12)
        early = int(competency["early_window_days"] or 0)
        end = add_months(done, months)
        if end <= LATEST:
            self.note(end, end - timedelta(days=early), add_months(done, 2 * months))
        self.add(
            "learning",
            staff=person,
            competency=competency["competency"],
            completed_on=done,
            level=self.level(),
            course=self.maybe(0.5, *self.codes("courses")),
            reference=self.maybe(0.6, "a", "B", "b1", "10", "9"),
            valid_months=self.maybe(0.25, 1, 6, 12, 60),
            recorded_at=self.recorded(done),
        )

    def sign_off(self, person: str, competency: Row) -> None:
        assessed = self.day()
        if competency["sign_off_months"]:
            self.note(add_months(assessed, int(competency["sign_off_months"])))
        withdrawn: object = ""
        if self.chance(0.3):
            withdrawn = self.random.choice(
                (assessed, assessed + timedelta(days=1), max(assessed, self.day()))
            )
        self.add(
            "sign_offs",
            staff=person,
            competency=competency["competency"],
            level=self.level() or 1,
            assessed_on=assessed,
            outcome=self.random.choice(("competent", "competent", "competent", "not_yet")),
            assessor=self.other(person),
            withdrawn_on=withdrawn,
            withdrawn_reason="Observed practice fell short" if withdrawn else "",
            recorded_at=self.recorded(assessed),
        )

    def recorded(self, happened: date) -> str:
        """Blank, or some instant on a day from the one it happened on."""
        if self.chance(0.4):
            return ""
        clock = self.random.choice(("00:00:00", "09:30:00", "23:59:59"))
        return f"{max(happened, self.day())}T{clock}Z"

    def exceptions(self, person: str, code: str) -> None:
        for table, share in (("suspensions", 0.12), ("exemptions", 0.1)):
            while self.chance(share):
                starts = self.day()
                last: object = self.end(starts, 1, 30, 180)
                if table == "suspensions":
                    last = last if self.chance(0.7) else ""
                    self.add(table, staff=person, competency=code, starts_on=starts, ends_on=last)
                else:
                    last = min(self.end(starts, 1, 30, 180), starts + timedelta(days=364))
                    self.add(
                        table,
                        staff=person,
                        competency=code,
                        starts_on=starts,
                        ends_on=last,
                        approved_by=self.other(person),
                    )

    def oversight(self, person: str) -> None:
        """Sessions and registrations, some of which do not count."""
        for _ in range(self.random.choice((0, 2, 4, 6))):
            held = self.day()
            self.note(min(held + timedelta(days=self.random.choice((27, 28, 30, 42, 90))), LATEST))
            self.add(
                "supervision",
                supervisee=person,
                supervisor=person if self.chance(0.15) else self.other(person),
                kind=self.random.choice(KINDS),
                held_on=held,
                group_size=self.maybe(0.5, 1, 2, 4, 5, 6, 7),
                recorded_at=self.recorded(held),
            )
        for body in ("NMC", "HCPC"):
            for _ in range(self.random.choice((0, 1, 1, 2))):
                starts = self.day() if self.chance(0.6) else EARLIEST
                last = self.end(starts, 365, 366) if self.chance(0.6) else ""
                self.add("registrations", staff=person, body=body, registered_on=starts, valid_to=last)

    def other(self, person: str) -> str:
        others: Sequence[str] = [code for code in self.codes("staff") if code != person]
        return self.random.choice(others)


def mixed_code(stem: str, n: int) -> str:
    """Codes whose code-point order is neither the order made nor the order of any dictionary."""
    shapes = (f"{stem}-{n + 8}", f"{stem.upper()}-{n + 8}", f"{stem.title()} {n + 8}")
    return shapes[n % len(shapes)]
