"""Where a service lies."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    given = sa.CheckConstraint("trim(region) <> ''", name=op.f("ck_services_region_given"))
    op.add_column("services", sa.Column("region", sa.Text(), given, nullable=True))


def downgrade() -> None:
    op.drop_column("services", "region")
