"""What if: changes tried out on a bench, saved, shared and compared; the record stays as it is."""

# The views hang themselves on the blueprint when they are read.
import skillsmatrix.web.what_if.changes
import skillsmatrix.web.what_if.comparing
import skillsmatrix.web.what_if.near
import skillsmatrix.web.what_if.routes  # noqa: F401
from skillsmatrix.web.what_if.blueprint import bp

__all__ = ["bp"]
