"""What each person is asked for: by the requirements of their posts, and by being one of those chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from skillsmatrix.demonstration.people import UNPAID, Person, Post
from skillsmatrix.demonstration.seedfiles import Row
from skillsmatrix.demonstration.setting import FIRST_SIGN_OFFS, Setting, whole

FOUNDERS = ("BH1001", "BH1002")
FOUNDERS_LEVEL = 5
UNLUCKY = {"never", "expired", "not_yet", "superseded", "withdrawn", "suspended"}


@dataclass(frozen=True, slots=True)
class Need:
    """One competency that one person works towards from a day on.

    `certain`: kept up without a gap, because a hard stop or other people's sign-offs hang on it.
    `until`: last day of the post that asked, or of the history. `window`: days of induction.
    """

    staff: str
    competency: str
    level: int
    certain: bool
    starts_on: date
    until: date
    window: int = 0
    service: str = ""


Needs = dict[tuple[str, str], Need]


def build_needs(setting: Setting, people: Iterable[Person], requirements: list[Row]) -> Needs:
    """Needs by (staff, competency); the strictest wins where several posts or rows ask."""
    people = list(people)
    needs: Needs = {}
    for person in people:
        for post in person.posts:
            for row in requirements:
                if row["cover"] == "each" and _applies(row, post):
                    _add(needs, _need(setting, person, post, row, certain=row["strength"] == "hard_stop"))
    for row in requirements:
        if row["cover"] != "each":
            for person, post in _chosen(setting, people, row):
                _add(needs, _need(setting, person, post, row, certain=_kept_up(setting, person, row)))
    _add_assessors(setting, {person.code: person for person in people}, needs)
    return needs


def _applies(row: Row, post: Post) -> bool:
    return row["service"] in ("", post.service) and row["role"] in ("", post.role)


def _need(setting: Setting, person: Person, post: Post, row: Row, *, certain: bool) -> Need:
    until = min(person.last_day(setting.on), post.ends_on or setting.on)
    return Need(
        person.code,
        row["competency"],
        whole(row["level"], 1),
        certain,
        post.starts_on,
        until,
        whole(row["induction_days"]),
        post.service,
    )


def _add(needs: Needs, need: Need) -> None:
    known = needs.get((need.staff, need.competency))
    if known is not None:
        need = Need(
            need.staff,
            need.competency,
            max(need.level, known.level),
            need.certain or known.certain,
            min(need.starts_on, known.starts_on),
            max(need.until, known.until),
            max(need.window, known.window),
            need.service if need.until > known.until else known.service,
        )
    needs[need.staff, need.competency] = need


def _kept_up(setting: Setting, person: Person, row: Row) -> bool:
    """Chosen for a hard stop: always. For a target: most of the time."""
    return (
        row["strength"] == "hard_stop"
        or setting.draw("kept up", person.code, row["competency"]).random() < 0.8
    )


def _chosen(setting: Setting, people: list[Person], row: Row) -> list[tuple[Person, Post]]:
    """Who holds what a row asks of some of the team: enough for a hard stop, not always for a target.

    People with a story about the competency come first; then nobody is held in reserve for them.
    """
    able = _able_roles(setting, row["competency"])
    team = [
        (person, post)
        for person in people
        for post in person.posts_on(setting.on)
        if _applies(row, post) and post.basis not in UNPAID and not person.away
    ]
    able_team = [(person, post) for person, post in team if not able or post.role in able]
    stories = {story["staff"] for story in setting.plan["stories"] if _tells_of(story, row)}
    draw = setting.draw("chosen", row["service"], row["competency"])
    draw.shuffle(able_team)
    assessors = {
        each["staff"] for each in setting.plan["assessors"] if each["competency"] == row["competency"]
    }
    able_team.sort(key=lambda pair: (pair[0].code not in stories, pair[0].code not in assessors))
    return able_team[: _how_many(setting, row, len(team), spare=not stories)]


def _tells_of(story: Row, row: Row) -> bool:
    return story["competency"] == row["competency"] and story["event"] in UNLUCKY


def _how_many(setting: Setting, row: Row, team: int, *, spare: bool) -> int:
    amount = whole(row["amount"])
    wanted = -(-team * amount // 100) if row["cover"] == "percent" else amount
    draw = setting.draw("how many", row["requirement"])
    if row["strength"] == "hard_stop":
        return wanted if row["cover"] == "named" or not spare else wanted + draw.choice((0, 1, 1, 2))
    if gap_share(setting, row["service"]) < 0.05 or draw.random() < 0.7:
        return wanted + draw.choice((0, 0, 1))
    return max(0, wanted - draw.choice((1, 1, 2)))


def _able_roles(setting: Setting, competency: str) -> set[str]:
    for row in setting.plan["eligible"]:
        if row["competency"] == competency:
            return set(row["roles"].split())
    return set()


def gap_share(setting: Setting, service: str) -> float:
    """The share of ordinary needs that the people of a service are behind with."""
    row = setting.services.get(service)
    return int(row["gap_percent"]) / 100 if row else 0.0


def _add_assessors(setting: Setting, people: Mapping[str, Person], needs: Needs) -> None:
    """Those who assess hold what they assess without a gap; the two first assessors hold everything."""
    for row in setting.plan["assessors"]:
        person = people[row["staff"]]
        _add(
            needs,
            Need(
                person.code,
                row["competency"],
                int(row["level"]),
                True,
                max(person.employed_from, setting.on - FIRST_SIGN_OFFS),
                person.last_day(setting.on),
                0,
                person.posts[-1].service,
            ),
        )
    for story in setting.plan["stories"]:
        person = people[story["staff"]]
        if (person.code, story["competency"]) not in needs:
            post = person.posts_on(setting.on)[0]
            level = _level_of_team(needs, story["competency"])
            _add(
                needs,
                Need(
                    person.code,
                    story["competency"],
                    level,
                    True,
                    post.starts_on,
                    person.last_day(setting.on),
                    0,
                    post.service,
                ),
            )


def _level_of_team(needs: Needs, competency: str) -> int:
    levels = [
        need.level for need in needs.values() if need.competency == competency and need.staff not in FOUNDERS
    ]
    return min(levels, default=3)


def assessed_by_founders(competencies: Iterable[Row]) -> list[str]:
    """Competencies that need a sign-off and no registration: what the two first assessors hold."""
    return sorted(
        row["competency"]
        for row in competencies
        if row["needs_sign_off"] == "yes" and not row["registration_body"]
    )
