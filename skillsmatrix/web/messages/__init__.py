"""What comes to people by itself: the digest of the week, whether it is mailed, the calendar feed."""

from skillsmatrix.web.messages.routes import bp, init_messages

__all__ = ["bp", "init_messages"]
