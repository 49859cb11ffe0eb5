# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office moves whole or not at all, and the database it leaves stays as it was."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text, update

import models
from config.settings import HOME
from grants import moving, searching
from grants.auditing import verify
from grants.moving import Moved, MoveError
from grants.schema import migrate
from models.application import Application
from models.call import Call
from models.office import Office
from models.session import opened, transactions
from tests.conftest import NOW
from tests.every_table import ROWS, fill_every_table


@pytest.fixture
def file(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'office.db'}"


@pytest.fixture(scope="module")
def one_server(postgres_url: str) -> Iterator[str]:
    with opened(postgres_url) as engine:
        admin = engine.execution_options(isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("CREATE DATABASE moved"))
        yield postgres_url.replace("/postgres?", "/moved?")
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE moved WITH (FORCE)"))


@pytest.fixture
def server(one_server: str) -> Iterator[str]:
    """An empty database on PostgreSQL."""
    yield one_server
    with opened(one_server) as engine, engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def filled(url: str) -> str:
    migrate(url)
    with opened(url) as engine, engine.begin() as connection:
        fill_every_table(connection)
    return url


def moved(url: str, to: str) -> Moved:
    return moving.move(url, to, actor="noor", now=NOW, tell=lambda _: None)


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in models.Base.metadata.sorted_tables
        }


@pytest.fixture(params=["to PostgreSQL", "to SQLite"])
def road(request: pytest.FixtureRequest, file: str, server: str) -> tuple[str, str]:
    """From a database with three rows in every table to an empty one."""
    return (filled(file), server) if request.param == "to PostgreSQL" else (filled(server), file)


def test_every_row_of_every_table_arrives_as_it_was(road: tuple[str, str]) -> None:
    done = moved(*road)
    with opened(road[0]) as here, opened(road[1]) as there:
        went, arrived = rows(here), rows(there)
    assert {name: held.rows for name, held in done.tables.items()} == dict.fromkeys(went, ROWS)
    *deeds, moving_day = arrived.pop("audit_entry")
    assert deeds == went.pop("audit_entry")
    assert {"noor", "moved", NOW} <= {*moving_day[:4]}
    assert arrived == went


def test_the_new_database_holds_its_audit_log_counts_on_and_is_searched(road: tuple[str, str]) -> None:
    done = moved(*road)
    with opened(road[1]) as there, transactions(there)() as session:
        assert (verify(session).why, verify(session).entries) == ("", ROWS + 1)
        assert done.audit == verify(session).sentence
        for row in (Call, Application):
            assert (
                len(session.scalars(select(searching.found_in(session, row, "Ünïcode").c.id)).all()) == ROWS
            )
        office = Office(slug="almelo", name="Almelo")
        session.add(office)
        session.flush()
        assert office.id == ROWS + 1
        session.rollback()


def test_the_database_it_leaves_is_only_read(file: str, server: str, tmp_path: Path) -> None:
    filled(file)
    before = (tmp_path / "office.db").read_bytes()
    moved(file, server)
    assert (tmp_path / "office.db").read_bytes() == before


def test_an_office_of_a_thousand_rows_goes_in_several_batches(
    file: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "BATCH", 2)
    done = moved(filled(file), server)
    assert done.tables["call"].rows == ROWS


def test_a_database_with_a_row_in_it_is_refused_and_left_alone(file: str, server: str) -> None:
    moved(filled(file), server)
    with opened(server) as there:
        before = rows(there)
        with pytest.raises(MoveError, match="not empty: it has rows in acceptance"):
            moved(file, server)
        assert rows(there) == before


def test_a_database_that_was_only_migrated_is_empty(file: str, server: str) -> None:
    migrate(server)
    assert moved(filled(file), server).tables["words_taken"].rows == ROWS


def test_a_move_to_where_the_office_is_already_is_refused(file: str) -> None:
    with pytest.raises(MoveError, match="in already"):
        moved(filled(file), file)


def test_an_older_schema_or_none_is_refused(file: str, server: str) -> None:
    with pytest.raises(MoveError, match="no office in this database"):
        moved(file, server)
    migrate(file)
    with opened(file) as here, here.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(MoveError, match=r"run manage\.py migrate first"):
        moved(file, server)


def empty(url: str) -> bool:
    with opened(url) as there, there.connect() as connection:
        return not connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))


def test_a_row_that_does_not_fit_is_told_and_nothing_is_moved(file: str, server: str) -> None:
    filled(file)
    with opened(file) as here, here.begin() as connection:  # SQLite keeps what is longer than was said
        connection.execute(update(Call.__table__).where(Call.__table__.c.id == 2).values(language="n" * 99))
    with pytest.raises(MoveError, match=r"Nothing was moved.* too long"):
        moved(file, server)
    assert empty(server)


def test_an_audit_log_that_does_not_hold_is_told_and_nothing_is_moved(server: str, file: str) -> None:
    filled(file)
    with opened(file) as here, here.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_entry_not_changed"))
        connection.execute(text("UPDATE audit_entry SET actor = 'x' WHERE id = 2"))
    with pytest.raises(MoveError, match="does not hold at entry 2"):
        moved(file, server)
    assert empty(server)


SPOILT = {
    "a row is missing": "CREATE RULE spoilt AS ON INSERT TO partner WHERE NEW.id = 2 DO INSTEAD NOTHING",
    "a letter is another": """
        CREATE FUNCTION spoilt() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;
        CREATE TRIGGER spoilt BEFORE INSERT ON partner FOR EACH ROW EXECUTE FUNCTION spoilt()
    """,
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_what_arrives_otherwise_is_told_and_nothing_is_moved(file: str, server: str, spoilt: str) -> None:
    filled(file)
    migrate(server)
    with opened(server) as there, there.begin() as connection:
        connection.execute(text(SPOILT[spoilt]))
    with pytest.raises(MoveError, match="What arrived in partner is not what went"):
        moved(file, server)
    with opened(server) as there, there.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Office.__table__)) == 0


def test_a_server_that_does_not_answer_is_a_sentence_without_the_password(file: str) -> None:
    with pytest.raises(MoveError, match="both databases are as they were") as told:
        moved(filled(file), "postgresql://office:geheim@127.0.0.1:1/office")
    assert "geheim" not in str(told.value)


@pytest.mark.slow
def test_a_move_that_is_killed_leaves_nothing_and_is_run_again(file: str, server: str) -> None:
    """Killed at the table where it waits for us: its tables are there then, in its transaction."""
    filled(file)
    migrate(server)
    code = (
        "import sys\nfrom grants.moving import move\nfrom grants.clock import now\n"
        "move(*sys.argv[1:], actor='noor', now=now(), tell=lambda told: print(told, flush=True))"
    )
    with opened(server) as there, there.begin() as connection:
        connection.execute(text("LOCK TABLE partner IN SHARE MODE"))
        child = subprocess.Popen(
            [sys.executable, "-c", code, file, server], cwd=HOME, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline().startswith("acceptance: 3 rows")
        time.sleep(0.2)
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    with opened(server) as there, there.connect() as connection:
        assert (
            connection.scalar(select(func.count()).select_from(models.Base.metadata.tables["acceptance"]))
            == 0
        )
    assert moved(file, server).tables["audit_entry"].rows == ROWS
