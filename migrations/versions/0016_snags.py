# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Letters that could not be written, and marks that outlive a number."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("colleague", "participation", "milestone", "obligation"):
        op.add_column(table, sa.Column("mark", sa.String(16), nullable=False, server_default=""))
    op.create_table(
        "snag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("about", sa.String(300), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("over_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_snag"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_snag_office_id_office"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_snag_application_id_application"
        ),
    )
    op.create_index("ix_snag_office_id", "snag", ["office_id"])
    still_open = sa.text("over_at IS NULL")
    op.create_index(
        "uq_snag_open_key", "snag", ["key"],
        unique=True, sqlite_where=still_open, postgresql_where=still_open,
    )  # fmt: skip
