"""What changed under an open case: the flag to its officer that its basis changed."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "basis_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("open_for", sa.Integer(), nullable=True),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name="fk_basis_changes_application_id_applications",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["against"], ["releases.number"], name="fk_basis_changes_against_releases"),
        sa.ForeignKeyConstraint(["release"], ["releases.number"], name="fk_basis_changes_release_releases"),
        sa.ForeignKeyConstraint(["settled_by"], ["staff.id"], name="fk_basis_changes_settled_by_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_basis_changes"),
        sa.UniqueConstraint("open_for", name="uq_basis_changes_open_for"),
    )
    op.create_index("ix_basis_changes_application_id", "basis_changes", ["application_id"], unique=False)


def downgrade() -> None:
    op.drop_table("basis_changes")
