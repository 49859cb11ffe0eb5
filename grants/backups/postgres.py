# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A PostgreSQL database by its own programs: pg_dump, pg_restore and psql."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from config.settings import environment
from grants.backups.kept import BackupError, Contents, contents
from models.session import opened

PLAIN: Final = ("--no-owner", "--no-privileges")
OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)
PAUSE: Final = """
DO $$ BEGIN
  IF to_regclass('public.restoration') IS NOT NULL THEN
    INSERT INTO public.restoration (at, actor, file, made_at) VALUES ({values});
  END IF;
END $$;
"""
"""In the transaction that puts the rows back: no deliverer ever sees them without the pause."""


def dump(url: str, to: Path, programs: Path | None) -> Contents:
    """As it was at one moment, whoever writes meanwhile, and so are the counts. Raises BackupError."""
    program("pg_dump", programs)  # before anything is asked of the database
    with opened(url) as engine, engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        tables = {*inspect(connection).get_table_names()}
        found = contents(tables, lambda question: connection.scalar(text(question)))
        taken = ("--format=custom", *PLAIN, f"--snapshot={snapshot}", f"--file={to}")
        run("pg_dump", programs, *taken, url=url)
    look(to, programs)
    return found


def look(file: Path, programs: Path | None) -> None:
    """Make sure that a dump can be read to its end of contents. Raises BackupError."""
    run("pg_restore", programs, "--list", str(file))


def idle(url: str) -> None:
    """Make sure that nobody else is connected. Raises BackupError."""
    with opened(url) as engine, engine.connect() as connection:
        others = connection.scalar(text(OTHERS))
    if others:
        sentence = (
            f"{others} others are connected to the database: stop the office first. Nothing was changed."
        )
        raise BackupError(sentence)


def replace(url: str, file: Path, programs: Path | None, *, pause: str) -> None:
    """Put a dump in the place of all there is, in one transaction; raises BackupError."""
    anew = ("-c", "DROP SCHEMA public CASCADE", "-c", "CREATE SCHEMA public")
    whole = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
    with TemporaryDirectory(prefix="pijplijn-restore-") as folder:
        script = f"{folder}/rows.sql"
        run("pg_restore", programs, *PLAIN, f"--file={script}", str(file))
        run("psql", programs, *whole, *anew, "-f", script, "-c", pause, url=url)


def pause(at: datetime, actor: str, file: str, made_at: datetime) -> str:
    """The statement that has nothing sent before someone looked, where the schema has a place for it."""
    quoted = ["'" + str(one).replace("'", "''") + "'" for one in (at, actor, file, made_at)]
    return PAUSE.format(values=", ".join(quoted))


@contextmanager
def scratch(url: str, file: Path, programs: Path | None, *, name: str) -> Iterator[str]:
    """A database beside ours with what a dump holds, dropped afterwards. Raises BackupError."""
    other = make_url(url).set(database=name).render_as_string(hide_password=False)
    with opened(url) as engine:
        admin = engine.execution_options(isolation_level="AUTOCOMMIT")
        try:
            with admin.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "{name}"'))
        except DBAPIError as error:
            sentence = (
                f"No scratch database could be made ({error.orig}): give the account CREATEDB for the drill."
            )
            raise BackupError(sentence) from error
        try:
            run("pg_restore", programs, *PLAIN, "--exit-on-error", str(file), url=other)
            yield other
        finally:
            with admin.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def holds(url: str) -> Contents:
    """What a database holds now."""
    with opened(url) as engine, engine.connect() as connection:
        tables = {*inspect(connection).get_table_names()}
        return contents(tables, lambda question: connection.scalar(text(question)))


def program(name: str, folder: Path | None) -> str:
    """Where one of PostgreSQL's programs lies. Raises BackupError."""
    found = which(name, path=str(folder) if folder else None)
    if found is None:
        sentence = (
            f"{name} is not found: install PostgreSQL's client programs (Debian: postgresql-client), of the "
            "server's version or newer, or name their folder in PIJPLIJN_POSTGRES_BIN. Nothing was changed."
        )
        raise BackupError(sentence)
    return found


def run(name: str, folder: Path | None, *words: str, url: str = "") -> None:
    """Run a program to its end; the password goes by the environment, which other users cannot see."""
    command, secret = [program(name, folder)], {}
    if url:
        address = make_url(url).set(drivername="postgresql")
        secret = {"PGPASSWORD": address.password or ""}
        command.append(f"--dbname={address.set(password=None).render_as_string()}")
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        [*command, *words], env=environment(**secret), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[-500:] or f"code {done.returncode}"
        raise BackupError(f"{name} failed: {said}")
