"""What every way must answer: seven numbers for each requirement row, in the order of their ids."""

from dataclasses import astuple, dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Answer:
    """One number a row in each; the shortfall follows from two of them."""

    in_scope: NDArray[np.int64]
    required: NDArray[np.int64]
    held: NDArray[np.int64]
    expiring_30: NDArray[np.int64]
    expiring_60: NDArray[np.int64]
    expiring_90: NDArray[np.int64]
    shortfall: NDArray[np.int64]

    @classmethod
    def of(cls, in_scope: Any, required: Any, held: Any, e30: Any, e60: Any, e90: Any) -> Self:
        """The answer with its shortfall (V4)."""
        return cls(in_scope, required, held, e30, e60, e90, np.maximum(required - held, 0))

    def differences(self, other: "Answer") -> list[str]:
        """The columns in which two answers differ, and in how many rows."""
        return [
            f"{field.name}: {int((ours != theirs).sum())} rows"
            for field, ours, theirs in zip(fields(self), astuple(self), astuple(other), strict=True)
            if not np.array_equal(ours, theirs)
        ]
