"""Courses and bookings, claims, assessments, drafted rules, messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# long: new tables as generated; a migration is never edited afterwards
revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rule_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("takes_effect_on", DAY, nullable=False),
        sa.Column("new_completions_only", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'approved', 'in_force', 'dropped')", name=op.f("ck_rule_changes_state_known")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'in_force') OR approved_by IS NOT NULL",
            name=op.f("ck_rule_changes_approved_before_in_force"),
        ),
        sa.CheckConstraint(
            "table_name IN ('requirements', 'competencies')", name=op.f("ck_rule_changes_table_name_known")
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)", name=op.f("ck_rule_changes_approved_by_somebody")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> recorded_by",
            name=op.f("ck_rule_changes_approved_by_another"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_changes")),
        sqlite_strict=True,
    )
    op.create_table(
        "assessment_criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("in_force_from", DAY, nullable=False),
        sa.Column("in_force_to", DAY, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "in_force_to IS NULL OR in_force_to >= in_force_from",
            name=op.f("ck_assessment_criteria_in_force_to_not_before_in_force_from"),
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_assessment_criteria_position_at_least_1")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_assessment_criteria_competency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_criteria")),
        sa.UniqueConstraint("competency_id", "position", "in_force_from", name="uq_assessment_criteria_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "assessment_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("observations", sa.Integer(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=True),
        sa.Column("needs_countersign", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("observations >= 1", name=op.f("ck_assessment_rules_observations_at_least_1")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_assessment_rules_competency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_rules")),
        sa.UniqueConstraint("competency_id", name=op.f("uq_assessment_rules_competency_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "course_prerequisites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("level >= 1", name=op.f("ck_course_prerequisites_level_at_least_1")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_course_prerequisites_competency_id")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_prerequisites_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_prerequisites")),
        sa.UniqueConstraint("course_id", "competency_id", name="uq_course_prerequisites_key"),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_course_prerequisites_competency_id"), "course_prerequisites", ["competency_id"], unique=False
    )
    op.create_table(
        "equivalences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("needs_observation", sa.Integer(), nullable=False),
        sa.Column("in_force_from", DAY, nullable=False),
        sa.Column("in_force_to", DAY, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "in_force_to IS NULL OR in_force_to >= in_force_from",
            name=op.f("ck_equivalences_in_force_to_not_before_in_force_from"),
        ),
        sa.CheckConstraint("level >= 1", name=op.f("ck_equivalences_level_at_least_1")),
        sa.CheckConstraint("valid_months >= 1", name=op.f("ck_equivalences_valid_months_at_least_1")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_equivalences_competency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equivalences")),
        sa.UniqueConstraint(
            "provider", "title", "competency_id", "in_force_from", name="uq_equivalences_key"
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_equivalences_competency_id"), "equivalences", ["competency_id"], unique=False)
    op.create_table(
        "course_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("trainer_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("seat_pence", sa.Integer(), nullable=False),
        sa.Column("run_pence", sa.Integer(), nullable=False),
        sa.Column("cut_off_on", DAY, nullable=True),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.Column("cancelled_reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_reason IS NULL)",
            name=op.f("ck_course_dates_cancelled_for_a_reason"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_course_dates_ends_after_it_starts")),
        sa.CheckConstraint("minimum <= seats", name=op.f("ck_course_dates_minimum_fits_the_seats")),
        sa.CheckConstraint("minimum >= 0", name=op.f("ck_course_dates_minimum_at_least_0")),
        sa.CheckConstraint("run_pence >= 0", name=op.f("ck_course_dates_run_pence_at_least_0")),
        sa.CheckConstraint("seat_pence >= 0", name=op.f("ck_course_dates_seat_pence_at_least_0")),
        sa.CheckConstraint("seats >= 1", name=op.f("ck_course_dates_seats_at_least_1")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_dates_course_id")),
        sa.ForeignKeyConstraint(["trainer_id"], ["staff.id"], name=op.f("fk_course_dates_trainer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_dates")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_course_dates_course_id"), "course_dates", ["course_id"], unique=False)
    op.create_index("ix_course_dates_starts_at", "course_dates", ["starts_at"], unique=False)
    op.create_index(op.f("ix_course_dates_trainer_id"), "course_dates", ["trainer_id"], unique=False)
    op.create_table(
        "supervision_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supervisee_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", DAY, nullable=False),
        sa.Column("done_on", DAY, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_supervision_actions_owner_id")),
        sa.ForeignKeyConstraint(
            ["supervisee_id"], ["staff.id"], name=op.f("fk_supervision_actions_supervisee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_actions")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_supervision_actions_owner_id"), "supervision_actions", ["owner_id"], unique=False
    )
    op.create_index(
        op.f("ix_supervision_actions_supervisee_id"), "supervision_actions", ["supervisee_id"], unique=False
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("size >= 1", name=op.f("ck_uploads_size_at_least_1")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_uploads_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("name", name=op.f("uq_uploads_name")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_uploads_staff_id"), "uploads", ["staff_id"], unique=False)
    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("assessed_on", DAY, nullable=False),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("present", sa.Text(), nullable=True),
        sa.Column("criteria_seen", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("countersigned_by", sa.Text(), nullable=True),
        sa.Column("countersigned_at", INSTANT, nullable=True),
        sa.Column("sign_off_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome = 'competent' OR next_steps IS NOT NULL",
            name=op.f("ck_assessments_not_yet_says_what_next"),
        ),
        sa.CheckConstraint("outcome IN ('competent', 'not_yet')", name=op.f("ck_assessments_outcome_known")),
        sa.CheckConstraint(
            "(countersigned_at IS NULL) = (countersigned_by IS NULL)",
            name=op.f("ck_assessments_countersigned_by_somebody"),
        ),
        sa.CheckConstraint("assessor_id <> staff_id", name=op.f("ck_assessments_not_of_oneself")),
        sa.CheckConstraint("level >= 1", name=op.f("ck_assessments_level_at_least_1")),
        sa.ForeignKeyConstraint(["assessor_id"], ["staff.id"], name=op.f("fk_assessments_assessor_id")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_assessments_competency_id")
        ),
        sa.ForeignKeyConstraint(["sign_off_id"], ["sign_offs.id"], name=op.f("fk_assessments_sign_off_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_assessments_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_assessments_assessor_id"), "assessments", ["assessor_id"], unique=False)
    op.create_index(op.f("ix_assessments_competency_id"), "assessments", ["competency_id"], unique=False)
    op.create_index(op.f("ix_assessments_sign_off_id"), "assessments", ["sign_off_id"], unique=False)
    op.create_index(op.f("ix_assessments_staff_id"), "assessments", ["staff_id"], unique=False)
    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_date_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("offered_until", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("override", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'offered') = (offered_until IS NOT NULL)",
            name=op.f("ck_bookings_offered_until_an_instant"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'booked', 'cancelled', 'attended', 'part_attended', 'did_not_attend', 'failed')",
            name=op.f("ck_bookings_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["course_date_id"], ["course_dates.id"], name=op.f("fk_bookings_course_date_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_bookings_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("course_date_id", "staff_id", name="uq_bookings_key"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bookings_staff_id"), "bookings", ["staff_id"], unique=False)
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_calendar_feeds_token_hash_is_sha256")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_calendar_feeds_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_calendar_feeds_account_id"), "calendar_feeds", ["account_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("completed_on", DAY, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("equivalence_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("learning_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_claims_decided_at_an_instant")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR decision_reason IS NOT NULL", name=op.f("ck_claims_refused_for_a_reason")
        ),
        sa.CheckConstraint("state IN ('waiting', 'accepted', 'refused')", name=op.f("ck_claims_state_known")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_claims_decided_by_somebody")
        ),
        sa.CheckConstraint("level >= 1", name=op.f("ck_claims_level_at_least_1")),
        sa.CheckConstraint("valid_months >= 1", name=op.f("ck_claims_valid_months_at_least_1")),
        sa.ForeignKeyConstraint(["competency_id"], ["competencies.id"], name=op.f("fk_claims_competency_id")),
        sa.ForeignKeyConstraint(
            ["equivalence_id"], ["equivalences.id"], name=op.f("fk_claims_equivalence_id")
        ),
        sa.ForeignKeyConstraint(["learning_id"], ["learning.id"], name=op.f("fk_claims_learning_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_claims_staff_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], name=op.f("fk_claims_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_claims_competency_id"), "claims", ["competency_id"], unique=False)
    op.create_index(op.f("ix_claims_equivalence_id"), "claims", ["equivalence_id"], unique=False)
    op.create_index(op.f("ix_claims_staff_id"), "claims", ["staff_id"], unique=False)
    op.create_index(op.f("ix_claims_upload_id"), "claims", ["upload_id"], unique=False)
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("sending_at", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mails_attempts_at_least_0")),
        sa.CheckConstraint(
            "sent_at IS NULL OR sending_at IS NOT NULL", name=op.f("ck_mails_sent_after_it_was_taken_up")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_mails_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mails_message_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mails_account_id"), "mails", ["account_id"], unique=False)
    op.create_table(
        "sign_off_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_off_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suspension_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('stands', 'withdrawn')", name=op.f("ck_sign_off_reviews_outcome_known")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_sign_off_reviews_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_sign_off_reviews_closed_with_an_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["sign_off_id"], ["sign_offs.id"], name=op.f("fk_sign_off_reviews_sign_off_id")
        ),
        sa.ForeignKeyConstraint(
            ["suspension_id"], ["suspensions.id"], name=op.f("fk_sign_off_reviews_suspension_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off_reviews")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_sign_off_reviews_sign_off_id"), "sign_off_reviews", ["sign_off_id"], unique=False
    )
    op.create_index(
        op.f("ix_sign_off_reviews_suspension_id"), "sign_off_reviews", ["suspension_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_sign_off_reviews_suspension_id"), table_name="sign_off_reviews")
    op.drop_index(op.f("ix_sign_off_reviews_sign_off_id"), table_name="sign_off_reviews")
    op.drop_table("sign_off_reviews")
    op.drop_index(op.f("ix_mails_account_id"), table_name="mails")
    op.drop_table("mails")
    op.drop_index(op.f("ix_claims_upload_id"), table_name="claims")
    op.drop_index(op.f("ix_claims_staff_id"), table_name="claims")
    op.drop_index(op.f("ix_claims_equivalence_id"), table_name="claims")
    op.drop_index(op.f("ix_claims_competency_id"), table_name="claims")
    op.drop_table("claims")
    op.drop_index(op.f("ix_calendar_feeds_account_id"), table_name="calendar_feeds")
    op.drop_table("calendar_feeds")
    op.drop_index(op.f("ix_bookings_staff_id"), table_name="bookings")
    op.drop_table("bookings")
    op.drop_index(op.f("ix_assessments_staff_id"), table_name="assessments")
    op.drop_index(op.f("ix_assessments_sign_off_id"), table_name="assessments")
    op.drop_index(op.f("ix_assessments_competency_id"), table_name="assessments")
    op.drop_index(op.f("ix_assessments_assessor_id"), table_name="assessments")
    op.drop_table("assessments")
    op.drop_index(op.f("ix_uploads_staff_id"), table_name="uploads")
    op.drop_table("uploads")
    op.drop_index(op.f("ix_supervision_actions_supervisee_id"), table_name="supervision_actions")
    op.drop_index(op.f("ix_supervision_actions_owner_id"), table_name="supervision_actions")
    op.drop_table("supervision_actions")
    op.drop_index(op.f("ix_course_dates_trainer_id"), table_name="course_dates")
    op.drop_index("ix_course_dates_starts_at", table_name="course_dates")
    op.drop_index(op.f("ix_course_dates_course_id"), table_name="course_dates")
    op.drop_table("course_dates")
    op.drop_index(op.f("ix_equivalences_competency_id"), table_name="equivalences")
    op.drop_table("equivalences")
    op.drop_index(op.f("ix_course_prerequisites_competency_id"), table_name="course_prerequisites")
    op.drop_table("course_prerequisites")
    op.drop_table("assessment_rules")
    op.drop_table("assessment_criteria")
    op.drop_table("rule_changes")
