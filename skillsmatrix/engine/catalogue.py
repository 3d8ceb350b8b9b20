"""The rules an image is made under, and the numbers that its columns use for their codes."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.requirement import Requirements
from skillsmatrix.domain.timeline import Timelines
from skillsmatrix.engine.lines import Lines, lines
from skillsmatrix.engine.packing import Ids

Numbers = NDArray[np.int64]


class Catalogue:
    """Competencies, services and requirement rows, with their database ids.

    Services and competencies are numbered in the order of their codes, roles by their ids.
    """

    def __init__(self, competencies: Mapping[str, Competency], requirements: Requirements, ids: Ids) -> None:
        self.competencies = competencies
        self.requirements = requirements
        self.ids = ids
        self.competency_codes = tuple(sorted(competencies))
        self.service_codes = tuple(sorted(requirements.services))
        self.roles = max(ids.roles.values(), default=0) + 1
        self.timelines = Timelines(competencies, requirements)

    @cached_property
    def lines(self) -> Lines:
        """Every line of cover there can be."""
        return lines(self.requirements, self.service_codes, self.competency_codes, self.ids.roles, self.roles)

    @cached_property
    def competency_numbers(self) -> Numbers:
        """Number by database id; -1 where there is none."""
        return _by_id(self.ids.competencies, self.competency_codes)

    @cached_property
    def service_numbers(self) -> Numbers:
        """Number by database id; -1 where there is none."""
        return _by_id(self.ids.services, self.service_codes)

    @cached_property
    def row_numbers(self) -> Numbers:
        """Number of a requirement row by database id; -1 where there is none."""
        return _by_id(self.ids.requirements, tuple(row.code for row in self.requirements.rows))


def _by_id(ids: Mapping[str, int], codes: tuple[str, ...]) -> Numbers:
    table = np.full(max(ids.values(), default=0) + 1, -1, dtype=np.int64)
    table[[ids[code] for code in codes]] = np.arange(len(codes))
    return table
