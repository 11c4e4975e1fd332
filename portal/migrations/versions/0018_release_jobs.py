"""Jobs of publishing: what a publisher asked for, how far it is, and what became of it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "release_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("act", 10),
        _text("asked_by", 100),
        _moment("asked_at", nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("of_release", sa.Integer(), nullable=True),
        _text("reason", 500),
        _text("content", 64),
        sa.Column("once", sa.String(length=64), nullable=True),
        _text("state", 10),
        _moment("begun_at"),
        _moment("beat_at"),
        _moment("ended_at"),
        _text("worker", 100),
        _text("stage", 20),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=True),
        sa.Column("check_number", sa.Integer(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["of_release"], ["releases.number"], name="fk_release_jobs_of_release_releases"
        ),
        sa.ForeignKeyConstraint(["release"], ["releases.number"], name="fk_release_jobs_release_releases"),
        sa.PrimaryKeyConstraint("id", name="pk_release_jobs"),
        sa.UniqueConstraint("once", name="uq_release_jobs_once"),
    )
    for column in ("content", "state"):
        op.create_index(f"ix_release_jobs_{column}", "release_jobs", [column], unique=False)


def downgrade() -> None:
    op.drop_table("release_jobs")


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _moment(name: str, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
