# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DBAPIError

import models
from grants.auditing import note, verify
from grants.errors import PijplijnError
from grants.schema import migrate, upgrade
from grants.searching import found_in
from models.application import Milestone
from models.call import Call
from models.search import known_to_models
from models.session import connect, transactions
from models.source import HarvestRun
from tests.builders import NOW, application, call, colleague, office, source, theme
from tests.migrations.filled import first_schema

EVERY_STEP = [
    "0001: The first schema.",
    "0002: Every source the region lives on.",
    "0003: The office desk.",
    "0004: Plannings that can be taken back.",
    "0005: Shared views, and judgements taken back.",
    "0006: The words of calls and applications, to search them by.",
    "0007: Reminders: steps per kind, partners, when a letter's deadline strikes, and the days they were planned.",
    "0008: When each colleague's digest comes, and what of.",
    "0009: What the send journal knows and a restored database does not.",
    "0010: Calendars to subscribe to.",
    "0011: Addresses that were refused for good, and letters that came back.",
    "0012: Which backups were put back.",
    "0013: What texts are about, and which edition of the engine made each match.",
    "0014: How sure a theme must be, and what calls say of who can apply.",
    "0015: When each flow last ran, and how far the audit log was walked.",
    "0016: Letters that could not be written, and marks that outlive a number.",
    "0017: Decisions, contributions, partners and obligations that were taken off an application.",
    "0018: What verdicts taught of a theme, version after version.",
]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    url = request.getfixturevalue("postgres_url")
    admin = connect(url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE migrated"))
    yield url.replace("/postgres?", "/migrated?")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE migrated WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database(empty: str) -> Iterator[Engine]:
    engine = connect(empty)
    yield engine
    engine.dispose()


def fill(engine: Engine) -> None:
    with transactions(engine)() as session:
        session.add_all([office(), source()])
        session.flush()
        session.add_all([colleague(), call(), theme(), application()])


def test_an_empty_database_becomes_exactly_the_models(empty: str, database: Engine) -> None:
    assert migrate(empty) == EVERY_STEP
    with database.connect() as connection:
        opts = {"compare_type": True, "include_name": known_to_models}
        differences = compare_metadata(
            MigrationContext.configure(connection, opts=opts), models.Base.metadata
        )
    assert differences == []


def test_a_filled_database_keeps_its_rows_when_it_is_migrated_again(empty: str, database: Engine) -> None:
    migrate(empty)
    fill(database)
    assert migrate(empty) == []
    with database.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM call")).scalar() == 1


def test_a_filled_database_of_the_first_schema_keeps_every_row(empty: str, database: Engine) -> None:
    with database.begin() as connection:
        first_schema(connection)
    assert migrate(empty) == EVERY_STEP[1:]
    with transactions(database)() as session:
        run = session.scalars(select(HarvestRun)).one()
        assert (run.filled, run.source.filled, run.source.at_most) == ({}, {}, None)
        assert session.scalars(select(Call)).one().title == "Old"
        assert session.scalars(select(found_in(session, Call, "old").c.id)).all() == [1]
        milestone = session.scalars(select(Milestone)).one()
        assert milestone.application.owner is not None
        assert milestone.application.owner.administrator
        assert (verify(session).entries, verify(session).why) == (1, "")


def test_the_audit_log_of_a_migrated_database_is_only_added_to(empty: str, database: Engine) -> None:
    migrate(empty)
    with transactions(database)() as session:
        note(session, at=NOW, actor="noor", action="changed", subject="source", subject_id=1)
    refused = ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"]
    if database.dialect.name == "postgresql":
        refused.append("TRUNCATE audit_entry")
    for statement in refused:
        with pytest.raises(DBAPIError, match="only ever added to"), database.begin() as connection:
            connection.execute(text(statement))


def test_a_migration_that_breaks_off_leaves_nothing_and_runs_again(empty: str, database: Engine) -> None:
    def broken_off() -> None:
        with database.begin() as connection:
            upgrade(connection)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert inspect(database).get_table_names() == []
    assert migrate(empty) == EVERY_STEP


def test_a_database_of_a_newer_program_is_refused_with_a_sentence(empty: str, database: Engine) -> None:
    migrate(empty)
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(PijplijnError, match="schema 9999"):
        migrate(empty)
