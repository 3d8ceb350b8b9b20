"""Tables and their constraints. Importing this package registers every table on `Base.metadata`."""

from skillsmatrix.models.accounts import (
    Account,
    AccountGrant,
    AccountLink,
    AccountSession,
    RoleRequest,
    SignInAttempt,
)
from skillsmatrix.models.assessment import (
    Assessment,
    AssessmentCriterion,
    AssessmentRequest,
    AssessmentRule,
    SignOffReview,
)
from skillsmatrix.models.audit import AuditEntry, EarlierVersion, IdempotencyKey, Ledger
from skillsmatrix.models.base import Base
from skillsmatrix.models.certificates import (
    Certificate,
    CertificateCheck,
    CertificateRun,
    CertificateRunItem,
    Checkpoint,
    LogLeaf,
)
from skillsmatrix.models.competencies import Competency, Course, CourseGrant
from skillsmatrix.models.conclusions import KeptCatalogue, KeptConclusions
from skillsmatrix.models.evidence import Exemption, Learning, SignOff, Suspension
from skillsmatrix.models.jobs import Job
from skillsmatrix.models.messages import CalendarFeed, Mail, MailPreference
from skillsmatrix.models.organisations import Organisation, Service
from skillsmatrix.models.passports import Passport
from skillsmatrix.models.requirements import Requirement
from skillsmatrix.models.rules import RuleChange
from skillsmatrix.models.scenarios import Scenario
from skillsmatrix.models.staff import Absence, Post, Registration, Role, Staff
from skillsmatrix.models.supervision import SupervisionAction, SupervisionAgreement, SupervisionSession
from skillsmatrix.models.training import Booking, Claim, CourseDate, CoursePrerequisite, Equivalence, Upload

__all__ = [
    "Absence",
    "Account",
    "AccountGrant",
    "AccountLink",
    "AccountSession",
    "Assessment",
    "AssessmentCriterion",
    "AssessmentRequest",
    "AssessmentRule",
    "AuditEntry",
    "Base",
    "Booking",
    "CalendarFeed",
    "Certificate",
    "CertificateCheck",
    "CertificateRun",
    "CertificateRunItem",
    "Checkpoint",
    "Claim",
    "Competency",
    "Course",
    "CourseDate",
    "CourseGrant",
    "CoursePrerequisite",
    "EarlierVersion",
    "Equivalence",
    "Exemption",
    "IdempotencyKey",
    "Job",
    "KeptCatalogue",
    "KeptConclusions",
    "Learning",
    "Ledger",
    "LogLeaf",
    "Mail",
    "MailPreference",
    "Organisation",
    "Passport",
    "Post",
    "Registration",
    "Requirement",
    "Role",
    "RoleRequest",
    "RuleChange",
    "Scenario",
    "Service",
    "SignInAttempt",
    "SignOff",
    "SignOffReview",
    "Staff",
    "SupervisionAction",
    "SupervisionAgreement",
    "SupervisionSession",
    "Suspension",
    "Upload",
]
