"""Role cards: what a person or a role may do alone, under supervision, and not, as a page and on paper."""

from skillsmatrix.web.role_cards.routes import bp

__all__ = ["bp"]
