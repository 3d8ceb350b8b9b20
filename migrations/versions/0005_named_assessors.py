"""Who is named to assess whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
NAMED = ("assessor_id", "competency_id", "staff_id")


def upgrade() -> None:
    op.create_table(
        "assessment_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("wanted_by", DAY, nullable=True),
        sa.Column("starts_on", DAY, nullable=False),
        sa.Column("ends_on", DAY, nullable=True),
        sa.Column("reopens", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("assessor_id <> staff_id", name=op.f("ck_assessment_requests_not_of_oneself")),
        sa.CheckConstraint(
            "reopens = 0 OR reason IS NOT NULL", name=op.f("ck_assessment_requests_reopened_for_a_reason")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_assessment_requests_ends_on_not_before_starts_on"),
        ),
        sa.CheckConstraint("level >= 1", name=op.f("ck_assessment_requests_level_at_least_1")),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["staff.id"], name=op.f("fk_assessment_requests_assessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competencies.id"], name=op.f("fk_assessment_requests_competency_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_assessment_requests_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_requests")),
        sqlite_strict=True,
    )
    for column in NAMED:
        op.create_index(f"ix_assessment_requests_{column}", "assessment_requests", [column], unique=False)


def downgrade() -> None:
    for column in reversed(NAMED):
        op.drop_index(f"ix_assessment_requests_{column}", table_name="assessment_requests")
    op.drop_table("assessment_requests")
