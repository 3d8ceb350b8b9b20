"""Passports: the whole of one person's record, as it was handed out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "passports",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("issued_on", DAY, nullable=False),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("bundle", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_sha256", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("version_from", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_passports_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passports")),
        sa.UniqueConstraint("number", name=op.f("uq_passports_number")),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_passports_pdf_sha256")),
        sa.UniqueConstraint("staff_id", "request_key", name="uq_passports_request"),
        sqlite_strict=True,
    )
    op.create_index("ix_passports_staff_id", "passports", ["staff_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_passports_staff_id", table_name="passports")
    op.drop_table("passports")
