"""What people try out on the bench."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "scenarios",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_scenarios_has_a_name")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_scenarios_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenarios")),
        sqlite_strict=True,
    )
    op.create_index("ix_scenarios_owner_id", "scenarios", ["owner_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_scenarios_owner_id", table_name="scenarios")
    op.drop_table("scenarios")
