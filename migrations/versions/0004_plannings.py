# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Plannings that can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planning",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("submission_on", sa.Date(), nullable=False),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_planning_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning")),
    )
    op.create_index(op.f("ix_planning_application_id"), "planning", ["application_id"])
    op.add_column("milestone", sa.Column("planned_on", sa.Date()))
    op.add_column("milestone", sa.Column("removed_at", sa.DateTime(timezone=True)))
    op.add_column("closure", sa.Column("removed_at", sa.DateTime(timezone=True)))
