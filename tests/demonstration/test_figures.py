"""What the demonstration shows when it is loaded: the same picture on any day."""

from datetime import date, timedelta

import pytest

from skillsmatrix.demonstration.needs import FOUNDERS
from skillsmatrix.demonstration.package import Package
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.standing import Standing, standing
from skillsmatrix.domain.workforce import Workforce

UNMET_HARD_STOPS = {
    "BRIDGE-EMP-SIGN-information-options-worker": (2, 1),
    "CMHT-PSY-CBT-cbt-therapist": (3, 2),
    "LANTERN-MH-LIG-count": (10, 9),
    "LARCH-CS-MED-support-worker": (21, 19),
    "MILLRACE-MH-SAFE": (8, 7),
    "STRIDE-EMP-IPSL-named": (2, 1),
}


def lines_of(workforce: Workforce, day: date, service: str) -> dict[str, CoverLine]:
    return {line.requirement.code: line for line in workforce.cover(on=day, service=service)}


def test_six_hard_stops_are_unmet_for_six_reasons(workforce: Workforce, day: date) -> None:
    unmet = {
        line.requirement.code: (line.required, line.held)
        for line in workforce.cover(on=day)
        if line.requirement.hard_stop and not line.met
    }

    assert unmet == UNMET_HARD_STOPS


@pytest.mark.parametrize(
    ("person", "competency", "expected"),
    [
        ("TK3001", "EMP-SIGN@BRIDGE", Standing.IN_INDUCTION),
        ("OV2004", "PSY-CBT", Standing.SUSPENDED),
        ("BH1012", "CS-MED", Standing.WITHDRAWN),
        ("BH1013", "CS-MED", Standing.SUSPENDED),
        ("BH1027", "MH-SAFE", Standing.SUPERSEDED),
        ("OV2003", "REG-NMC", Standing.EXPIRING),
    ],
)
def test_each_story_ends_in_its_standing(
    workforce: Workforce, day: date, person: str, competency: str, expected: Standing
) -> None:
    rows = {row.instance.competency: row.verdict for row in workforce.standings(on=day, person=person)}

    assert rows[competency].standing is expected


@pytest.mark.parametrize(
    ("person", "competency", "level", "expected"),
    [
        ("BH1020", "MH-LIG", 3, Standing.EXPIRED),
        ("BH1024", "EMP-IPSL", 4, Standing.AWAITING_SIGN_OFF),
        ("BH1014", "PSY-LT", 3, Standing.SUSPENDED),
        ("BH1016", "PSY-LT", 3, Standing.VALID),
        ("OV2001", "PSY-EMDRT", 5, Standing.VALID),
    ],
)
def test_stories_about_what_the_team_needs(
    workforce: Workforce, day: date, person: str, competency: str, level: int, expected: Standing
) -> None:
    assert standing(workforce.holding(person, competency), level=level, on=day).standing is expected


def test_the_group_of_seven_leaves_the_therapist_twelve_days(workforce: Workforce, day: date) -> None:
    facts = workforce.holding("OV2001", "PSY-EMDRT")

    verdicts = [standing(facts, level=5, on=day + timedelta(days=days)).standing for days in (12, 13)]

    assert verdicts == [Standing.VALID, Standing.SUSPENDED]


def test_when_the_therapist_has_left_the_house_may_not_give_emdr(workforce: Workforce, day: date) -> None:
    on_last_day = lines_of(workforce, day + timedelta(days=45), "WILLOW")["WILLOW-PSY-EMDRT-named"]
    day_after = lines_of(workforce, day + timedelta(days=46), "WILLOW")["WILLOW-PSY-EMDRT-named"]

    assert (on_last_day.in_scope, day_after.in_scope) == (day_after.in_scope + 1, day_after.in_scope)
    assert not day_after.met


def test_most_of_the_organisation_is_compliant_and_one_house_nearly_all(
    workforce: Workforce, day: date
) -> None:
    headline = workforce.compliance(on=day).headline
    copper = workforce.compliance_by_service(on=day)["COPPER"].headline

    assert 0.85 <= headline.compliant / headline.total <= 0.92
    assert copper.compliant / copper.total >= 0.97


def test_the_house_in_good_shape_meets_every_hard_stop(workforce: Workforce, day: date) -> None:
    assert all(line.met for line in lines_of(workforce, day, "COPPER").values() if line.requirement.hard_stop)


def test_every_kind_of_standing_can_be_seen(workforce: Workforce, day: date) -> None:
    seen = {row.verdict.standing for row in workforce.standings(on=day)}

    assert seen == set(Standing)


def test_a_few_dozen_things_run_out_in_each_month_to_come(workforce: Workforce, day: date) -> None:
    ends = [
        row.verdict.valid_to
        for row in workforce.standings(on=day)
        if row.verdict.standing.compliant and row.verdict.valid_to is not None
    ]

    counts = [sum(end <= day + timedelta(days=days) for end in ends) for days in (30, 60, 90)]

    assert 12 <= counts[0] <= 60
    assert counts[0] < counts[1] < counts[2] <= 300


@pytest.mark.parametrize("years", [1, 2, 3])
def test_the_years_before_look_like_years_of_the_same_organisation(
    workforce: Workforce, day: date, years: int
) -> None:
    headline = workforce.compliance(on=day - timedelta(days=365 * years)).headline

    assert headline.total > 2000
    assert 0.85 <= headline.compliant / headline.total <= 0.96


def test_whoever_signed_off_held_it_that_day_but_for_the_very_first(
    workforce: Workforce, package: Package, day: date
) -> None:
    first_day = (day - timedelta(days=1800)).isoformat()
    unsupported = []
    for row in package["sign_offs"]:
        if row["outcome"] == "competent":
            facts = workforce.holding(row["assessor"], row["competency"])
            on = date.fromisoformat(row["assessed_on"])
            if not standing(facts, level=int(row["level"]), on=on).standing.compliant:
                unsupported.append(row)

    assert {(row["staff"], row["assessor"]) for row in unsupported} == {(FOUNDERS[1], FOUNDERS[0])}
    assert {row["assessed_on"] for row in unsupported} == {first_day}
