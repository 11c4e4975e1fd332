"""How editions are made and cared for: owner units, steps on record, comments, and the filing clock."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instrument_care",
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("owner_unit", sa.Text(), nullable=False),
        sa.Column("review_due", sa.Date(), nullable=True),
        sa.Column("risk_note", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instruments.id"], name="fk_instrument_care_instrument_id_instruments"
        ),
        sa.PrimaryKeyConstraint("instrument_id", name="pk_instrument_care"),
    )
    op.create_table(
        "making_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("paper_name", sa.Text(), nullable=False),
        sa.Column("paper_kind", sa.String(length=8), nullable=False),
        sa.Column("paper_digest", sa.String(length=64), nullable=False),
        sa.Column("paper", sa.LargeBinary(), nullable=True),
        sa.Column("added_by", sa.String(length=100), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_by", sa.String(length=100), nullable=False),
        sa.Column("struck_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_making_steps_edition_id_editions"),
        sa.PrimaryKeyConstraint("id", name="pk_making_steps"),
    )
    op.create_index("ix_making_steps_edition_id", "making_steps", ["edition_id"], unique=False)
    op.create_table(
        "draft_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=100), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name="fk_draft_comments_edition_id_editions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_draft_comments"),
    )
    op.create_index("ix_draft_comments_edition_id", "draft_comments", ["edition_id"], unique=False)
    op.create_table(
        "list_copies",
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("original_id", sa.String(length=64), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("next_id", sa.Integer(), nullable=True),
        sa.Column("followed_in", sa.Integer(), nullable=True),
        sa.Column("followed_by", sa.String(length=100), nullable=False),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instruments.id"], name="fk_list_copies_instrument_id_instruments"
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["instruments.id"], name="fk_list_copies_original_id_instruments"
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_list_copies_edition_id_editions"),
        sa.ForeignKeyConstraint(["next_id"], ["editions.id"], name="fk_list_copies_next_id_editions"),
        sa.ForeignKeyConstraint(["followed_in"], ["editions.id"], name="fk_list_copies_followed_in_editions"),
        sa.PrimaryKeyConstraint("instrument_id", name="pk_list_copies"),
    )
    op.create_index("ix_list_copies_original_id", "list_copies", ["original_id"], unique=False)
    op.create_table(
        "filings",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_filings_edition_id_editions"),
        sa.ForeignKeyConstraint(["release"], ["releases.number"], name="fk_filings_release_releases"),
        sa.PrimaryKeyConstraint("edition_id", name="pk_filings"),
    )
    op.create_index("ix_filings_due_on", "filings", ["due_on"], unique=False)


def downgrade() -> None:
    for table in ("filings", "list_copies", "draft_comments", "making_steps", "instrument_care"):
        op.drop_table(table)
