# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The words of calls and applications, to search them by."""

from alembic import op

from models.search import INDEXES, SEARCHED, filling

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    for one in SEARCHED:
        for statement in INDEXES[connection.dialect.name][one.table]:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(filling(one, connection.dialect.name))
