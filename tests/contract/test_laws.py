"""What must hold of the product's answers whatever the package: laws, tried on drawn packages."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract import product
from tests.oracle.form import Row, Tables, row
from tests.oracle.packages import edge_days, random_package

SEEDS = st.integers(min_value=0, max_value=2**32)
PLACES = st.floats(min_value=0, max_value=1, exclude_max=True)
HAPPENED = {"learning": "completed_on", "sign_offs": "assessed_on", "supervision": "held_on"}
COMPLIANT = ("valid", "expiring")
tried = settings(max_examples=50, deadline=None, derandomize=True)


def at(days: list[date], place: float) -> date:
    """The day so far along a list of days."""
    return days[int(place * len(days))]


def without_later_facts(tables: Tables, on: date) -> Tables:
    """The package as it could have been written on that day; planned ends stay."""
    kept = dict(tables)
    for table, column in HAPPENED.items():
        kept[table] = [each for each in tables[table] if each[column] <= on.isoformat()]
    kept["sign_offs"] = [not_yet_withdrawn(each, on) for each in kept["sign_offs"]]
    return kept


def not_yet_withdrawn(sign_off: Row, on: date) -> Row:
    if sign_off["withdrawn_on"] <= on.isoformat():
        return sign_off
    return {**sign_off, "withdrawn_on": "", "withdrawn_reason": ""}


def by_keys(rows: list[Row], *keys: str) -> dict[tuple[str, ...], Row]:
    return {tuple(each[key] for key in keys): each for each in rows}


@tried
@given(SEEDS, PLACES)
def test_an_answer_about_a_day_never_depends_on_what_happened_later(seed: int, place: float) -> None:
    tables = random_package(seed)
    on = at(edge_days(tables), place)
    earlier = without_later_facts(tables, on)

    for command in ("standings", "cover", "compliance"):
        assert product.answers(tables, command, on=on) == product.answers(earlier, command, on=on)


@tried
@given(SEEDS, PLACES, st.integers(min_value=0, max_value=40), st.sampled_from(("clinical", "management")))
def test_more_supervision_never_makes_a_standing_worse(
    seed: int, place: float, days_before: int, kind: str
) -> None:
    tables = random_package(seed)
    on = at(edge_days(tables), place)
    held_on = on - timedelta(days=days_before)
    supervisee, supervisor = sorted(each["staff"] for each in tables["staff"])[:2]
    extra = row("supervision", supervisee=supervisee, supervisor=supervisor, kind=kind, held_on=held_on)
    more = {**tables, "supervision": [*tables["supervision"], extra]}

    before = by_keys(product.answers(tables, "standings", on=on), "staff", "competency")
    after = by_keys(product.answers(more, "standings", on=on), "staff", "competency")

    assert before.keys() == after.keys()
    for key, was in before.items():
        now = after[key]
        assert {**was, "standing": ""} == {**now, "standing": ""}
        assert was == now or (was["standing"] == "suspended" and now["standing"] in COMPLIANT)


@tried
@given(SEEDS, PLACES)
def test_cover_never_falls_when_a_person_is_added(seed: int, place: float) -> None:
    tables = random_package(seed)
    on = at(edge_days(tables), place)
    more = with_another(tables, like=tables["staff"][0]["staff"])

    before = by_keys(product.answers(tables, "cover", on=on), "service", "requirement")
    after = by_keys(product.answers(more, "cover", on=on), "service", "requirement")

    assert before.keys() <= after.keys()
    for key, was in before.items():
        assert int(was["held"]) <= int(after[key]["held"])
        assert int(was["in_scope"]) <= int(after[key]["in_scope"])
        if was["cover"] in ("count", "named"):
            assert int(was["shortfall"]) >= int(after[key]["shortfall"])


def with_another(tables: Tables, *, like: str) -> Tables:
    """The package with one more person, in whose name everything about `like` is recorded again."""
    more = {}
    for table, rows in tables.items():
        column = "supervisee" if table == "supervision" else "staff"
        own = [each for each in rows if each.get(column) == like]
        more[table] = [*rows, *({**each, column: "somebody new"} for each in own)]
    return more


@tried
@given(SEEDS, PLACES)
def test_standings_cover_and_compliance_tell_one_story(seed: int, place: float) -> None:
    """The headline over everything is the sum of the headlines by competency and by employer."""
    tables = random_package(seed)
    on = at(edge_days(tables), place)
    (whole,) = product.answers(tables, "compliance", on=on)

    for by in ("competency", "organisation"):
        parts = product.answers(tables, "compliance", on=on, by=by)
        for figure in ("headline_compliant", "headline_total", "all_in_compliant", "all_in_total"):
            assert sum(int(part[figure]) for part in parts) == int(whole[figure])
    found = product.answers(tables, "standings", on=on)
    assert int(whole["headline_total"]) <= int(whole["all_in_total"]) <= len(found)
