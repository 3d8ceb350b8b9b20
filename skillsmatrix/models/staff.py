"""People at work: roles, staff, the posts they hold, absences, professional registrations."""

from datetime import date

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Day, Fact, Number, YesNo, code, one_of, order, refers_to

BASES = (
    "permanent",
    "fixed_term",
    "acting_up",
    "secondment",
    "bank",
    "agency",
    "volunteer",
    "student",
)


class Role(Fact):
    """What a post is for, and where its boundary lies."""

    __tablename__ = "roles"
    __table_args__ = (STRICT,)

    code: Mapped[str] = code()
    name: Mapped[str] = mapped_column(Text)
    client_facing: Mapped[bool | None] = mapped_column(YesNo)
    purpose: Mapped[str | None] = mapped_column(Text)
    boundary: Mapped[str | None] = mapped_column(Text)


class Staff(Fact):
    """A person employed, seconded, lent by an agency, or helping out; not an account."""

    __tablename__ = "staff"
    __table_args__ = (order("employed_from", "employed_to"), STRICT)

    code: Mapped[str] = code()
    given_name: Mapped[str | None] = mapped_column(Text)
    family_name: Mapped[str] = mapped_column(Text)
    work_email: Mapped[str | None] = mapped_column(Text)
    employer_id: Mapped[int] = refers_to("organisations")
    employed_from: Mapped[date] = mapped_column(Day)
    employed_to: Mapped[date | None] = mapped_column(Day)

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}" if self.given_name else self.family_name


class Post(Fact):
    """A person in a role at a service for a stretch of time."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("staff_id", "service_id", "role_id", "starts_on", name="uq_posts_key"),
        order("starts_on", "ends_on"),
        one_of("basis", *BASES),
        CheckConstraint("wte >= 0", name="wte_not_negative"),
        STRICT,
    )

    staff_id: Mapped[int] = refers_to("staff", index=False)
    service_id: Mapped[int] = refers_to("services")
    role_id: Mapped[int] = refers_to("roles")
    basis: Mapped[str] = mapped_column(Text)
    wte: Mapped[float] = mapped_column(Number, default=1.0)
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date | None] = mapped_column(Day)


class Absence(Fact):
    """Days a person was or will be away; 28 days or longer takes them out of scope (contract R5)."""

    __tablename__ = "absences"
    __table_args__ = (
        UniqueConstraint("staff_id", "starts_on", name="uq_absences_key"),
        order("starts_on", "ends_on"),
        STRICT,
    )

    staff_id: Mapped[int] = refers_to("staff", index=False)
    kind: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date | None] = mapped_column(Day)


class Registration(Fact):
    """A person's entry on a professional register."""

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("staff_id", "body", "registered_on", name="uq_registrations_key"),
        order("registered_on", "valid_to"),
        STRICT,
    )

    staff_id: Mapped[int] = refers_to("staff", index=False)
    body: Mapped[str] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    registered_on: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
