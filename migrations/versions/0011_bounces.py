# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Addresses that were refused for good, and letters that came back."""

import sqlalchemy as sa
from alembic import op

from models.base import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suppression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_suppression"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_suppression_office_id_office"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_suppression_message_id_message"),
    )
    in_force = sa.text("lifted_at IS NULL")
    op.create_index(
        "uq_suppression_in_force", "suppression", ["office_id", "address"],
        unique=True, sqlite_where=in_force, postgresql_where=in_force,
    )  # fmt: skip
    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(300), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("finding", sa.String(40), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bounce"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_bounce_message_id_message"),
        sa.UniqueConstraint("mailbox", "number", name="uq_bounce_mailbox_number"),
    )
    op.create_index("ix_bounce_fingerprint", "bounce", ["fingerprint"])
    op.create_index("ix_bounce_message_id", "bounce", ["message_id"])
