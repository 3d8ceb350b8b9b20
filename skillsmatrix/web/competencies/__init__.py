"""The catalogue: what each competency means, how it is kept, who asks for it, what teaches it."""

from skillsmatrix.web.competencies.routes import bp

__all__ = ["bp"]
