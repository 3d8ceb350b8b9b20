"""Certificates inside the organisation: issue, look at, revoke; everybody reads their own."""

from skillsmatrix.web.certificates.routes import bp

__all__ = ["bp"]
