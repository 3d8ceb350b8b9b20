"""Signing in and out, one's own password, and where one is signed in."""

from skillsmatrix.web.access.routes import bp

__all__ = ["bp"]
