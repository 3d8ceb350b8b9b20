"""What an export reads is what the contract's tables ask for."""

import pytest

from skillsmatrix.interchange.tables import TABLES, Table
from skillsmatrix.queries.packages import SHAPES


def test_every_table_of_the_contract_is_stored() -> None:
    assert set(SHAPES) == {table.name for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_and_references_are_stored_as_the_contract_names_them(table: Table) -> None:
    shape = SHAPES[table.name]

    assert set(shape.columns) == set(table.names)
    assert shape.refers == {c.name: c.references for c in table.columns if c.references}
