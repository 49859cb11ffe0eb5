# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Shared views, and judgements taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JUDGEMENTS = ("verdict", "go_decision")


def upgrade() -> None:
    for table in JUDGEMENTS:
        op.add_column(table, sa.Column("undone_at", sa.DateTime(timezone=True)))
        op.add_column(table, sa.Column("undone_by", sa.String(200), nullable=False, server_default=""))
    op.add_column("assignment", sa.Column("ended_by", sa.String(200), nullable=False, server_default=""))
    op.add_column("saved_view", sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()))
