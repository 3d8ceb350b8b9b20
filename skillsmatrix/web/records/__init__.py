"""Keeping what is recorded about people and services: each change shows what it does before it is kept."""

# The views hang themselves on the blueprint when they are read.
import skillsmatrix.web.records.absences
import skillsmatrix.web.records.exemptions
import skillsmatrix.web.records.posts
import skillsmatrix.web.records.registrations
import skillsmatrix.web.records.services
import skillsmatrix.web.records.staff
import skillsmatrix.web.records.suspensions  # noqa: F401
from skillsmatrix.web.records.blueprint import bp

__all__ = ["bp"]
