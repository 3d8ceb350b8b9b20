"""Every worked example and edge case that the contract's rules decide, as data."""

from tests.contract import (
    cases_cover,
    cases_days,
    cases_evidence,
    cases_figures,
    cases_people,
    cases_suspension,
)
from tests.contract.house import Case

CASES: list[Case] = [
    *cases_days.CASES,
    *cases_evidence.CASES,
    *cases_suspension.CASES,
    *cases_people.CASES,
    *cases_figures.CASES,
    *cases_cover.CASES,
]
