"""Rules: what is required, how long things last, what supervision they need; each change looked at first."""

from skillsmatrix.web.rules.routes import bp

__all__ = ["bp"]
