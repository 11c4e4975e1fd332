"""The editors' desk: drafts, changes of topics, and why a release was made."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("open_for", sa.String(length=64), nullable=True),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("certainties", sa.JSON(), nullable=False),
        sa.Column("submitted_by", sa.String(length=100), nullable=False),
        sa.Column("reviewed_by", sa.String(length=100), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["editions.id"], name="fk_drafts_base_id_editions"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_drafts_edition_id_editions"),
        sa.PrimaryKeyConstraint("edition_id", name="pk_drafts"),
        sa.UniqueConstraint("open_for", name="uq_drafts_open_for"),
    )
    op.create_table(
        "topic_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(length=64), nullable=False),
        sa.Column("open_for", sa.String(length=64), nullable=True),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=True),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("submitted_by", sa.String(length=100), nullable=False),
        sa.Column("reviewed_by", sa.String(length=100), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["release"], ["releases.number"], name="fk_topic_changes_release_releases"),
        sa.PrimaryKeyConstraint("id", name="pk_topic_changes"),
        sa.UniqueConstraint("open_for", name="uq_topic_changes_open_for"),
    )
    op.create_index("ix_topic_changes_topic_id", "topic_changes", ["topic_id"], unique=False)
    op.add_column("releases", sa.Column("reason", sa.String(length=500), nullable=False, server_default=""))
    op.drop_table("topics")


def downgrade() -> None:
    op.create_table(
        "topics",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_topics"),
    )
    op.drop_column("releases", "reason")
    op.drop_index("ix_topic_changes_topic_id", table_name="topic_changes")
    op.drop_table("topic_changes")
    op.drop_table("drafts")
