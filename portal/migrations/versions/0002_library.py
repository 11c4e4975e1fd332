"""Instruments, editions, topics and releases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instruments",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_instruments"),
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("summary", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instruments.id"], name="fk_editions_instrument_id_instruments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
    )
    op.create_index("ix_editions_digest", "editions", ["digest"], unique=False)
    op.create_index("ix_editions_instrument_id", "editions", ["instrument_id"], unique=False)
    op.create_index("ix_editions_state_origin", "editions", ["state", "origin"], unique=False)
    op.create_table(
        "source_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name="fk_source_files_edition_id_editions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_source_files"),
        sa.UniqueConstraint("edition_id", name="uq_source_files_edition_id"),
    )
    op.create_index("ix_source_files_sha256", "source_files", ["sha256"], unique=False)
    op.create_table(
        "topics",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_topics"),
    )
    op.create_table(
        "topic_sets",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_topic_sets"),
    )
    op.create_table(
        "releases",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("of_release", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("form", sa.String(length=100), nullable=False),
        sa.Column("topics_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["topics_digest"], ["topic_sets.digest"], name="fk_releases_topics_digest_topic_sets"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_releases"),
    )
    op.create_table(
        "release_editions",
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name="fk_release_editions_edition_id_editions"
        ),
        sa.ForeignKeyConstraint(
            ["release"], ["releases.number"], name="fk_release_editions_release_releases"
        ),
        sa.PrimaryKeyConstraint("release", "edition_id", name="pk_release_editions"),
    )
    op.create_index("ix_release_editions_edition_id", "release_editions", ["edition_id"], unique=False)
    op.create_table(
        "release_shelves",
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["release"], ["releases.number"], name="fk_release_shelves_release_releases"),
        sa.PrimaryKeyConstraint("release", "region", name="pk_release_shelves"),
    )
    op.create_index("ix_release_shelves_digest", "release_shelves", ["digest"], unique=False)
    op.create_table(
        "release_pointer",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("release", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["release"], ["releases.number"], name="fk_release_pointer_release_releases"),
        sa.PrimaryKeyConstraint("id", name="pk_release_pointer"),
    )
    op.create_table(
        "publication_lock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_publication_lock"),
    )
    op.execute("INSERT INTO release_pointer (id) VALUES (1)")
    op.execute("INSERT INTO publication_lock (id) VALUES (1)")


def downgrade() -> None:
    op.drop_table("publication_lock")
    op.drop_table("release_pointer")
    op.drop_table("release_shelves")
    op.drop_table("release_editions")
    op.drop_table("releases")
    op.drop_table("topic_sets")
    op.drop_table("topics")
    op.drop_table("source_files")
    op.drop_table("editions")
    op.drop_table("instruments")
