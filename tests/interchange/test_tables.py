"""The tables of the data package, against the contract's own list."""

import pytest

from skillsmatrix.interchange.rules import ROW_RULES
from skillsmatrix.interchange.tables import BY_NAME, TABLES, Kind, Table

# From contract section 8, required ones marked *.
CONTRACT = """
organisations | organisation* name* kind
services | service* name* organisation* kind opens_on closes_on successor escalation_contact
roles | role* name* client_facing purpose boundary
staff | staff* given_name family_name* work_email employer* employed_from* employed_to
posts | staff* service* role* basis* wte starts_on* ends_on
absences | staff* kind* starts_on* ends_on
competencies | competency* title* framework group needs_learning* needs_sign_off* learning_level \
learning_months sign_off_months renewal early_window_days cumulative supervision_kind \
supervision_every_days supervision_lapse_days supervision_max_group registration_body superseded_on \
superseded_by boundary
courses | course* title* provider mode hours fee_pence capacity
course_grants | course* competency* level valid_months
learning | staff* competency* completed_on* level course provider reference valid_months recorded_at
sign_offs | staff* competency* level* assessed_on* outcome* assessor* withdrawn_on \
withdrawn_reason recorded_at
supervision | supervisee* supervisor* kind* held_on* minutes group_size recorded_at
registrations | staff* body* number registered_on* valid_to
suspensions | staff* competency* starts_on* ends_on reason
requirements | requirement* service role competency* level cover* amount strength* in_force_from* \
in_force_to induction_days reason
exemptions | staff* competency* starts_on* ends_on* approved_by* reason_kind
"""


def test_tables_and_columns_are_those_of_the_contract() -> None:
    ours = [
        f"{table.name} | " + " ".join(c.name + "*" * c.required for c in table.columns) for table in TABLES
    ]

    assert ours == CONTRACT.strip().splitlines()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_comes_after_those_it_refers_to(table: Table) -> None:
    names = list(BY_NAME)
    referred = {column.references for column in table.columns if column.references}

    assert all(names.index(name) <= names.index(table.name) for name in referred)
    assert all(BY_NAME[name].code is not None for name in referred)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_only_the_reference_of_learning_may_be_blank_in_a_key(table: Table) -> None:
    optional = {name for name in table.key if not table.column(name).required}

    assert optional == ({"reference"} if table.name == "learning" else set())


def test_defaults_are_those_of_the_contract() -> None:
    defaults = {
        (table.name, column.name): column.default
        for table in TABLES
        for column in table.columns
        if column.default is not None
    }

    assert defaults == {
        ("posts", "wte"): 1.0,
        ("competencies", "learning_level"): 1,
        ("competencies", "renewal"): "reset",
        ("competencies", "early_window_days"): 0,
        ("competencies", "cumulative"): True,
        ("requirements", "level"): 1,
    }


def test_rules_name_columns_that_exist() -> None:
    for name, rules in ROW_RULES.items():
        for rule in rules:
            assert set(rule.columns) <= set(BY_NAME[name].names)


def test_a_column_that_is_not_there_is_not_found() -> None:
    assert BY_NAME["staff"].column("employer").kind is Kind.CODE
    with pytest.raises(KeyError):
        BY_NAME["staff"].column("salary")
