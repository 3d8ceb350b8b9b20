"""Certificates inside the organisation: issue, look at, revoke; everybody reads their own."""

from skillsmatrix.web.certificates import passports, revocations, routes, runs
from skillsmatrix.web.certificates.blueprint import bp

__all__ = ["bp", "passports", "revocations", "routes", "runs"]
