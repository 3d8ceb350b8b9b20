"""Background work, certificates and their transparency log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# long: new tables as generated; a migration is never edited afterwards
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "certificate_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'revoke' OR state IN ('waiting', 'cancelled') OR confirmed_by IS NOT NULL",
            name=op.f("ck_certificate_runs_revoked_by_two"),
        ),
        sa.CheckConstraint("kind IN ('issue', 'revoke')", name=op.f("ck_certificate_runs_kind_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'cancelled')",
            name=op.f("ck_certificate_runs_state_known"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_certificate_runs_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> recorded_by",
            name=op.f("ck_certificate_runs_confirmed_by_another"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_runs")),
        sa.UniqueConstraint("request_key", name=op.f("uq_certificate_runs_request_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "checkpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tree_size", sa.Integer(), nullable=False),
        sa.Column("root_hash", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoints")),
        sqlite_strict=True,
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wanted_by", sa.Text(), nullable=False),
        sa.Column("wanted_at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_jobs_state_known")
        ),
        sa.CheckConstraint(
            "(leased_until IS NULL) = (leased_by IS NULL)", name=op.f("ck_jobs_leased_by_somebody")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_jobs_attempts_at_least_0")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("kind", "key", name="uq_jobs_key"),
        sqlite_strict=True,
    )
    op.create_index("ix_jobs_next", "jobs", ["state", "not_before"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("issued_on", DAY, nullable=False),
        sa.Column("valid_to", DAY, nullable=True),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("badge", sa.Text(), nullable=False),
        sa.Column("badge_jwt", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_sha256", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("log_salt", sa.Text(), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revocation_kind", sa.Text(), nullable=True),
        sa.Column("revocation_reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "revocation_kind IN ('issued_in_error', 'award_withdrawn', 'key_lost', 'other')",
            name=op.f("ck_certificates_revocation_kind_known"),
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revocation_kind IS NULL)",
            name=op.f("ck_certificates_revoked_for_a_kind"),
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_certificates_revoked_by_somebody")
        ),
        sa.CheckConstraint(
            "replaced_by_id IS NULL OR replaced_by_id <> id",
            name=op.f("ck_certificates_not_replaced_by_itself"),
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_certificates_competency_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["certificates.id"],
            name=op.f("fk_certificates_replaced_by_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_certificates_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_certificates_pdf_sha256")),
        sa.UniqueConstraint("staff_id", "request_key", name="uq_certificates_request"),
        sa.UniqueConstraint("status_index", name=op.f("uq_certificates_status_index")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_certificates_competency_id"), "certificates", ["competency_id"], unique=False)
    op.create_index(op.f("ix_certificates_staff_id"), "certificates", ["staff_id"], unique=False)
    op.create_table(
        "certificate_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.CheckConstraint("way IN ('number', 'file')", name=op.f("ck_certificate_checks_way_known")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_checks_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_checks")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_certificate_checks_certificate_id"), "certificate_checks", ["certificate_id"], unique=False
    )
    op.create_table(
        "certificate_run_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state <> 'failed' OR failure IS NOT NULL",
            name=op.f("ck_certificate_run_items_failed_for_a_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed')", name=op.f("ck_certificate_run_items_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_run_items_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_certificate_run_items_competency_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["certificate_runs.id"], name=op.f("fk_certificate_run_items_run_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_certificate_run_items_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_run_items")),
        sa.UniqueConstraint("run_id", "staff_id", "competency_id", name="uq_certificate_run_items_key"),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_certificate_run_items_certificate_id"),
        "certificate_run_items",
        ["certificate_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_certificate_run_items_competency_id"),
        "certificate_run_items",
        ["competency_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_certificate_run_items_staff_id"), "certificate_run_items", ["staff_id"], unique=False
    )
    op.create_table(
        "log_leaves",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("leaf_hash", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "event IN ('issued', 'revoked', 'replaced')", name=op.f("ck_log_leaves_event_known")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_log_leaves_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_leaves")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_log_leaves_certificate_id"), "log_leaves", ["certificate_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_log_leaves_certificate_id"), table_name="log_leaves")
    op.drop_table("log_leaves")
    op.drop_index(op.f("ix_certificate_run_items_staff_id"), table_name="certificate_run_items")
    op.drop_index(op.f("ix_certificate_run_items_competency_id"), table_name="certificate_run_items")
    op.drop_index(op.f("ix_certificate_run_items_certificate_id"), table_name="certificate_run_items")
    op.drop_table("certificate_run_items")
    op.drop_index(op.f("ix_certificate_checks_certificate_id"), table_name="certificate_checks")
    op.drop_table("certificate_checks")
    op.drop_index(op.f("ix_certificates_staff_id"), table_name="certificates")
    op.drop_index(op.f("ix_certificates_competency_id"), table_name="certificates")
    op.drop_table("certificates")
    op.drop_index("ix_jobs_next", table_name="jobs")
    op.drop_table("jobs")
    op.drop_table("checkpoints")
    op.drop_table("certificate_runs")
