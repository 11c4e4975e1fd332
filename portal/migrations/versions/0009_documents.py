"""Documents of a case with their delivery, and the files that parties hand in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _uploads()
    _documents()
    _of_documents()


def downgrade() -> None:
    for table in ("delivery_confirmations", "document_marks", "document_deliveries", "documents", "uploads"):
        op.drop_table(table)


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None
    )


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scanned", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        _moment("made_at"),
        _key("uploads", "application_id", "applications", cascade=True),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sa.UniqueConstraint("token", name="uq_uploads_token"),
    )
    op.create_index("ix_uploads_application_id", "uploads", ["application_id"], unique=False)


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        _moment("issued_at"),
        sa.Column("issuer", sa.String(length=60), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _key("documents", "application_id", "applications", cascade=True),
        _key("documents", "agency_id", "agencies"),
        _key("documents", "replaces_id", "documents"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("number", name="uq_documents_number"),
        sa.UniqueConstraint("replaces_id", name="uq_documents_replaces_id"),
    )
    op.create_index("ix_documents_application_id", "documents", ["application_id"], unique=False)
    op.create_index("ix_documents_agency_id", "documents", ["agency_id"], unique=False)


def _of_documents() -> None:
    op.create_table(
        "document_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=12), nullable=False),
        _moment("served_at"),
        sa.Column("served_by", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _key("document_deliveries", "document_id", "documents", cascade=True),
        sa.PrimaryKeyConstraint("id", name="pk_document_deliveries"),
    )
    op.create_table(
        "document_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=12), nullable=False),
        _moment("at"),
        sa.Column("name", sa.Text(), nullable=False),
        _key("document_marks", "document_id", "documents", cascade=True),
        sa.PrimaryKeyConstraint("id", name="pk_document_marks"),
        sa.UniqueConstraint("document_id", "mark", name="uq_document_marks_document_id"),
    )
    op.create_table(
        "delivery_confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("noted_by", sa.String(length=60), nullable=False),
        _moment("made_at"),
        _moment("ended_at", nullable=True),
        _key("delivery_confirmations", "application_id", "applications", cascade=True),
        _key("delivery_confirmations", "upload_id", "uploads"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_confirmations"),
    )
    for table, column in (
        ("document_deliveries", "document_id"),
        ("document_marks", "document_id"),
        ("delivery_confirmations", "application_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
