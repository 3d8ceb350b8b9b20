"""The product's rules behind the questions the oracle is asked: tables in, the same rows of text out."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from skillsmatrix.domain import records
from skillsmatrix.domain.compliance import Compliance, Share
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.workforce import InstanceStanding, Workforce
from tests.oracle.form import Row, Tables

WHOLE = frozenset(
    (
        "learning_level", "learning_months", "sign_off_months", "early_window_days",
        "supervision_every_days", "supervision_lapse_days", "supervision_max_group", "fee_pence",
        "capacity", "level", "valid_months", "minutes", "group_size", "amount", "induction_days",
    )
)  # fmt: skip
YES_OR_NO = frozenset(("client_facing", "needs_learning", "needs_sign_off", "cumulative"))
DECIMAL = frozenset(("wte", "hours"))
NOBODY = Share(0, 0)
# Codes of a table that the answer by this word goes through, whoever they concern.
TABLE_OF = {"competency": "competencies", "service": "services", "organisation": "organisations"}
REASONS = {"decision": "S1", "registration": "S2", "supervision": "S3"}


def answers(tables: Tables, command: str, **question: Any) -> list[Row]:
    """The answer to one command of contract section 9, without `reason`."""
    return answers_of(workforce(tables), tables, command, **question)


def workforce(tables: Tables) -> Workforce:
    """The facts of a package, as the product reads them."""
    return records.workforce({table: [typed(row) for row in rows] for table, rows in tables.items()})


def answers_of(facts: Workforce, tables: Tables, command: str, **question: Any) -> list[Row]:
    """The same of facts already gathered; `tables` says which codes there are."""
    on = question.pop("on")
    if command == "standings":
        found = facts.standings(on=on, person=question.get("staff"), service=question.get("service"))
        return [standing_row(each) for each in found]
    if command == "cover":
        lines = [cover_row(each) for each in facts.cover(on=on, service=question.get("service"))]
        return sorted(lines, key=lambda line: (line["service"], line["requirement"]))
    by = question.get("by")
    if by is None:
        return [compliance_row("all", facts.compliance(on=on))]
    ask = {
        "competency": facts.compliance_by_competency,
        "service": facts.compliance_by_service,
        "organisation": facts.compliance_by_organisation,
    }[by]
    found_by = ask(on=on)
    nothing = Compliance(NOBODY, NOBODY, NOBODY)
    return [compliance_row(code, found_by.get(code, nothing)) for code in codes(tables[TABLE_OF[by]], by)]


def codes(rows: Iterable[Row], column: str) -> list[str]:
    return sorted(row[column] for row in rows)


def suspended_by(facts: Workforce, *, on: date) -> dict[tuple[str, str], list[str]]:
    """All the rules that suspend a competency that would otherwise satisfy, by person and competency."""
    return {
        (each.person, each.instance.competency): [REASONS[why.value] for why in each.verdict.suspended_by]
        for each in facts.standings(on=on)
        if each.verdict.suspended_by
    }


def typed(row: Row) -> dict[str, Any]:
    return {name: value(name, text) for name, text in row.items()}


def value(name: str, text: str) -> Any:
    """The value of a cell; None for a blank."""
    if not text:
        return None
    if name in WHOLE:
        return int(text)
    if name in YES_OR_NO:
        return text == "yes"
    if name in DECIMAL:
        return float(text)
    if name == "recorded_at":
        return datetime.fromisoformat(text).astimezone(UTC)
    if name.endswith(("_on", "_from", "_to")):
        return date.fromisoformat(text)
    return text


def standing_row(found: InstanceStanding) -> Row:
    verdict = found.verdict
    return text_row(
        staff=found.person,
        competency=found.instance.competency,
        level=found.instance.level,
        strength="hard_stop" if found.instance.hard_stop else "target",
        standing=verdict.standing.value,
        held_level=verdict.held_level,
        held_since=verdict.held_since,
        valid_to=verdict.valid_to,
    )


def cover_row(line: CoverLine) -> Row:
    row = line.requirement
    return text_row(
        service=line.service,
        requirement=row.code,
        competency=row.competency,
        level=row.level,
        cover=row.cover.value,
        strength="hard_stop" if row.hard_stop else "target",
        in_scope=line.in_scope,
        required=line.required,
        held=line.held,
        expiring_30=line.expiring_30,
        expiring_60=line.expiring_60,
        expiring_90=line.expiring_90,
        shortfall=line.shortfall,
        met="yes" if line.met else "no",
    )


def compliance_row(key: str, found: Compliance) -> Row:
    return text_row(
        key=key,
        headline_compliant=found.headline.compliant,
        headline_total=found.headline.total,
        headline_percent=found.headline.percent,
        all_in_compliant=found.all_in.compliant,
        all_in_total=found.all_in.total,
        all_in_percent=found.all_in.percent,
        people_compliant=found.people.compliant,
        people_total=found.people.total,
    )


def text_row(**values: object) -> Row:
    return {name: "" if each is None else str(each) for name, each in values.items()}


def differences(ours: list[Row], theirs: list[Row], keys: tuple[str, ...]) -> list[Mapping[str, Row | None]]:
    """The rows in which two answers differ, side by side."""
    mine, other = ({tuple(row[key] for key in keys): row for row in rows} for rows in (ours, theirs))
    return [
        {"oracle": mine.get(key), "product": other.get(key)}
        for key in sorted({*mine, *other})
        if mine.get(key) != other.get(key)
    ]
