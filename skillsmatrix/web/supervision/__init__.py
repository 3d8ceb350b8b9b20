"""Supervision: who is due, recording one or a group, agreements, and what was agreed to be done."""

# The views hang themselves on the blueprint when they are read.
import skillsmatrix.web.supervision.keeping
import skillsmatrix.web.supervision.routes  # noqa: F401
from skillsmatrix.web.supervision.blueprint import bp

__all__ = ["bp"]
