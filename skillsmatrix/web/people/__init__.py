"""People: who works where, and everything recorded about one of them."""

from skillsmatrix.web.people.routes import bp

__all__ = ["bp"]
