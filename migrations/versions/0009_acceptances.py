# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the send journal knows and a restored database does not."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(300), nullable=False),
        sa.Column("accepted_at", Instant(), nullable=False),
        sa.Column("noticed_at", Instant(), nullable=False),
        sa.Column("looked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_acceptance"),
        sa.UniqueConstraint("message_id", name="uq_acceptance_message_id"),
    )
