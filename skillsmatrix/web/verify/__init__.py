"""The public area: anybody checks a certificate, and reads what is published to check one without us."""

from skillsmatrix.web.verify import published, routes
from skillsmatrix.web.verify.blueprint import bp
from skillsmatrix.web.verify.limits import init_limits

__all__ = ["bp", "init_limits", "published", "routes"]
