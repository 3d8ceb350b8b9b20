"""Looking after accounts: who has one and in what state, ways in, and roles by two administrators."""

from skillsmatrix.web.accounts import making, roles, routes
from skillsmatrix.web.accounts.blueprint import bp

__all__ = ["bp", "making", "roles", "routes"]
