"""Claims: learning done elsewhere, its evidence, who decides, and the agreements with other providers."""

# The views hang themselves on the blueprint when they are read.
import skillsmatrix.web.claims.agreements
import skillsmatrix.web.claims.learning
import skillsmatrix.web.claims.routes  # noqa: F401
from skillsmatrix.web.claims.blueprint import bp

__all__ = ["bp"]
