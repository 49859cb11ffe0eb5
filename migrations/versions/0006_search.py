# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The words of calls and applications, to search them by."""

import sqlalchemy as sa
from alembic import op

from models.search import INDEXES, SEARCHED, filling

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "words_taken",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_words_taken"),
    )
    connection = op.get_bind()
    for one in SEARCHED:
        for statement in INDEXES[connection.dialect.name][one.table]:
            connection.exec_driver_sql(statement)
        for statement in filling(one, connection.dialect.name):
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql("INSERT INTO words_taken (upto) SELECT coalesce(max(id), 0) FROM call_change")
