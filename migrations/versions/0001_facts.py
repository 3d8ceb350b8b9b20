"""The facts, the accounts and the log."""

# long: the first version of every table, as generated; a migration is never edited afterwards

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
NUMBER = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_table", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entries_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_audit_entries_staff_id"), "audit_entries", ["staff_id"], unique=False)
    op.create_index(
        "ix_audit_entries_subject", "audit_entries", ["subject_table", "subject_id"], unique=False
    )
    op.create_table(
        "competencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("framework", sa.Text(), nullable=True),
        sa.Column("group", sa.Text(), nullable=True),
        sa.Column("needs_learning", sa.Integer(), nullable=False),
        sa.Column("needs_sign_off", sa.Integer(), nullable=False),
        sa.Column("learning_level", sa.Integer(), nullable=False),
        sa.Column("learning_months", sa.Integer(), nullable=True),
        sa.Column("sign_off_months", sa.Integer(), nullable=True),
        sa.Column("renewal", sa.Text(), nullable=False),
        sa.Column("early_window_days", sa.Integer(), nullable=False),
        sa.Column("cumulative", sa.Integer(), nullable=False),
        sa.Column("supervision_kind", sa.Text(), nullable=True),
        sa.Column("supervision_every_days", sa.Integer(), nullable=True),
        sa.Column("supervision_lapse_days", sa.Integer(), nullable=True),
        sa.Column("supervision_max_group", sa.Integer(), nullable=True),
        sa.Column("registration_body", sa.Text(), nullable=True),
        sa.Column("superseded_on", DAY, nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("boundary", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "renewal IN ('reset', 'keep_anniversary')", name=op.f("ck_competencies_renewal_known")
        ),
        sa.CheckConstraint(
            "(supervision_kind IS NULL) = (supervision_lapse_days IS NULL)",
            name=op.f("ck_competencies_supervision_kind_with_lapse_days"),
        ),
        sa.CheckConstraint(
            "early_window_days >= 0", name=op.f("ck_competencies_early_window_days_at_least_0")
        ),
        sa.CheckConstraint("learning_level >= 1", name=op.f("ck_competencies_learning_level_at_least_1")),
        sa.CheckConstraint("learning_months >= 1", name=op.f("ck_competencies_learning_months_at_least_1")),
        sa.CheckConstraint(
            "needs_learning + needs_sign_off > 0", name=op.f("ck_competencies_needs_some_evidence")
        ),
        sa.CheckConstraint("sign_off_months >= 1", name=op.f("ck_competencies_sign_off_months_at_least_1")),
        sa.CheckConstraint(
            "supervision_every_days >= 1", name=op.f("ck_competencies_supervision_every_days_at_least_1")
        ),
        sa.CheckConstraint(
            "supervision_lapse_days >= 0", name=op.f("ck_competencies_supervision_lapse_days_at_least_0")
        ),
        sa.CheckConstraint(
            "supervision_max_group >= 1", name=op.f("ck_competencies_supervision_max_group_at_least_1")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"],
            ["competencies.id"],
            name=op.f("fk_competencies_superseded_by_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competencies")),
        sa.UniqueConstraint("code", name=op.f("uq_competencies_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("hours", NUMBER, nullable=True),
        sa.Column("fee_pence", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_courses_capacity_at_least_0")),
        sa.CheckConstraint("fee_pence >= 0", name=op.f("ck_courses_fee_pence_at_least_0")),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_courses_hours_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("code", name=op.f("uq_courses_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "earlier_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("known_from", INSTANT, nullable=False),
        sa.Column("known_to", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("values", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "known_to >= known_from", name=op.f("ck_earlier_versions_known_to_not_before_known_from")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_versions")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_earlier_versions_believed", "earlier_versions", ["known_from", "known_to"], unique=False
    )
    op.create_index("ix_earlier_versions_row", "earlier_versions", ["table_name", "row_id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("operation", "key", name="uq_idempotency_keys_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sqlite_strict=True,
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("code", name=op.f("uq_organisations_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("client_facing", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("boundary", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("code", name=op.f("uq_roles_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email_hash", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("succeeded", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(email_hash) = 64", name=op.f("ck_sign_in_attempts_email_hash_is_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
        sqlite_strict=True,
    )
    op.create_index("ix_sign_in_attempts_address", "sign_in_attempts", ["address", "at"], unique=False)
    op.create_index("ix_sign_in_attempts_email", "sign_in_attempts", ["email_hash", "at"], unique=False)
    op.create_table(
        "course_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("level >= 1", name=op.f("ck_course_grants_level_at_least_1")),
        sa.CheckConstraint("valid_months >= 1", name=op.f("ck_course_grants_valid_months_at_least_1")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_course_grants_competency_id")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_grants_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_grants")),
        sa.UniqueConstraint("course_id", "competency_id", name="uq_course_grants_key"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_course_grants_competency_id"), "course_grants", ["competency_id"], unique=False)
    op.create_table(
        "services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("opens_on", DAY, nullable=True),
        sa.Column("closes_on", DAY, nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("escalation_contact", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "closes_on IS NULL OR closes_on >= opens_on",
            name=op.f("ck_services_closes_on_not_before_opens_on"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_services_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["services.id"],
            name=op.f("fk_services_successor_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("code", name=op.f("uq_services_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_services_organisation_id"), "services", ["organisation_id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("work_email", sa.Text(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("employed_from", DAY, nullable=False),
        sa.Column("employed_to", DAY, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "employed_to IS NULL OR employed_to >= employed_from",
            name=op.f("ck_staff_employed_to_not_before_employed_from"),
        ),
        sa.ForeignKeyConstraint(["employer_id"], ["organisations.id"], name=op.f("fk_staff_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("code", name=op.f("uq_staff_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_staff_employer_id"), "staff", ["employer_id"], unique=False)
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", DAY, nullable=False),
        sa.Column("ends_on", DAY, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_absences_ends_on_not_before_starts_on")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absences_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("staff_id", "starts_on", name="uq_absences_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("must_change_password", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.Column("disabled_by", sa.Text(), nullable=True),
        sa.CheckConstraint("display_name <> ''", name=op.f("ck_accounts_display_name_given")),
        sa.CheckConstraint("email <> ''", name=op.f("ck_accounts_email_given")),
        sa.CheckConstraint(
            "(disabled_at IS NULL) = (disabled_by IS NULL)", name=op.f("ck_accounts_disabled_by_somebody")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_accounts_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_accounts_staff_id"), "accounts", ["staff_id"], unique=False)
    op.create_table(
        "exemptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", DAY, nullable=False),
        sa.Column("ends_on", DAY, nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("reason_kind", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_exemptions_ends_on_not_before_starts_on")
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_exemptions_competency_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_exemptions_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemptions")),
        sa.UniqueConstraint("staff_id", "competency_id", "starts_on", name="uq_exemptions_key"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_exemptions_competency_id"), "exemptions", ["competency_id"], unique=False)
    op.create_table(
        "learning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("completed_on", DAY, nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("level >= 1", name=op.f("ck_learning_level_at_least_1")),
        sa.CheckConstraint("valid_months >= 1", name=op.f("ck_learning_valid_months_at_least_1")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_learning_competency_id")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_learning_course_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_learning_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning")),
        sa.UniqueConstraint("staff_id", "competency_id", "completed_on", "reference", name="uq_learning_key"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_learning_competency_id"), "learning", ["competency_id"], unique=False)
    op.create_index(op.f("ix_learning_course_id"), "learning", ["course_id"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("wte", NUMBER, nullable=False),
        sa.Column("starts_on", DAY, nullable=False),
        sa.Column("ends_on", DAY, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('permanent', 'fixed_term', 'acting_up', 'secondment', 'bank', 'agency', 'volunteer', 'student')",
            name=op.f("ck_posts_basis_known"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_posts_ends_on_not_before_starts_on")
        ),
        sa.CheckConstraint("wte >= 0", name=op.f("ck_posts_wte_not_negative")),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_posts_role_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_posts_service_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_posts_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("staff_id", "service_id", "role_id", "starts_on", name="uq_posts_key"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_posts_role_id"), "posts", ["role_id"], unique=False)
    op.create_index(op.f("ix_posts_service_id"), "posts", ["service_id"], unique=False)
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("registered_on", DAY, nullable=False),
        sa.Column("valid_to", DAY, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= registered_on",
            name=op.f("ck_registrations_valid_to_not_before_registered_on"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_registrations_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("staff_id", "body", "registered_on", name="uq_registrations_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "requirements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("cover", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("strength", sa.Text(), nullable=False),
        sa.Column("in_force_from", DAY, nullable=False),
        sa.Column("in_force_to", DAY, nullable=True),
        sa.Column("induction_days", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "cover <> 'percent' OR amount <= 100", name=op.f("ck_requirements_percent_at_most_100")
        ),
        sa.CheckConstraint(
            "cover = 'each' OR amount IS NOT NULL", name=op.f("ck_requirements_amount_stated")
        ),
        sa.CheckConstraint(
            "cover IN ('each', 'percent', 'count', 'named')", name=op.f("ck_requirements_cover_known")
        ),
        sa.CheckConstraint(
            "strength IN ('hard_stop', 'target')", name=op.f("ck_requirements_strength_known")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_requirements_amount_at_least_0")),
        sa.CheckConstraint(
            "in_force_to IS NULL OR in_force_to >= in_force_from",
            name=op.f("ck_requirements_in_force_to_not_before_in_force_from"),
        ),
        sa.CheckConstraint("induction_days >= 0", name=op.f("ck_requirements_induction_days_at_least_0")),
        sa.CheckConstraint("level >= 1", name=op.f("ck_requirements_level_at_least_1")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_requirements_competency_id")
        ),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_requirements_role_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_requirements_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirements")),
        sa.UniqueConstraint("code", name=op.f("uq_requirements_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_requirements_competency_id"), "requirements", ["competency_id"], unique=False)
    op.create_index(op.f("ix_requirements_role_id"), "requirements", ["role_id"], unique=False)
    op.create_index(op.f("ix_requirements_service_id"), "requirements", ["service_id"], unique=False)
    op.create_table(
        "sign_offs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("assessed_on", DAY, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_on", DAY, nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('competent', 'not_yet')", name=op.f("ck_sign_offs_outcome_known")),
        sa.CheckConstraint("assessor_id <> staff_id", name=op.f("ck_sign_offs_not_of_oneself")),
        sa.CheckConstraint("level >= 1", name=op.f("ck_sign_offs_level_at_least_1")),
        sa.ForeignKeyConstraint(["assessor_id"], ["staff.id"], name=op.f("fk_sign_offs_assessor_id")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_sign_offs_competency_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_offs_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_offs")),
        sa.UniqueConstraint(
            "staff_id", "competency_id", "assessed_on", "assessor_id", name="uq_sign_offs_key"
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sign_offs_assessor_id"), "sign_offs", ["assessor_id"], unique=False)
    op.create_index(op.f("ix_sign_offs_competency_id"), "sign_offs", ["competency_id"], unique=False)
    op.create_table(
        "supervision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supervisee_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("held_on", DAY, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("group_size", sa.Integer(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("group_size >= 1", name=op.f("ck_supervision_group_size_at_least_1")),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_supervision_minutes_at_least_0")),
        sa.ForeignKeyConstraint(["supervisee_id"], ["staff.id"], name=op.f("fk_supervision_supervisee_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["staff.id"], name=op.f("fk_supervision_supervisor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
        sa.UniqueConstraint("supervisee_id", "supervisor_id", "kind", "held_on", name="uq_supervision_key"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_supervision_supervisor_id"), "supervision", ["supervisor_id"], unique=False)
    op.create_table(
        "supervision_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supervisee_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column("starts_on", DAY, nullable=False),
        sa.Column("ends_on", DAY, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_supervision_agreements_ends_on_not_before_starts_on"),
        ),
        sa.CheckConstraint("every_days >= 1", name=op.f("ck_supervision_agreements_every_days_at_least_1")),
        sa.CheckConstraint(
            "supervisor_id <> supervisee_id", name=op.f("ck_supervision_agreements_not_of_oneself")
        ),
        sa.ForeignKeyConstraint(
            ["supervisee_id"], ["staff.id"], name=op.f("fk_supervision_agreements_supervisee_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["staff.id"], name=op.f("fk_supervision_agreements_supervisor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_agreements")),
        sa.UniqueConstraint(
            "supervisee_id", "supervisor_id", "kind", "starts_on", name="uq_supervision_agreements_key"
        ),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_supervision_agreements_supervisor_id"),
        "supervision_agreements",
        ["supervisor_id"],
        unique=False,
    )
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", DAY, nullable=False),
        sa.Column("ends_on", DAY, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_suspensions_ends_on_not_before_starts_on"),
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_suspensions_competency_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_suspensions_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
        sa.UniqueConstraint("staff_id", "competency_id", "starts_on", name="uq_suspensions_key"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_suspensions_competency_id"), "suspensions", ["competency_id"], unique=False)
    op.create_table(
        "account_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("from_on", DAY, nullable=False),
        sa.Column("to_on", DAY, nullable=True),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role <> 'host' OR organisation_id IS NOT NULL",
            name=op.f("ck_account_grants_host_of_an_organisation"),
        ),
        sa.CheckConstraint(
            "role <> 'svc' OR service_id IS NOT NULL", name=op.f("ck_account_grants_manager_of_a_service")
        ),
        sa.CheckConstraint(
            "role IN ('sup', 'svc', 'ass', 'trn', 'hcp', 'hr', 'aud', 'insp', 'host', 'dpo', 'adm')",
            name=op.f("ck_account_grants_role_known"),
        ),
        sa.CheckConstraint(
            "role NOT IN ('aud', 'insp') OR (to_on IS NOT NULL AND (service_id IS NOT NULL OR organisation_id IS NOT NULL))",
            name=op.f("ck_account_grants_engagement_has_bounds"),
        ),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name=op.f("ck_account_grants_to_on_not_before_from_on")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_grants_account_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_account_grants_organisation_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_account_grants_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grants")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_account_grants_account_id"), "account_grants", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_account_grants_organisation_id"), "account_grants", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_account_grants_service_id"), "account_grants", ["service_id"], unique=False)
    op.create_table(
        "account_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ended_because IN ('signed_out', 'password_changed', 'disabled', 'revoked', 'over')",
            name=op.f("ck_account_sessions_ended_because_known"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_because IS NULL)",
            name=op.f("ck_account_sessions_ended_for_a_reason"),
        ),
        sa.CheckConstraint(
            "last_seen_at >= created_at", name=op.f("ck_account_sessions_last_seen_not_before_created")
        ),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_account_sessions_token_hash_is_sha256")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_sessions_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_account_sessions_account_id"), "account_sessions", ["account_id"], unique=False)
    ledger = sa.table("ledger", *(sa.column(name) for name in ("id", "data_version", "entries", "last_hash")))
    op.bulk_insert(ledger, [{"id": 1, "data_version": 0, "entries": 0, "last_hash": "0" * 64}])


def downgrade() -> None:
    op.drop_index(op.f("ix_account_sessions_account_id"), table_name="account_sessions")
    op.drop_table("account_sessions")
    op.drop_index(op.f("ix_account_grants_service_id"), table_name="account_grants")
    op.drop_index(op.f("ix_account_grants_organisation_id"), table_name="account_grants")
    op.drop_index(op.f("ix_account_grants_account_id"), table_name="account_grants")
    op.drop_table("account_grants")
    op.drop_index(op.f("ix_suspensions_competency_id"), table_name="suspensions")
    op.drop_table("suspensions")
    op.drop_index(op.f("ix_supervision_agreements_supervisor_id"), table_name="supervision_agreements")
    op.drop_table("supervision_agreements")
    op.drop_index(op.f("ix_supervision_supervisor_id"), table_name="supervision")
    op.drop_table("supervision")
    op.drop_index(op.f("ix_sign_offs_competency_id"), table_name="sign_offs")
    op.drop_index(op.f("ix_sign_offs_assessor_id"), table_name="sign_offs")
    op.drop_table("sign_offs")
    op.drop_index(op.f("ix_requirements_service_id"), table_name="requirements")
    op.drop_index(op.f("ix_requirements_role_id"), table_name="requirements")
    op.drop_index(op.f("ix_requirements_competency_id"), table_name="requirements")
    op.drop_table("requirements")
    op.drop_table("registrations")
    op.drop_index(op.f("ix_posts_service_id"), table_name="posts")
    op.drop_index(op.f("ix_posts_role_id"), table_name="posts")
    op.drop_table("posts")
    op.drop_index(op.f("ix_learning_course_id"), table_name="learning")
    op.drop_index(op.f("ix_learning_competency_id"), table_name="learning")
    op.drop_table("learning")
    op.drop_index(op.f("ix_exemptions_competency_id"), table_name="exemptions")
    op.drop_table("exemptions")
    op.drop_index(op.f("ix_accounts_staff_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("absences")
    op.drop_index(op.f("ix_staff_employer_id"), table_name="staff")
    op.drop_table("staff")
    op.drop_index(op.f("ix_services_organisation_id"), table_name="services")
    op.drop_table("services")
    op.drop_index(op.f("ix_course_grants_competency_id"), table_name="course_grants")
    op.drop_table("course_grants")
    op.drop_index("ix_sign_in_attempts_email", table_name="sign_in_attempts")
    op.drop_index("ix_sign_in_attempts_address", table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.drop_table("roles")
    op.drop_table("organisations")
    op.drop_table("ledger")
    op.drop_table("idempotency_keys")
    op.drop_index("ix_earlier_versions_row", table_name="earlier_versions")
    op.drop_index("ix_earlier_versions_believed", table_name="earlier_versions")
    op.drop_table("earlier_versions")
    op.drop_table("courses")
    op.drop_table("competencies")
    op.drop_index("ix_audit_entries_subject", table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_staff_id"), table_name="audit_entries")
    op.drop_table("audit_entries")
