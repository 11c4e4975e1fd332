"""Parties that sign in with the applications they keep, and the word of an agency in document numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agencies", sa.Column("word", sa.String(length=40), nullable=False, server_default=""))
    op.create_table(
        "party_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_party_sessions"),
        sa.UniqueConstraint("key_hash", name="uq_party_sessions_key_hash"),
    )
    op.create_table(
        "kept_applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name="fk_kept_applications_application_id_applications",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_kept_applications"),
        sa.UniqueConstraint("subject", "application_id", name="uq_kept_applications_subject"),
    )
    for column in ("subject", "application_id"):
        op.create_index(f"ix_kept_applications_{column}", "kept_applications", [column], unique=False)


def downgrade() -> None:
    op.drop_table("kept_applications")
    op.drop_table("party_sessions")
    op.drop_column("agencies", "word")
