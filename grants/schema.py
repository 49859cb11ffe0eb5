# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The schema of the database, brought to this version of the program by Alembic."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from config.settings import HOME
from grants.errors import PijplijnError
from models.session import connect


def migrate(url: str) -> list[str]:
    """Bring a database up to date; returns a sentence for each step taken.

    Raises:
        PijplijnError: the database is of a newer version than this program.
    """
    engine = connect(url)
    try:
        with engine.begin() as connection:
            return upgrade(connection)
    finally:
        engine.dispose()


def outdated(url: str) -> bool:
    """Whether a database has a schema, and an older one than this program."""
    engine = connect(url)
    try:
        with engine.begin() as connection:
            has = MigrationContext.configure(connection).get_current_revision()
            return has is not None and has != ScriptDirectory(str(HOME / "migrations")).get_current_head()
    finally:
        engine.dispose()


def known(revision: str) -> bool:
    """Whether this program knows a schema, and so can bring it up to date."""
    return revision in {
        script.revision for script in ScriptDirectory(str(HOME / "migrations")).walk_revisions()
    }


def upgrade(connection: Connection) -> list[str]:
    """The same, on an open connection: all steps in its transaction."""
    config = alembic_config(connection)
    scripts = ScriptDirectory.from_config(config)
    before = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision: script for script in scripts.walk_revisions()}
    if before is not None and before not in known:
        sentence = (
            f"The database has schema {before}, which this program does not know: it is of a newer version."
        )
        raise PijplijnError(sentence)
    command.upgrade(config, "head")
    taken = list(scripts.iterate_revisions(scripts.get_current_head(), before))
    return [f"{script.revision}: {script.doc}" for script in reversed(taken)]


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for a connection; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(HOME / "migrations"))
    config.attributes["connection"] = connection
    return config
