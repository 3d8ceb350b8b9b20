"""What is kept for speed: each person's conclusions, and when the catalogue last changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "kept_conclusions",
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=False),
        sa.Column("worked_out_at", INSTANT, nullable=False),
        sa.Column("worked_out_by", sa.Text(), nullable=False),
        sa.Column("posts", sa.LargeBinary(), nullable=False),
        sa.Column("teams", sa.LargeBinary(), nullable=False),
        sa.Column("covering", sa.LargeBinary(), nullable=False),
        sa.Column("required", sa.LargeBinary(), nullable=False),
        sa.Column("lapsed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_kept_conclusions_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_kept_conclusions")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_kept_conclusions_data_version"), "kept_conclusions", ["data_version"], unique=False
    )
    kept_catalogue = op.create_table(
        "kept_catalogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_kept_catalogue_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_catalogue")),
        sqlite_strict=True,
    )
    op.bulk_insert(kept_catalogue, [{"id": 1, "data_version": 0}])


def downgrade() -> None:
    op.drop_table("kept_catalogue")
    op.drop_index(op.f("ix_kept_conclusions_data_version"), table_name="kept_conclusions")
    op.drop_table("kept_conclusions")
