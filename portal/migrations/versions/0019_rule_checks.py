"""Shipped rules that are to be compared with a text that changed under them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("open_for", sa.String(length=200), nullable=True),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.String(length=100), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["against"], ["releases.number"], name="fk_rule_checks_against_releases"),
        sa.ForeignKeyConstraint(["release"], ["releases.number"], name="fk_rule_checks_release_releases"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_checks"),
        sa.UniqueConstraint("open_for", name="uq_rule_checks_open_for"),
    )
    op.create_index("ix_rule_checks_rule", "rule_checks", ["rule"], unique=False)


def downgrade() -> None:
    op.drop_table("rule_checks")
