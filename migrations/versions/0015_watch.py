# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""When each flow last ran, and how far the audit log was walked."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(80), nullable=False),
        sa.Column("first_at", Instant(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("succeeded_at", Instant(), nullable=True),
        sa.Column("failure", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_last_run"),
        sa.UniqueConstraint("flow", name="uq_last_run_flow"),
    )
    op.create_table(
        "audit_walk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("whole_at", Instant(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("broken_at", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_walk"),
    )
