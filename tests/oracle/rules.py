"""The three answers of the contract's section 9, from the tables of a package, as their CSV text."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from math import ceil

from tests.oracle.form import Row, Tables
from tests.oracle.verdict import COMPLIANT, ends_within, standing
from tests.oracle.world import Instance, World, applies, level_of

NOT_COVER = ("volunteer", "student")  # V1
OUTSIDE_HEADLINE = ("bank", "agency", "volunteer", "student")  # M1
OUTSIDE_ALL_IN = ("agency", "volunteer", "student")  # M1


def standings(
    tables: Tables,
    *,
    on: date,
    known_at: datetime | None = None,
    imported_at: datetime | None = None,
    staff: str | None = None,
    service: str | None = None,
) -> list[Row]:
    """One row per requirement instance, by staff and competency."""
    world = World(tables, on=on, known_at=known_at, imported_at=imported_at)
    answer = []
    for person in sorted(world.staff):
        if staff not in (None, person):
            continue
        if service is not None and not world.posts_in_force(person, service=service):
            continue
        answer += [standing_row(world, instance) for instance in world.instances(person)]
    return answer


def standing_row(world: World, instance: Instance) -> Row:
    evidence = world.evidence(instance.staff, instance.competency)
    since = until = ""
    if evidence.satisfies(instance.level, world.on):  # whatever the standing
        since = evidence.held_since(instance.level).isoformat()
        last = evidence.valid_to(instance.level)
        until = "" if last is None else last.isoformat()
    return {
        "staff": instance.staff,
        "competency": instance.competency,
        "level": str(instance.level),
        "strength": instance.strength,
        "standing": instance_standing(world, instance),
        "held_level": str(evidence.held_level(world.on)),
        "held_since": since,
        "valid_to": until,
    }


def instance_standing(world: World, instance: Instance) -> str:
    return standing(
        world,
        instance.staff,
        instance.competency,
        instance.level,
        in_induction=instance.in_induction,
    )


def cover(
    tables: Tables,
    *,
    on: date,
    known_at: datetime | None = None,
    imported_at: datetime | None = None,
    service: str | None = None,
) -> list[Row]:
    """One row per service and requirement row that applies to it (section 6)."""
    world = World(tables, on=on, known_at=known_at, imported_at=imported_at)
    lines = []
    for place in sorted(world.services):
        if service not in (None, place) or not world.open_service(place):
            continue
        for row in world.requirements_in_force():
            if row.get("service", "") not in ("", place):
                continue
            people = in_scope(world, row, place)
            if people or row.get("service", ""):
                lines.append(cover_line(world, row, place, people))
    return sorted(lines, key=lambda line: (line["service"], line["requirement"]))


def single_points(tables: Tables, *, on: date) -> set[tuple[str, str]]:
    """V7: met, but not if one of the people held were not there; by service and requirement."""
    found = set()
    for line in cover(tables, on=on):
        if line["met"] == "yes" and any(
            fails_without(tables, line, person, on=on) for person in held(tables, line, on=on)
        ):
            found.add((line["service"], line["requirement"]))
    return found


def held(tables: Tables, line: Row, *, on: date) -> list[str]:
    """The people behind the number held of a line."""
    world = World(tables, on=on)
    (row,) = [each for each in world.rows("requirements") if each["requirement"] == line["requirement"]]
    return [
        person
        for person in in_scope(world, row, line["service"])
        if standing(world, person, row["competency"], level_of(row)) in COMPLIANT
    ]


def fails_without(tables: Tables, line: Row, person: str, *, on: date) -> bool:
    """Is the line unmet once the person has no posts? A count is still asked of a team of nobody."""
    posts = [post for post in tables["posts"] if post["staff"] != person]
    asked = [
        {**row, "service": line["service"]}
        for row in tables["requirements"]
        if row["requirement"] == line["requirement"]
    ]
    left = cover({**tables, "posts": posts, "requirements": asked}, on=on, service=line["service"])
    return [other["met"] for other in left] == ["no"]


def in_scope(world: World, requirement: Row, service: str) -> list[str]:
    """V1."""
    return [
        person
        for person in sorted(world.staff)
        if not world.long_absent(person)
        and any(
            post["basis"] not in NOT_COVER and applies(requirement, post)
            for post in world.posts_in_force(person, service=service)
        )
    ]


def cover_line(world: World, row: Row, service: str, people: list[str]) -> Row:
    competency, level = row["competency"], level_of(row)
    held = [  # V3
        person for person in people if standing(world, person, competency, level) in COMPLIANT
    ]
    required = required_people(world, row, people)
    shortfall = max(required - len(held), 0)  # V4

    def ending(days: int) -> str:  # V5
        return str(sum(ends_within(world, who, competency, level, days) for who in held))

    return {
        "service": service,
        "requirement": row["requirement"],
        "competency": competency,
        "level": str(level),
        "cover": row["cover"],
        "strength": row["strength"],
        "in_scope": str(len(people)),
        "required": str(required),
        "held": str(len(held)),
        "expiring_30": ending(30),
        "expiring_60": ending(60),
        "expiring_90": ending(90),
        "shortfall": str(shortfall),
        "met": "yes" if shortfall == 0 else "no",
    }


def required_people(world: World, row: Row, people: list[str]) -> int:
    """V2."""
    if row["cover"] == "each":
        return len([person for person in people if not world.exempt(person, row["competency"])])
    if row["cover"] == "percent":
        return ceil(Fraction(row["amount"]) * len(people) / 100)
    return int(row["amount"])


def compliance(tables: Tables, *, on: date, by: str | None = None) -> list[Row]:
    """M1 and M2, in one row or in one row per competency, service or organisation (section 7)."""
    world = World(tables, on=on)
    everyone = everybody(world)
    if by is None:
        return [figures(world, "all", everyone)]
    if by == "competency":
        return [figures(world, code, only(everyone, code)) for code in sorted(world.competencies)]
    if by == "service":
        return [
            figures(world, code, everybody(world, service=code), service=code)
            for code in sorted(world.services)
        ]
    if by == "organisation":
        return [
            figures(world, code, employed_by(world, everyone, code))
            for code in sorted(row["organisation"] for row in world.rows("organisations"))
        ]
    raise ValueError(by)


def everybody(world: World, *, service: str | None = None) -> list[Instance]:
    return [each for who in world.staff for each in world.instances(who, service=service)]


def only(instances: Iterable[Instance], competency: str) -> list[Instance]:
    return [each for each in instances if each.competency == competency]


def employed_by(world: World, instances: Iterable[Instance], code: str) -> list[Instance]:
    return [each for each in instances if world.staff[each.staff]["employer"] == code]


def figures(world: World, key: str, instances: Sequence[Instance], *, service: str | None = None) -> Row:
    """M1 and M2 over some instances; `service`: as if the posts there were the only ones."""

    def counted(staff: str, outside: tuple[str, ...]) -> bool:
        posts = world.posts_in_force(staff, service=service)
        return any(post["basis"] not in outside for post in posts)

    judged = [(each, instance_standing(world, each)) for each in instances]
    headline = [
        (each.staff, found in COMPLIANT)
        for each, found in judged
        if found not in ("exempt", "in_induction") and counted(each.staff, OUTSIDE_HEADLINE)
    ]
    all_in = [
        found in COMPLIANT
        for each, found in judged
        if found != "exempt" and counted(each.staff, OUTSIDE_ALL_IN)
    ]
    people = {staff for staff, _ in headline}
    lacking = {staff for staff, compliant in headline if not compliant}
    met = sum(compliant for _, compliant in headline)
    return {
        "key": key,
        "headline_compliant": str(met),
        "headline_total": str(len(headline)),
        "headline_percent": percent(met, len(headline)),
        "all_in_compliant": str(sum(all_in)),
        "all_in_total": str(len(all_in)),
        "all_in_percent": percent(sum(all_in), len(all_in)),
        "people_compliant": str(len(people - lacking)),
        "people_total": str(len(people)),
    }


def percent(part: int, whole: int) -> str:
    """Rounded down to one decimal."""
    if whole == 0:
        return "not required"
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}"
