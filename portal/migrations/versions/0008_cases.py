"""The officer's side of applications: what acts leave in the file, the ledger, complaints, promises."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DAYS = ("correction_due", "poorly_rated_on")
MOMENTS = ("accepted_at", "closed_at", "erased_at")


def upgrade() -> None:
    with op.batch_alter_table("applications") as table:
        table.alter_column("choice_id", existing_type=sa.String(length=32), nullable=True)
        table.add_column(
            sa.Column("origin", sa.String(length=12), server_default="application", nullable=False)
        )
        table.add_column(sa.Column("officer_id", sa.Integer(), nullable=True))
        for column in DAYS:
            table.add_column(sa.Column(column, sa.Date(), nullable=True))
        for column in MOMENTS:
            table.add_column(sa.Column(column, sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key("fk_applications_officer_id_staff", "staff", ["officer_id"], ["id"])
        table.create_index("ix_applications_officer_id", ["officer_id"], unique=False)
    with op.batch_alter_table("applications") as table:
        table.alter_column("origin", existing_type=sa.String(length=12), server_default=None)
    op.create_table(
        "case_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("author", sa.String(length=10), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name="fk_case_entries_application_id_applications",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_entries_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_case_entries"),
    )
    for column in ("application_id", "kind"):
        op.create_index(f"ix_case_entries_{column}", "case_entries", [column], unique=False)
    op.create_table(
        "asked_colleagues",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name="fk_asked_colleagues_application_id_applications",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_asked_colleagues_staff_id_staff"),
        sa.PrimaryKeyConstraint("application_id", "staff_id", name="pk_asked_colleagues"),
    )
    op.create_index("ix_asked_colleagues_staff_id", "asked_colleagues", ["staff_id"], unique=False)
    op.create_table(
        "complaints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name="fk_complaints_application_id_applications",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["staff.id"], name="fk_complaints_answered_by_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_complaints"),
    )
    for column in ("application_id", "made_at"):
        op.create_index(f"ix_complaints_{column}", "complaints", [column], unique=False)
    op.create_table(
        "offences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=64), nullable=False),
        sa.Column("matter", sa.String(length=140), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("region", sa.String(length=200), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_offences_agency_id_agencies"),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name="fk_offences_application_id_applications",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_offences"),
    )
    op.create_index("ix_offences_agency_id", "offences", ["agency_id"], unique=False)
    op.create_index("ix_offences_party_matter", "offences", ["party", "matter"], unique=False)
    op.create_table(
        "agency_terms",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("accept_days", sa.Integer(), nullable=True),
        sa.Column("conclude_days", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_agency_terms_agency_id_agencies"),
        sa.PrimaryKeyConstraint("agency_id", name="pk_agency_terms"),
    )


def downgrade() -> None:
    for name in ("agency_terms", "offences", "complaints", "asked_colleagues", "case_entries"):
        op.drop_table(name)
    op.execute("DELETE FROM applications WHERE choice_id IS NULL")
    with op.batch_alter_table("applications") as table:
        table.drop_index("ix_applications_officer_id")
        table.drop_constraint("fk_applications_officer_id_staff", type_="foreignkey")
        for column in (*MOMENTS, *DAYS, "officer_id", "origin"):
            table.drop_column(column)
        table.alter_column("choice_id", existing_type=sa.String(length=32), nullable=False)
