"""My record: what somebody must not do now, what runs out, what is in order, and why."""

from skillsmatrix.web.me.routes import bp

__all__ = ["bp"]
