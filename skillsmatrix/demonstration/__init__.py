"""The invented organisation: a housing charity, its partners, and three years of their history.

Pure: what is fixed is read from the seed folder that is given, everything is dated relative to the day that
is given, and the same day and seed give the same rows.
"""

from skillsmatrix.demonstration.accounts import (
    DemonstrationAccount,
    demonstration_accounts,
    demonstration_supervisors,
)
from skillsmatrix.demonstration.package import demonstration_corrections, demonstration_package
from skillsmatrix.demonstration.regions import demonstration_regions
from skillsmatrix.demonstration.working_week import WorkingWeek, demonstration_week

__all__ = [
    "DemonstrationAccount",
    "WorkingWeek",
    "demonstration_accounts",
    "demonstration_corrections",
    "demonstration_package",
    "demonstration_regions",
    "demonstration_supervisors",
    "demonstration_week",
]
