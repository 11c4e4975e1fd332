"""The items of a list that waits, as its editor put them right; and what became of imports."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pending_rows",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["pending_imports.id"],
            name="fk_pending_rows_import_id_pending_imports",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name="pk_pending_rows"),
    )
    op.create_table(
        "saved_imports",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("instrument", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", "owner", name="pk_saved_imports"),
    )
    op.create_index("ix_saved_imports_saved_at", "saved_imports", ["saved_at"], unique=False)


def downgrade() -> None:
    op.drop_table("saved_imports")
    op.drop_table("pending_rows")
