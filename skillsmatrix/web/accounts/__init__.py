"""Looking after accounts: who has one and in what state, ways in, and roles by two administrators."""

from skillsmatrix.web.accounts import mails, making, roles, routes
from skillsmatrix.web.accounts.blueprint import bp

__all__ = ["bp", "mails", "making", "roles", "routes"]
