# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""When each colleague's digest comes, and what of."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("digest_rhythm", sa.String(40), nullable=False, server_default="weekly"),
        sa.Column("digest_weekday", sa.Integer()),
        sa.Column("digest_hour", sa.Integer(), nullable=False, server_default="7"),
        sa.Column("digest_themes", sa.JSON(none_as_null=True), nullable=False, server_default="[]"),
        sa.Column("digest_programmes", sa.JSON(none_as_null=True), nullable=False, server_default="[]"),
    ):
        op.add_column("colleague", column)
    colleague = sa.table("colleague", sa.column("digest_rhythm"), sa.column("digest", sa.Boolean()))
    op.execute(colleague.update().where(~colleague.c.digest).values(digest_rhythm="never"))
    op.drop_column("colleague", "digest")
    op.create_index(
        op.f("ix_message_kind_office_id_recipient_created_at"),
        "message",
        ["kind", "office_id", "recipient", "created_at"],
    )
