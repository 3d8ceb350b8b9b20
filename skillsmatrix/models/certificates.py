"""Certificates of competency: what was printed, its very bytes, and what has become of it since."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Base, Day, Fact, Instant, one_of, refers_to

REVOCATION_KINDS = ("issued_in_error", "award_withdrawn", "key_lost", "other")


class Certificate(Fact):
    """One certificate. `facts` is what it says, as JSON; `pdf` the signed bytes. Neither ever changes."""

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_somebody"),
        CheckConstraint("(revoked_at IS NULL) = (revocation_kind IS NULL)", name="revoked_for_a_kind"),
        CheckConstraint("replaced_by_id IS NULL OR replaced_by_id <> id", name="not_replaced_by_itself"),
        one_of("revocation_kind", *REVOCATION_KINDS),
        UniqueConstraint("staff_id", "request_key", name="uq_certificates_request"),
        STRICT,
    )

    number: Mapped[str] = mapped_column(Text, unique=True)
    staff_id: Mapped[int] = refers_to("staff")
    competency_id: Mapped[int] = refers_to("competencies")
    level: Mapped[int] = mapped_column(Integer)
    issued_on: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)
    request_key: Mapped[str] = mapped_column(Text)
    facts: Mapped[str] = mapped_column(Text)
    badge: Mapped[str] = mapped_column(Text)
    badge_jwt: Mapped[str] = mapped_column(Text)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_sha256: Mapped[str] = mapped_column(Text, unique=True)
    key_id: Mapped[str] = mapped_column(Text)
    status_index: Mapped[int] = mapped_column(Integer, unique=True)
    log_salt: Mapped[str] = mapped_column(Text)
    replaced_by_id: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("certificates.id", deferrable=True, initially="DEFERRED")
    )
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by: Mapped[str | None] = mapped_column(Text)
    revocation_kind: Mapped[str | None] = mapped_column(Text)
    revocation_reason: Mapped[str | None] = mapped_column(Text)


class CertificateRun(Fact):
    """Many certificates asked for at once: the filter, who asked, and how far it is."""

    __tablename__ = "certificate_runs"
    __table_args__ = (
        one_of("state", "waiting", "running", "done", "cancelled"),
        one_of("kind", "issue", "revoke"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> recorded_by", name="confirmed_by_another"),
        CheckConstraint(
            "kind <> 'revoke' OR state IN ('waiting', 'cancelled') OR confirmed_by IS NOT NULL",
            name="revoked_by_two",
        ),
        STRICT,
    )

    kind: Mapped[str] = mapped_column(Text)
    wanted: Mapped[str] = mapped_column(Text)
    request_key: Mapped[str] = mapped_column(Text, unique=True)
    state: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by: Mapped[str | None] = mapped_column(Text)


class CertificateRunItem(Base):
    """One certificate of a run: waiting, done, or failed with the reason."""

    __tablename__ = "certificate_run_items"
    __table_args__ = (
        UniqueConstraint("run_id", "staff_id", "competency_id", name="uq_certificate_run_items_key"),
        one_of("state", "waiting", "done", "failed"),
        CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name="failed_for_a_reason"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    run_id: Mapped[int] = refers_to("certificate_runs", index=False)
    staff_id: Mapped[int] = refers_to("staff")
    competency_id: Mapped[int] = refers_to("competencies")
    state: Mapped[str] = mapped_column(Text)
    certificate_id: Mapped[int | None] = refers_to("certificates")
    failure: Mapped[str | None] = mapped_column(Text)


class CertificateCheck(Base):
    """Somebody looked a certificate up: when, how, and what they were told. Not who."""

    __tablename__ = "certificate_checks"
    __table_args__ = (one_of("way", "number", "file"), STRICT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    certificate_id: Mapped[int] = refers_to("certificates")
    checked_at: Mapped[datetime] = mapped_column(Instant)
    way: Mapped[str] = mapped_column(Text)
    told: Mapped[str] = mapped_column(Text)


class LogLeaf(Base):
    """One issue or revocation as a leaf of the transparency log, in the order of the ids."""

    __tablename__ = "log_leaves"
    __table_args__ = (one_of("event", "issued", "revoked", "replaced"), STRICT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    certificate_id: Mapped[int] = refers_to("certificates")
    event: Mapped[str] = mapped_column(Text)
    leaf_hash: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class Checkpoint(Base):
    """A signed statement of how long the transparency log was and what its root was."""

    __tablename__ = "checkpoints"
    __table_args__ = (STRICT,)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    tree_size: Mapped[int] = mapped_column(Integer)
    root_hash: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
