"""Assessment and sign-off: asked for, seen, signed, confirmed, doubted and withdrawn."""

# The views hang themselves on the blueprint when they are read.
import skillsmatrix.web.assessments.decisions
import skillsmatrix.web.assessments.routes
import skillsmatrix.web.assessments.rules
import skillsmatrix.web.assessments.sheets  # noqa: F401
from skillsmatrix.web.assessments.blueprint import bp

__all__ = ["bp"]
