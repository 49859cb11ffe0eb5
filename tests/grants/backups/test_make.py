# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A backup is whole or absent: under writers, on a full disk, after a kill, without the programs."""

import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from grants import backups, schema
from grants.auditing import note
from grants.backups import BackupError
from grants.backups.kept import manifest_of
from grants.schema import migrate
from models.audit import AuditEntry
from models.session import Begin
from tests.conftest import NOW
from tests.grants.backups.conftest import Kept


def test_a_backup_tells_what_it_is_and_its_counts_are_those_of_the_database(office: Kept) -> None:
    made = office.back_up()
    assert backups.kept(office.folder) == [made]
    assert (made.made_at, made.reason, schema.known(made.schema)) == (NOW, "hourly", True)
    assert (made.counts["office"], made.counts["call"], made.counts["audit_entry"]) == (1, 1, 1)
    assert made.counts["message"] == 0
    assert made.size == made.path.stat().st_size
    assert sorted(file.name for file in office.folder.iterdir()) == [
        "lock", made.path.name, manifest_of(made.path).name,
    ]  # fmt: skip


@pytest.mark.slow
def test_under_a_constant_writer_each_backup_is_of_one_moment(office: Kept, begin: Begin) -> None:
    """Two entries are written in each transaction: a torn copy would have an odd number."""
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            with begin() as session:
                for number in (1, 2):
                    note(session, at=NOW, actor="noor", action="changed", subject="call", subject_id=number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [office.back_up(minutes) for minutes in range(6)]
    finally:
        done.set()
        writer.join()
    counts = [one.counts["audit_entry"] for one in made]
    assert [count % 2 for count in counts] == [1] * 6
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    with begin() as session:
        assert counts[-1] <= session.scalars(select(func.count()).select_from(AuditEntry)).one()
    assert office.drill().backup == made[-1]


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file grows past this size: the nearest to a full disk that needs no rights."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.slow
def test_a_full_disk_is_a_sentence_and_costs_no_earlier_backup(office: Kept) -> None:
    first = office.back_up()
    with full_disk(4096), pytest.raises(BackupError) as told:
        office.back_up(60)
    assert "made in" in str(told.value) or "pg_dump failed" in str(told.value)
    assert backups.kept(office.folder) == [first]
    assert len(list(office.folder.iterdir())) == 3
    assert office.drill().backup == first


def test_a_folder_that_cannot_be_written_is_a_sentence(office: Kept) -> None:
    office.folder.write_text("a file")
    with pytest.raises(BackupError, match=r"No backup was made in .* There is no earlier one\."):
        office.back_up()


def test_what_a_killed_backup_left_is_no_backup_and_goes_with_the_next(office: Kept) -> None:
    first = office.back_up()
    ending = first.path.suffix
    half = f"pijplijn-20261124-083000-000{ending}"
    leftovers = [f"{half}.partial", f"{half}.json", f"{half}.json.partial", f"{half}.partial-journal"]
    for name in [*leftovers, f"mine-{half}", "notes.json"]:
        (office.folder / name).write_text("{")
    assert backups.kept(office.folder) == [first]
    second = office.back_up(60)
    assert backups.kept(office.folder) == [first, second]
    names = {file.name for file in office.folder.iterdir()}
    assert not names & {*leftovers}
    assert {f"mine-{half}", "notes.json"} <= names, "what is not ours is left alone"


def test_an_earlier_backup_that_lost_its_manifest_is_not_taken_away(office: Kept) -> None:
    first = office.back_up()
    manifest_of(first.path).unlink()
    office.back_up(60)
    assert first.path.exists()
    with pytest.raises(BackupError, match="manifest"):
        backups.at(first.path)
    with pytest.raises(BackupError, match="There is no backup"):
        backups.at(office.folder / "nowhere.sqlite")


def test_what_the_scheme_lets_go_is_taken_away_with_its_manifest(office: Kept) -> None:
    made = [office.back_up(minutes) for minutes in (0, 10, 20)]
    assert backups.kept(office.folder) == made[-1:]
    assert len(list(office.folder.iterdir())) == 3


def test_before_a_migration_a_backup_is_made_when_there_is_something_to_lose(place: Kept) -> None:
    def first() -> backups.Backup | None:
        return backups.before_migrating(place.url, place.folder, now=NOW, programs=place.programs)

    assert first() is None, "there is nothing yet"
    place.first_schema()
    made = first()
    assert made is not None
    assert (made.reason, made.schema, made.counts["call"]) == ("migration", "0001", 1)
    assert migrate(place.url) != []
    assert first() is None


def test_a_damaged_sqlite_file_is_no_backup(tmp_path: Path) -> None:
    file = tmp_path / "office.db"
    migrate(f"sqlite:///{file}")
    loose = sqlite3.connect(file)
    loose.execute("INSERT INTO attempt (message_id, at, outcome, reply) VALUES (99, '2026-01-01', 'x', '')")
    loose.commit()
    loose.close()
    with pytest.raises(BackupError, match="no sound SQLite file: ok; "):
        backups.back_up(f"sqlite:///{file}", tmp_path / "b", reason="hand", now=NOW)
    assert backups.kept(tmp_path / "b") == []


def test_a_database_in_memory_or_nowhere_is_a_sentence(tmp_path: Path) -> None:
    for url, sentence in (
        ("sqlite://", "in memory"),
        (f"sqlite:///{tmp_path}/none.db", "There is no database"),
    ):
        with pytest.raises(BackupError, match=sentence):
            backups.back_up(url, tmp_path / "b", reason="hand", now=NOW)


def test_without_postgresqls_programs_it_says_what_to_install(postgres_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"pg_dump is not found: install .*postgresql-client.*POSTGRES_BIN"):
        backups.back_up(postgres_url, tmp_path / "b", reason="hand", now=NOW, programs=tmp_path)
    assert backups.kept(tmp_path / "b") == []


def test_a_postgresql_that_is_not_there_is_a_sentence(programs: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="No backup was made in"):
        backups.back_up(
            "postgresql://x@127.0.0.1:1/x", tmp_path / "b", reason="hand", now=NOW, programs=programs
        )


def test_an_operator_hears_of_a_backup_older_than_a_day_or_of_none(office: Kept, begin: Begin) -> None:
    watch = backups.overdue(office.folder)
    with begin() as session:
        ((key, sentence),) = watch(session, NOW)
        assert (key, sentence[:24]) == ("backup", "There is no backup yet: ")
        office.back_up()
        assert [*watch(session, NOW + timedelta(hours=24))] == []
        ((_, sentence),) = watch(session, NOW + timedelta(hours=25))
    assert sentence.startswith("The last backup is of 2026-11-24 08:00 UTC: ")
