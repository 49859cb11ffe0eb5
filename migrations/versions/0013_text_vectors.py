# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What texts are about, and which edition of the engine made each match."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_vector",
        sa.Column("encoder", sa.String(80), nullable=False),
        sa.Column("text_hash", sa.String(32), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("encoded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("encoder", "text_hash", name="pk_text_vector"),
    )
    op.add_column("match", sa.Column("sentence", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("match", sa.Column("edition", sa.String(16), nullable=False, server_default=""))
