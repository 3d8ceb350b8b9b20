"""Signing in and out, one's own password, where one is signed in, and ways in when there is no password."""

from skillsmatrix.web.access import routes, ways_in
from skillsmatrix.web.access.routes import bp

__all__ = ["bp", "routes", "ways_in"]
