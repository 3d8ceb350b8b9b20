"""Services: what each one lacks, its people against what they must hold, and why a cell says what it says."""

from skillsmatrix.web.services import organisation, routes
from skillsmatrix.web.services.blueprint import bp

__all__ = ["bp", "organisation", "routes"]
