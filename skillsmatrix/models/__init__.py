"""Tables and their constraints. Importing this package registers every table on `Base.metadata`."""

from skillsmatrix.models.accounts import Account, AccountGrant, AccountSession, SignInAttempt
from skillsmatrix.models.audit import AuditEntry, EarlierVersion, IdempotencyKey, Ledger
from skillsmatrix.models.base import Base
from skillsmatrix.models.competencies import Competency, Course, CourseGrant
from skillsmatrix.models.evidence import Exemption, Learning, SignOff, Suspension
from skillsmatrix.models.organisations import Organisation, Service
from skillsmatrix.models.requirements import Requirement
from skillsmatrix.models.staff import Absence, Post, Registration, Role, Staff
from skillsmatrix.models.supervision import SupervisionAgreement, SupervisionSession

__all__ = [
    "Absence",
    "Account",
    "AccountGrant",
    "AccountSession",
    "AuditEntry",
    "Base",
    "Competency",
    "Course",
    "CourseGrant",
    "EarlierVersion",
    "Exemption",
    "IdempotencyKey",
    "Learning",
    "Ledger",
    "Organisation",
    "Post",
    "Registration",
    "Requirement",
    "Role",
    "Service",
    "SignInAttempt",
    "SignOff",
    "Staff",
    "SupervisionAgreement",
    "SupervisionSession",
    "Suspension",
]
