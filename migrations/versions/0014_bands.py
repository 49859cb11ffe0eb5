# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How sure a theme must be, and what calls say of who can apply."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    listed = sa.JSON(none_as_null=True)
    for column in (
        sa.Column("threshold", sa.String(40), nullable=False, server_default="normal"),
        sa.Column("tooi", listed, nullable=False, server_default="[]"),
        sa.Column("refused", listed, nullable=False, server_default="{}"),
    ):
        op.add_column("theme", column)
    for column in (
        sa.Column("facts", listed, nullable=False, server_default="[]"),
        sa.Column("barred", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("facts_read", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("call", column)
    op.create_index(op.f("ix_call_facts_read"), "call", ["facts_read"])
