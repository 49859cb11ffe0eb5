# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The schema of the database, brought to this version of the program by Alembic."""

from functools import cache
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from config.settings import HOME
from grants.errors import PijplijnError
from models.session import opened

MIGRATIONS: Final = str(HOME / "migrations")


def migrate(url: str) -> list[str]:
    """Bring a database up to date; returns a sentence for each step taken.

    Raises:
        PijplijnError: the database is of a newer version than this program.
    """
    with opened(url) as engine, engine.begin() as connection:
        return upgrade(connection)


def outdated(url: str) -> bool:
    """Whether a database has a schema, and an older one than this program."""
    with opened(url) as engine, engine.begin() as connection:
        has = current(connection)
    return has is not None and has != wanted()


def current(connection: Connection) -> str | None:
    """The schema of a database; None when it has none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def wanted() -> str | None:
    """The schema that this program works with."""
    return _scripts().get_current_head()


def known(revision: str) -> bool:
    """Whether this program knows a schema, and so can bring it up to date."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def upgrade(connection: Connection) -> list[str]:
    """The same, on an open connection: all steps in its transaction."""
    scripts = _scripts()
    before = current(connection)
    if before is not None and not known(before):
        sentence = (
            f"The database has schema {before}, which this program does not know: it is of a newer version."
        )
        raise PijplijnError(sentence)
    command.upgrade(alembic_config(connection), "head")
    taken = list(scripts.iterate_revisions(scripts.get_current_head(), before))
    return [f"{script.revision}: {script.doc}" for script in reversed(taken)]


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for a connection; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(MIGRATIONS)
