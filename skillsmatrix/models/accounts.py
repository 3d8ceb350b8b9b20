"""Accounts: who can sign in, what they are trusted with, and where they are signed in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Base, Day, Instant, YesNo, one_of, order, refers_to

# The role `staff` is not granted: it follows from an account's staff record.
GRANTED_ROLES = ("sup", "svc", "ass", "trn", "hcp", "hr", "aud", "insp", "host", "dpo", "adm")

SESSION_ENDINGS = ("signed_out", "password_changed", "disabled", "revoked", "over")
LINK_ENDINGS = ("used", "replaced", "disabled")
REQUEST_OUTCOMES = ("confirmed", "refused")


class Account(Base):
    """A sign-in: one e-mail address in its folded form; belongs to a member of staff or to a partner.

    No password: invited and not yet taken up. Disabled: every right is gone at the next request.
    `ends_on`: the last day of somebody from outside; of a member of staff, employment says it.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("email <> ''", name="email_given"),
        CheckConstraint("display_name <> ''", name="display_name_given"),
        CheckConstraint("(disabled_at IS NULL) = (disabled_by IS NULL)", name="disabled_by_somebody"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    display_name: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[int | None] = refers_to("staff")
    password_hash: Mapped[str | None] = mapped_column(Text)
    must_change_password: Mapped[bool] = mapped_column(YesNo, default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(Text)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    disabled_by: Mapped[str | None] = mapped_column(Text)
    ends_on: Mapped[date | None] = mapped_column(Day)


class AccountGrant(Base):
    """A role given to an account for a stretch of days, both ends counted.

    A manager's names a service, a host partner's an organisation; an audit or inspection names what it may
    look at and always ends. Elsewhere an organisation limits the role to that employer and its services.
    """

    __tablename__ = "account_grants"
    __table_args__ = (
        one_of("role", *GRANTED_ROLES),
        order("from_on", "to_on"),
        CheckConstraint("role <> 'svc' OR service_id IS NOT NULL", name="manager_of_a_service"),
        CheckConstraint("role <> 'host' OR organisation_id IS NOT NULL", name="host_of_an_organisation"),
        CheckConstraint(
            "role NOT IN ('aud', 'insp') OR"
            " (to_on IS NOT NULL AND (service_id IS NOT NULL OR organisation_id IS NOT NULL))",
            name="engagement_has_bounds",
        ),
        STRICT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[int] = refers_to("accounts")
    role: Mapped[str] = mapped_column(Text)
    service_id: Mapped[int | None] = refers_to("services")
    organisation_id: Mapped[int | None] = refers_to("organisations")
    from_on: Mapped[date] = mapped_column(Day)
    to_on: Mapped[date | None] = mapped_column(Day)
    granted_at: Mapped[datetime] = mapped_column(Instant)
    granted_by: Mapped[str] = mapped_column(Text)


class RoleRequest(Base):
    """A role that one administrator asked for: it gives nothing until another confirms it.

    The same bounds as a grant's; once confirmed, the grant is a row of its own.
    """

    __tablename__ = "role_requests"
    __table_args__ = (
        one_of("role", *GRANTED_ROLES),
        one_of("outcome", *REQUEST_OUTCOMES),
        order("from_on", "to_on"),
        CheckConstraint(
            "(settled_at IS NULL) = (outcome IS NULL) AND (settled_by IS NULL) = (outcome IS NULL)",
            name="settled_by_somebody",
        ),
        CheckConstraint("outcome <> 'confirmed' OR settled_by <> asked_by", name="confirmed_by_another"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[int] = refers_to("accounts")
    role: Mapped[str] = mapped_column(Text)
    service_id: Mapped[int | None] = refers_to("services", index=False)
    organisation_id: Mapped[int | None] = refers_to("organisations", index=False)
    from_on: Mapped[date] = mapped_column(Day)
    to_on: Mapped[date | None] = mapped_column(Day)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)


class AccountLink(Base):
    """A way in, once: whoever has the address sets the account's password. Holds a digest of the token."""

    __tablename__ = "account_links"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="token_hash_is_sha256"),
        CheckConstraint("expires_at > made_at", name="expires_after_it_was_made"),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_for_a_reason"),
        one_of("ended_because", *LINK_ENDINGS),
        STRICT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[int] = refers_to("accounts")
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    by_mail: Mapped[bool] = mapped_column(YesNo)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_because: Mapped[str | None] = mapped_column(Text)


class AccountSession(Base):
    """A browser that is signed in. Holds a digest: who reads this table cannot sign in with it."""

    __tablename__ = "account_sessions"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="token_hash_is_sha256"),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_for_a_reason"),
        CheckConstraint("last_seen_at >= created_at", name="last_seen_not_before_created"),
        one_of("ended_because", *SESSION_ENDINGS),
        STRICT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[int] = refers_to("accounts")
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_because: Mapped[str | None] = mapped_column(Text)


class SignInAttempt(Base):
    """One try at signing in, counted before the password is looked at.

    The e-mail is kept as a digest: people type passwords into the wrong box.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        CheckConstraint("length(email_hash) = 64", name="email_hash_is_sha256"),
        Index("ix_sign_in_attempts_email", "email_hash", "at"),
        Index("ix_sign_in_attempts_address", "address", "at"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    email_hash: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    succeeded: Mapped[bool] = mapped_column(YesNo, default=False)
