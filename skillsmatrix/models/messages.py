"""What is sent to people: mails, each once, for those who want them; calendar feeds that can be revoked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Base, Instant, YesNo, at_least, refers_to


class Mail(Base):
    """One mail to one account. `key` says what it is about and for when, so that it is written once only."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("sent_at IS NULL OR sending_at IS NOT NULL", name="sent_after_it_was_taken_up"),
        at_least("attempts", 0),
        STRICT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[int] = refers_to("accounts")
    key: Mapped[str] = mapped_column(Text, unique=True)
    message_id: Mapped[str] = mapped_column(Text, unique=True)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Instant)
    sending_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)


class MailPreference(Base):
    """Whether an account wants the weekly digest by mail; without a row it does."""

    __tablename__ = "mail_preferences"
    __table_args__ = (UniqueConstraint("account_id", name="uq_mail_preferences_key"), STRICT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[int] = refers_to("accounts", index=False)
    weekly_digest: Mapped[bool] = mapped_column(YesNo)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class CalendarFeed(Base):
    """An address that gives a person's bookings and expiries to their calendar, until it is revoked."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (CheckConstraint("length(token_hash) = 64", name="token_hash_is_sha256"), STRICT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account_id: Mapped[int] = refers_to("accounts")
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
