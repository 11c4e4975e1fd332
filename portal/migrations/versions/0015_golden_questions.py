"""Golden questions, and the checks of a next release against them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _questions()
    _checks()


def downgrade() -> None:
    op.drop_table("release_checks")
    op.drop_table("golden_questions")


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _questions() -> None:
    op.create_table(
        "golden_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("name", 64),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("region", sa.String(length=200), nullable=True),
        _text("language", 8),
        _text("style", 40),
        _text("kind", 40),
        _text("expect", 10),
        sa.Column("gold", sa.JSON(), nullable=False),
        sa.Column("must_say", sa.JSON(), nullable=False),
        sa.Column("must_not_say", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        _text("source", 12),
        _text("added_by", 100),
        _moment("added_at"),
        _text("changed_by", 100),
        _moment("changed_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_golden_questions"),
        sa.UniqueConstraint("name", name="uq_golden_questions_name"),
    )
    for column in ("region", "enabled"):
        op.create_index(f"ix_golden_questions_{column}", "golden_questions", [column], unique=False)


def _checks() -> None:
    op.create_table(
        "release_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("content", 64),
        sa.Column("release", sa.Integer(), nullable=True),
        _text("questions", 64),
        _text("form", 100),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("asked", "passed_before", "passed", "falls", "changes")
        ),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        _text("made_by", 100),
        _moment("made_at"),
        _text("overridden_by", 100),
        _text("override_reason", 500),
        _moment("overridden_at", nullable=True),
        sa.Column("led_to", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["led_to"], ["releases.number"], name="fk_release_checks_led_to_releases"),
        sa.ForeignKeyConstraint(["release"], ["releases.number"], name="fk_release_checks_release_releases"),
        sa.PrimaryKeyConstraint("id", name="pk_release_checks"),
    )
    op.create_index("ix_release_checks_content_on", "release_checks", ["content", "on_date"], unique=False)
