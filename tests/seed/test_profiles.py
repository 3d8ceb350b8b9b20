"""The profiles of the eight kinds of service: every hard stop is there, and shifts are not made weaker."""

import pytest

from skillsmatrix.demonstration.profiles import local_competencies, profile_rows
from skillsmatrix.demonstration.seedfiles import Row, read_rows
from skillsmatrix.foundation.paths import SEED

PROFILES = {path.stem: read_rows(path) for path in sorted((SEED / "profiles").glob("*.csv"))}
COMPETENCIES = {row["competency"]: row for row in read_rows(SEED / "catalogue" / "competencies.csv")}
ROLES = {row["role"] for row in read_rows(SEED / "catalogue" / "roles.csv")}
HARD_STOPS = {
    "supported-housing": {"MH-SAFE", "CS-MED", "LEAD-MEDA", "CS-FMAR", "CS-EFAW", "LEAD-CSUP", "LEAD-DELEG"},
    "acute-discharge-bridge": {
        "CS-INDL",
        "EMP-SIGN",
        "EMP-ACC",
        "MH-SAFE",
        "PSY-GROUP",
        "PHY-PA2",
        "EMP-BEN",
    },
    "crisis-house": {"MH-SAFE", "MH-SHSP", "MH-DEESC", "MH-LIG", "REG-NMC", "CS-MED"},
    "crisis-house-restrictive-intervention": {"MH-RRN"},
    "ips-employment": {"EMP-IPS", "MH-SAFE", "EMP-IPSL"},
    "recovery-college": {"PSY-PTRAIN", "PSY-GROUP", "LEAD-PEERS", "PSY-PEER"},
    "community-team": {"EMP-HOUS", "CS-INDL", "REG-NMC", "REG-SWE", "REG-AMHP", "PSY-CBT", "PSY-PWP"},
    "emdr-accommodation": {"PSY-EMDRT", "REG-HCPC", "MH-TI4", "MH-SAFE", "LEAD-CSUP", "PSY-EMDRC"},
    "day-service-in-transition": {"MH-SAFE", "CS-FMAR", "CS-EFAW"},
    "core-client-facing": {"CS-BLS", "CS-SGA2", "MH-BOUND"},
    "core-lone-working": {"CS-LONE"},
    "core-office": set(),
    "community-team-open-dialogue": set(),
}
ROUND_THE_CLOCK = 5  # people who keep one place filled: 168 hours in a week, 37.5 each, rounded up


def row_for(profile: str, competency: str, cover: str) -> Row:
    found = [row for row in PROFILES[profile] if (row["competency"], row["cover"]) == (competency, cover)]
    assert len(found) == 1
    return found[0]


def test_there_is_a_profile_for_each_kind_of_service() -> None:
    assert set(PROFILES) == set(HARD_STOPS)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_hard_stops_of_a_profile_are_these_and_no_others(profile: str) -> None:
    hard = {
        row["competency"].partition("@")[0] for row in PROFILES[profile] if row["strength"] == "hard_stop"
    }

    assert hard == HARD_STOPS[profile]


@pytest.mark.parametrize(
    ("profile", "competency", "at_once"),
    [
        ("supported-housing", "CS-MED", 1),
        ("supported-housing", "CS-FMAR", 1),
        ("supported-housing", "CS-EFAW", 1),
        ("crisis-house", "MH-LIG", 2),
        ("crisis-house", "MH-OBS", 2),
        ("crisis-house", "CS-MED", 1),
        ("crisis-house", "REG-NMC", 1),
        ("crisis-house-restrictive-intervention", "MH-RRN", 3),
    ],
)
def test_so_many_on_every_shift_becomes_enough_people_to_fill_the_rota(
    profile: str, competency: str, at_once: int
) -> None:
    assert int(row_for(profile, competency, "count")["amount"]) >= at_once * ROUND_THE_CLOCK


@pytest.mark.parametrize("profile", PROFILES)
def test_a_named_lead_comes_with_a_deputy(profile: str) -> None:
    assert {row["amount"] for row in PROFILES[profile] if row["cover"] == "named"} <= {"2"}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_fits_the_catalogue_and_leaves_no_gap(profile: str) -> None:
    rows = profile_rows(
        PROFILES[profile], service="NEW", host="HOST", opens_on="2026-01-01", closes_on="2027-01-01"
    )

    assert not any("{" in text for row in rows for text in row.values())
    assert len({row["requirement"] for row in rows}) == len(rows)
    assert {row["competency"].partition("@")[0] for row in rows} <= set(COMPETENCIES)
    assert {row["role"] for row in rows if row["role"]} <= ROLES
    assert all((row["cover"] == "each") == (row["amount"] == "") for row in rows)


def test_a_service_without_a_host_is_not_asked_for_the_hosts_induction() -> None:
    rows = profile_rows(PROFILES["ips-employment"], service="NEW", opens_on="2026-01-01")

    assert not any(row["competency"].startswith("CS-INDL") for row in rows)
    assert len(rows) == len(PROFILES["ips-employment"]) - 1


def test_a_place_has_its_own_induction_with_the_rules_of_the_catalogue() -> None:
    rows = profile_rows(PROFILES["core-client-facing"], service="NEW", opens_on="2026-01-01")

    local = local_competencies(rows, COMPETENCIES)

    assert [row["competency"] for row in local] == ["CS-INDL@NEW"]
    assert local[0]["title"] == "Local induction for one service: NEW"
    assert local[0]["needs_sign_off"] == "yes"


def test_the_rows_of_a_closing_day_service_end_with_it() -> None:
    rows = profile_rows(
        PROFILES["day-service-in-transition"], service="OLD", opens_on="2020-01-01", closes_on="2027-01-31"
    )

    assert {row["in_force_to"] for row in rows} == {"2027-01-31"}
