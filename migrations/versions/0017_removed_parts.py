# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Decisions, contributions, partners and obligations that were taken off an application."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("decision", "contribution", "participation", "obligation"):
        op.add_column(table, sa.Column("removed_at", Instant(), nullable=True))
