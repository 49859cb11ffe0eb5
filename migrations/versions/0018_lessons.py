# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What verdicts taught of a theme, version after version."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("meaning", sa.JSON(), nullable=True),
        sa.Column("encoder", sa.String(100), nullable=False),
        sa.Column("judged", sa.JSON(), nullable=False),
        sa.Column("loss_before", sa.Numeric(8, 5), nullable=False),
        sa.Column("loss_after", sa.Numeric(8, 5), nullable=False),
        sa.Column("theme_version", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("restores_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lesson"),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name="fk_lesson_theme_id_theme"),
        sa.ForeignKeyConstraint(["restores_id"], ["lesson.id"], name="fk_lesson_restores_id_lesson"),
        sa.UniqueConstraint("theme_id", "number", name="uq_lesson_theme_id_number"),
    )
    in_force = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_lesson_in_force", "lesson", ["theme_id"], unique=True,
        sqlite_where=in_force, postgresql_where=in_force,
    )  # fmt: skip
    op.add_column("match", sa.Column("unlearned", sa.Numeric(4, 3), nullable=True))
