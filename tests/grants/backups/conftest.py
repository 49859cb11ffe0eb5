# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A migrated database of each kind with an office in it, and a folder for its backups."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from grants import backups
from grants.auditing import note
from grants.backups import Backup
from grants.schema import migrate
from models.session import Begin, connect, transactions
from tests import builders
from tests.conftest import NOW, PROGRAMS
from tests.migrations.filled import first_schema


@dataclass
class Kept:
    """Where the office is, and its backups."""

    url: str
    folder: Path
    programs: Path | None

    def first_schema(self) -> None:
        """Make the database as the first program kept it, with its rows."""
        engine = connect(self.url)
        with engine.begin() as connection:
            first_schema(connection)
        engine.dispose()

    def back_up(self, minutes: float = 0) -> Backup:
        now = NOW + timedelta(minutes=minutes)
        return backups.back_up(self.url, self.folder, reason="hourly", now=now, programs=self.programs)

    def restore(self, backup: Backup, *, minutes: float = 60) -> backups.Restored:
        now = NOW + timedelta(minutes=minutes)
        return backups.restore(
            self.url, backup, folder=self.folder, actor="noor", now=now, programs=self.programs
        )

    def drill(self) -> backups.Drilled:
        return backups.drill(self.url, self.folder, now=NOW, programs=self.programs)


@pytest.fixture
def programs() -> Path:
    """The programs that came with the tests' server."""
    return PROGRAMS


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """An empty place for a database; the password is one that a shell would take apart."""
    if request.param == "sqlite":
        yield Kept(f"sqlite:///{tmp_path / 'data' / 'the office.db'}", tmp_path / "backups", None)
        return
    server = request.getfixturevalue("postgres_url")
    admin = connect(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE kept"))
    yield Kept(
        server.replace("/postgres?", "/kept?").replace("postgres:@", "postgres:p%20$w'@"),
        tmp_path / "backups", request.getfixturevalue("programs"),
    )  # fmt: skip
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE kept WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def office(place: Kept) -> Kept:
    migrate(place.url)
    engine = connect(place.url)
    with transactions(engine)() as session:
        session.add_all([builders.office(), builders.source()])
        session.flush()
        session.add_all([builders.colleague(), builders.call(), builders.theme()])
        session.add(builders.application(owner_id=1))
        note(session, at=NOW, actor="noor", action="changed", subject="source", subject_id=1)
    engine.dispose()
    return place


@pytest.fixture
def begin(office: Kept) -> Iterator[Begin]:
    engine = connect(office.url)
    yield transactions(engine)
    engine.dispose()
