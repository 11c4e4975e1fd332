"""The switch that stops the answering."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_switch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answering", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_service_switch"),
    )
    op.execute("INSERT INTO service_switch (id, answering, reason, changed_by) VALUES (1, true, '', '')")


def downgrade() -> None:
    op.drop_table("service_switch")
