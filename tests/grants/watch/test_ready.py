# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Ready is a database that answers, at the schema this program wants, and a disk with room."""

from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, text

from config.settings import Settings
from grants import schema
from grants.watch import readiness
from models.session import connect, reading, transactions


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def stamped(engine: Engine) -> Engine:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:wanted)"), {"wanted": schema.wanted()})
    return engine


@pytest.fixture
def own(engine: Engine, tmp_path: Path) -> Settings:
    return Settings(database_url=engine.url.render_as_string(hide_password=False), data_dir=tmp_path)


def test_all_is_well_with_a_database_of_this_schema_and_a_disk(stamped: Engine, own: Settings) -> None:
    found = readiness(reading(stamped), own)
    assert (found.ready, found.database, found.schema, found.disk) == (True, "reachable", "right", "writable")


def test_another_schema_is_not_ready_and_says_what_to_do(stamped: Engine, own: Settings) -> None:
    with stamped.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    found = readiness(reading(stamped), own)
    assert (found.ready, found.schema) == (False, "other")
    assert "has schema 0004, this program wants" in found.sentence
    with stamped.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert "has schema none" in readiness(reading(stamped), own).sentence


def test_a_database_that_does_not_answer_is_not_ready(own: Settings) -> None:
    gone = reading(connect("postgresql://nobody@127.0.0.1:1/nothing"))
    found = readiness(gone, own)
    assert (found.ready, found.database, found.sentence) == (
        False,
        "unreachable",
        "The database does not answer.",
    )


def test_a_full_or_shut_disk_is_not_ready(
    stamped: Engine, own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("shutil.disk_usage", lambda _folder: Usage(10**9, 10**9, 5 * 2**20))
        found = readiness(reading(stamped), own)
        assert (found.disk, found.sentence) == (
            "full",
            "The disk of the data folder has 5 MB left: make room.",
        )

    def refuse(**_facts: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("grants.watch.ready.TemporaryFile", refuse)
    found = readiness(reading(stamped), own)
    assert (found.disk, found.sentence) == (
        "unwritable",
        "The data folder cannot be written: Read-only file system.",
    )


def test_a_process_beside_postgresql_without_a_folder_of_its_own_needs_no_disk(
    stamped: Engine, tmp_path: Path
) -> None:
    own = Settings(database_url="postgresql://x/y", data_dir=tmp_path / "none")
    found = readiness(reading(stamped), own)
    assert (found.disk, found.ready) == ("none", True)


def test_a_migrated_database_is_ready(tmp_path: Path) -> None:
    own = Settings(database_url=f"sqlite:///{tmp_path / 'made.db'}", data_dir=tmp_path)
    schema.migrate(own.database_url)
    engine = connect(own.database_url)
    assert readiness(transactions(engine), own).ready
    engine.dispose()
