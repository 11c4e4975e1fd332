"""What comes of the editors' work items, and a switch for every region."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TEXTS = {"topic": 64, "closing": 10, "closed_by": 100, "instrument": 64}


def upgrade() -> None:
    with op.batch_alter_table("work_items") as table:
        for column, length in TEXTS.items():
            table.add_column(sa.Column(column, sa.String(length), server_default="", nullable=False))
        table.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("remark", sa.Text(), nullable=True))
        table.add_column(sa.Column("golden", sa.Text(), nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        table.create_index("ix_work_items_topic", ["topic"], unique=False)
    with op.batch_alter_table("work_items") as table:
        for column, length in TEXTS.items():
            table.alter_column(column, existing_type=sa.String(length), server_default=None)
        table.alter_column("version", existing_type=sa.Integer(), server_default=None)
    op.create_table(
        "region_switches",
        sa.Column("region", sa.String(length=200), nullable=False),
        sa.Column("answering", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region", name="pk_region_switches"),
    )


def downgrade() -> None:
    op.drop_table("region_switches")
    with op.batch_alter_table("work_items") as table:
        table.drop_index("ix_work_items_topic")
        for column in (*TEXTS, "closed_at", "remark", "golden", "version"):
            table.drop_column(column)
