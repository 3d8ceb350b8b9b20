"""Training: course dates, seats and waiting lists, the register, and the courses themselves."""

# The views hang themselves on the blueprint when they are read.
import skillsmatrix.web.training.bookings
import skillsmatrix.web.training.planning
import skillsmatrix.web.training.routes  # noqa: F401
from skillsmatrix.web.training.blueprint import bp

__all__ = ["bp"]
