# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""PostgreSQL hangs up on everyone, SQLite's file is another program's for a while: `python -m tests.soak.breaking`.

Some times, each a moment after the last.
"""

import sqlite3
import sys
import time
from random import Random

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

TIMES = 8
EVERYONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def hang_up(url: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(EVERYONE))
    engine.dispose()


def lock(url: str) -> None:
    connection = sqlite3.connect(make_url(url).database or "", timeout=30, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    time.sleep(1)
    connection.execute("ROLLBACK")
    connection.close()


if __name__ == "__main__":
    dice, address = Random(sys.argv[2]), sys.argv[1]
    for _ in range(TIMES):
        time.sleep(dice.uniform(0.2, 1))
        (lock if address.startswith("sqlite") else hang_up)(address)
