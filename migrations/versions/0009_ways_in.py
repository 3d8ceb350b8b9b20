"""Ways in: one-time links to set a password, roles that wait for a second person, accounts that end."""

# long: new tables as generated; a migration is never edited afterwards

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DAY = sa.Text().with_variant(sa.Date(), "postgresql")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
ROLES = "'sup', 'svc', 'ass', 'trn', 'hcp', 'hr', 'aud', 'insp', 'host', 'dpo', 'adm'"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("ends_on", DAY, nullable=True))
    op.create_table(
        "role_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("from_on", DAY, nullable=False),
        sa.Column("to_on", DAY, nullable=True),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_role_requests_role_known")),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'refused')", name=op.f("ck_role_requests_outcome_known")
        ),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name=op.f("ck_role_requests_to_on_not_before_from_on")
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (outcome IS NULL) AND (settled_by IS NULL) = (outcome IS NULL)",
            name=op.f("ck_role_requests_settled_by_somebody"),
        ),
        sa.CheckConstraint(
            "outcome <> 'confirmed' OR settled_by <> asked_by",
            name=op.f("ck_role_requests_confirmed_by_another"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_role_requests_account_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_role_requests_service_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_role_requests_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_requests")),
        sqlite_strict=True,
    )
    op.create_index("ix_role_requests_account_id", "role_requests", ["account_id"], unique=False)
    op.create_table(
        "account_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("by_mail", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_account_links_token_hash_is_sha256")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_account_links_expires_after_it_was_made")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_because IS NULL)",
            name=op.f("ck_account_links_ended_for_a_reason"),
        ),
        sa.CheckConstraint(
            "ended_because IN ('used', 'replaced', 'disabled')",
            name=op.f("ck_account_links_ended_because_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_links_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_links_token_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_account_links_account_id", "account_links", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_account_links_account_id", table_name="account_links")
    op.drop_table("account_links")
    op.drop_index("ix_role_requests_account_id", table_name="role_requests")
    op.drop_table("role_requests")
    op.drop_column("accounts", "ends_on")
