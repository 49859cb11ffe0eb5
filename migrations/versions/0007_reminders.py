# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Reminders: steps per kind, partners, when a letter's deadline strikes, and the days they were planned."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_day")),
        sa.UniqueConstraint("day", name=op.f("uq_reminder_day_day")),
    )
    empty, off = sa.text("'{}'"), sa.false()
    op.add_column(
        "office",
        sa.Column("reminder_steps", sa.JSON(none_as_null=True), nullable=False, server_default=empty),
    )
    op.add_column("office", sa.Column("remind_partners", sa.Boolean(), nullable=False, server_default=off))
    op.add_column("message", sa.Column("due_at", sa.DateTime(timezone=True)))
    op.create_index(op.f("ix_message_due_at"), "message", ["due_at"])
