"""What happened to particular people: the hard stops, suspensions and exemptions that the pages tell of."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from skillsmatrix.demonstration.evidence import History
from skillsmatrix.demonstration.people import Person
from skillsmatrix.demonstration.seedfiles import Row
from skillsmatrix.demonstration.setting import Setting, months_before, whole, working_day
from skillsmatrix.domain.calendar import add_months

OLD, NEW = "MH-RISK", "MH-SAFE"
CHANGED_DAYS_AGO = 230  # the day from which the old risk course no longer stands in for safety planning
APPROVED_BY = "BH1001"


def tell(
    setting: Setting, histories: dict[tuple[str, str], History], competencies: Mapping[str, Row]
) -> None:
    """Change the histories of the cast as their stories say, and give older staff the old risk course."""
    for story in setting.plan["stories"]:
        history = histories.get((story["staff"], story["competency"]))
        if history is not None:
            _tell(setting, story, history, competencies[story["competency"]])
    for (staff, competency), history in sorted(histories.items()):
        if competency == NEW:
            _old_course(setting, staff, history, histories)


def _tell(setting: Setting, story: Row, history: History, competency: Row) -> None:
    match story["event"]:
        case "never" | "superseded":
            history.learnt_on, history.assessments = [], []
        case "expired":
            ended = months_before(setting.ago(story["days_ago"]), whole(competency["learning_months"]))
            history.learnt_on = [day for day in history.learnt_on if day < ended] + [ended]
        case "not_yet":
            history.assessments = []
            history.assess(setting.ago(story["days_ago"]), competent=False)
        case "withdrawn_and_given_again":
            _give_again(setting, story, history)


def _give_again(setting: Setting, story: Row, history: History) -> None:
    """A sign-off some time before the withdrawal, and a new one some weeks after it."""
    withdrawn_on = setting.ago(story["days_ago"])
    before, after = withdrawn_on - timedelta(days=90), withdrawn_on + timedelta(days=45)
    history.learnt_on = sorted({*history.learnt_on, working_day(before - timedelta(days=10))})
    history.assessments = []
    history.assess(working_day(before))
    history.assess(working_day(after))


def _old_course(
    setting: Setting, staff: str, history: History, histories: dict[tuple[str, str], History]
) -> None:
    """Two in five who were here before the change hold the old course, so some hold nothing newer."""
    changed_on = setting.ago(CHANGED_DAYS_AGO)
    draw = setting.draw("old course", staff)
    told = {row["staff"]: row for row in setting.plan["stories"] if row["event"] == "superseded"}
    old = History(replace(history.need, competency=OLD))
    if staff in told:
        old.learnt_on = [working_day(setting.ago(told[staff]["days_ago"]))]
    elif history.need.starts_on < changed_on - timedelta(days=200) and (
        not history.learnt_on or draw.random() < 0.4
    ):
        earliest = max(history.need.starts_on, changed_on - timedelta(days=800))
        span = (min(changed_on, history.need.until) - earliest).days - 60
        if span > 0:
            old.learnt_on = [working_day(earliest + timedelta(days=30 + draw.randint(0, span)))]
    if old.learnt_on:
        histories[staff, OLD] = old


def apply_withdrawals(setting: Setting, sign_offs: list[Row]) -> None:
    """Write withdrawals onto the latest sign-off given before each."""
    for story in setting.plan["stories"]:
        if not story["event"].startswith("withdrawn"):
            continue
        withdrawn_on = setting.ago(story["days_ago"])
        own = [
            row
            for row in sign_offs
            if (row["staff"], row["competency"]) == (story["staff"], story["competency"])
            and row["outcome"] == "competent"
            and row["assessed_on"] < withdrawn_on.isoformat()
        ]
        for row in own:
            row["withdrawn_on"] = withdrawn_on.isoformat()
            row["withdrawn_reason"] = story["detail"]


def suspension_rows(setting: Setting, people: Iterable[Person]) -> list[Row]:
    """The suspension of the story, and two of the past that ended well."""
    rows = [
        _suspension(
            story["staff"], story["competency"], setting, int(story["days_ago"]), None, story["detail"]
        )
        for story in setting.plan["stories"]
        if story["event"] == "suspended"
    ]
    able = [person.code for person in people if any(post.role == "support-worker" for post in person.posts)]
    cast = {row["staff"] for row in setting.plan["cast"]}
    ordinary = [code for code in able if code not in cast and code.startswith("BH")]
    for code, days in zip(ordinary[3:18:7], (410, 180, 260), strict=False):
        rows.append(
            _suspension(code, "CS-MED", setting, days, days - 16, "Missed signature; reviewed and restored")
        )
    return sorted(rows, key=lambda row: (row["staff"], row["competency"], row["starts_on"]))


def _suspension(
    staff: str, competency: str, setting: Setting, days_ago: int, ended_days_ago: int | None, reason: str
) -> Row:
    return {
        "staff": staff,
        "competency": competency,
        "starts_on": setting.ago(days_ago).isoformat(),
        "ends_on": "" if ended_days_ago is None else setting.ago(ended_days_ago).isoformat(),
        "reason": reason,
    }


def exemption_rows(
    setting: Setting, people: Iterable[Person], histories: dict[tuple[str, str], History]
) -> list[Row]:
    """Exemptions by plan, for people who lack what they are exempt from: their histories are emptied."""
    cast = {row["staff"] for row in setting.plan["cast"]}
    people = [person for person in people if person.code not in cast]
    rows: list[Row] = []
    for plan in setting.plan["exemptions"]:
        starts_on = setting.ago(plan["days_ago"])
        ends_on = setting.ahead(plan["ends_in_days"]) if plan["ends_in_days"] else add_months(starts_on, 12)
        team = [
            person.code
            for person in people
            for post in person.posts_on(setting.on)
            if (post.service, post.role, post.basis) == (plan["service"], plan["role"], "permanent")
            and post.starts_on < starts_on
            and not person.away
            and (person.code, plan["competency"]) in histories
            and not any(row["staff"] == person.code for row in rows)
        ]
        setting.draw("exempt", plan["service"], plan["competency"], plan["reason_kind"]).shuffle(team)
        for code in team[: int(plan["people"])]:
            history = histories[code, plan["competency"]]
            history.learnt_on, history.assessments = [], []
            rows.append(
                {
                    "staff": code,
                    "competency": plan["competency"],
                    "starts_on": starts_on.isoformat(),
                    "ends_on": ends_on.isoformat(),
                    "approved_by": APPROVED_BY,
                    "reason_kind": plan["reason_kind"],
                }
            )
    return sorted(rows, key=lambda row: (row["staff"], row["competency"], row["starts_on"]))
