"""The first page."""

from skillsmatrix.web.home.routes import bp

__all__ = ["bp"]
