# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A backup put back: the present kept, an older schema brought up to date, and nothing sent twice."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from config.settings import Settings
from grants import backups, journal, upkeep
from grants.auditing import verify
from grants.backups import BackupError, lite, postgres
from grants.backups.kept import sha256, write_manifest
from grants.digest import write_all
from grants.outbox import deliver
from grants.reconciling import last_put_back, notice, reconcile
from grants.reminders import write_reminders
from grants.schema import migrate
from models.audit import AuditEntry
from models.colleague import Colleague
from models.interest import Follow
from models.obligation import Obligation
from models.session import Begin, connect, transactions
from tests import builders
from tests.conftest import NOW
from tests.grants.backups.conftest import Kept
from tests.smtp_sink import mailer, smtp_sink

SENDER = "Pijplijn <p@enschede.example>"
DUE = (NOW + timedelta(days=14)).date()
HOUR = timedelta(hours=1)


@contextmanager
def using(office: Kept) -> Iterator[Begin]:
    """Transactions of one who is connected only so long: nothing is put back under a running office."""
    engine = connect(office.url)
    try:
        yield transactions(engine)
    finally:
        engine.dispose()


def rename(office: Kept, name: str) -> str:
    """Give Noor another name; what it was."""
    with using(office) as begin, begin() as session:
        noor = session.get_one(Colleague, 1)
        before, noor.name = noor.name, name
    return before


def test_a_backup_comes_back_and_what_was_there_is_kept(office: Kept) -> None:
    made = office.back_up()
    name = rename(office, "Somebody else")
    done = office.restore(made)
    assert rename(office, "A third") == name
    assert done.before is not None
    assert (done.before.reason, done.damaged, done.steps) == ("restore", (), ())
    office.restore(done.before, minutes=90)
    assert rename(office, name) == "Somebody else"
    assert [one.reason for one in backups.kept(office.folder)] == ["hourly", "restore", "restore"]
    assert office.drill().backup.reason == "restore"


def test_who_put_what_back_is_written_down_and_the_audit_log_holds(office: Kept) -> None:
    made = office.back_up()
    office.restore(made)
    with using(office) as begin, begin() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (entry.actor, entry.action, entry.facts["file"]) == ("noor", "restored", made.path.name)
        assert verify(session).why == ""
        row = last_put_back(session)
        assert row is not None
        assert (row.actor, row.file, row.made_at, row.at) == ("noor", made.path.name, NOW, NOW + HOUR)
        told = upkeep.troubles(session, now=NOW)["message:paused"]
        assert told.startswith("A backup of 2026-11-24 08:00 UTC was put back. Nothing is sent before")
        assert reconcile(session, actor="noor", now=NOW) == (0, 0)
        assert last_put_back(session) is None
        assert "message:paused" not in upkeep.troubles(session, now=NOW)


def test_after_an_old_backup_nothing_goes_before_someone_looked_and_nothing_twice(
    office: Kept, tmp_path: Path
) -> None:
    """The whole way: reminders written and sent, the backup before them put back, planned and sent anew."""
    settings = Settings(mail_from=SENDER, data_dir=tmp_path)

    def run(hour: int) -> None:
        """What the flows do at this hour."""
        now = NOW + HOUR * hour
        with using(office) as begin:
            with begin() as session:
                write_reminders(session, today=now.date(), now=now, settings=settings)
            by = mailer(sink.url)
            deliver(begin, mailer=by, sender=SENDER, now=now, journal=settings.journal_file)

    def ask_for(title: str, on: date) -> None:
        with using(office) as begin, begin() as session:
            session.add(builders.milestone(on, title=title, application_id=1))

    with smtp_sink() as sink:
        ask_for("Indienen", DUE)
        made = office.back_up()
        run(1)
        ask_for("Sinds de reservekopie", DUE)
        run(2)
        assert len(sink.taken) == 2
        office.restore(made, minutes=180)
        for hour in (4, 5, 30):
            run(hour)
        assert len(sink.taken) == 2, "nobody looked"
        with using(office) as begin, begin() as session:
            notice(session, journal.read(settings.journal_file), now=NOW)
            assert reconcile(session, actor="noor", now=NOW + HOUR * 31) == (1, 1)
        ask_for("Nieuw", DUE + timedelta(days=1))
        for hour in (32, 33):
            run(hour)
    subjects = [message_from_bytes(content)["Subject"] for _, content in sink.taken]
    assert len(subjects) == len({*subjects}) == 3
    assert "Nieuw" in subjects[2]


def test_what_gets_the_number_of_what_was_lost_is_not_taken_for_it(office: Kept, tmp_path: Path) -> None:
    """Dates, a call and its follower came since the backup and are lost; others come under their numbers."""
    settings = Settings(mail_from=SENDER, data_dir=tmp_path, secret_key=SecretStr("hush"))

    def arrive(name: str) -> list[int]:
        """What comes, with its numbers."""
        with using(office) as begin, begin() as session:
            who = Colleague(office_id=1, name=name, email=f"{name}@enschede.example", digest_hour=0)
            dates = [
                builders.milestone(DUE, title=f"Milestone {name}", application_id=1),
                Obligation(application_id=1, title=f"Obligation {name}", on=DUE, kind="content"),
                builders.call(key=name, title=f"Call {name}", deadlines=[builders.deadline(DUE)]),
            ]
            session.add_all([who, *dates])
            session.flush()
            session.add(Follow(colleague_id=who.id, call_id=dates[2].id, since=NOW))
            return [one.id for one in (who, *dates)]

    def run(hour: int) -> list[str]:
        """What went at this hour: to whom, and about what."""
        now, already = NOW + HOUR * hour, len(sink.taken)
        with using(office) as begin:
            with begin() as session:
                write_reminders(session, today=now.date(), now=now, settings=settings)
            write_all(begin, now=now, settings=settings)
            deliver(begin, mailer=mailer(sink.url), sender=SENDER, now=now, journal=settings.journal_file)
        return [f"{to}: {message_from_bytes(content)['Subject']}" for to, content in sink.taken[already:]]

    with smtp_sink() as sink:
        made = office.back_up()
        numbers, lost = arrive("lost"), run(1)
        office.restore(made)
        with using(office) as begin, begin() as session:
            assert notice(session, journal.read(settings.journal_file), now=NOW + HOUR * 2) == 6
            reconcile(session, actor="noor", now=NOW + HOUR * 2)
        assert arrive("found") == numbers
        found = run(3)
    letters = [message_from_bytes(content) for _, content in sink.taken]
    assert (len(lost), len(found)) == (5, 4), "Noor's own digest went, and comes no second time"
    assert [one for one in found if one.replace("found", "lost") not in lost] == []
    for header in ("Message-ID", "List-Unsubscribe"):
        values = [one[header] for one in letters if one[header]]
        assert len({*values}) == len(values)
    parts = [part.get_payload(decode=True) for one in letters for part in one.walk()]
    assert len({uid for part in parts for uid in re.findall(rb"^UID:.*", part or b"", re.MULTILINE)}) == 6


def test_an_older_backup_without_a_journal_still_waits_for_someone(office: Kept, tmp_path: Path) -> None:
    """A new machine: the journal was lost with the old one, and cannot say what went."""
    made = office.back_up()
    office.restore(made)
    with using(office) as begin:
        done = deliver(begin, mailer=mailer("smtp://x"), sender=SENDER, now=NOW, journal=tmp_path / "journal")
    assert done.paused == 1


def test_an_older_schema_is_brought_up_to_date_and_waits_too(place: Kept) -> None:
    place.first_schema()
    made = place.back_up()
    steps = migrate(place.url)
    done = place.restore(made)
    assert [*done.steps] == steps
    with using(place) as begin, begin() as session:
        assert last_put_back(session) is not None
    assert place.drill().backup == done.before


@pytest.mark.slow
def test_a_drill_brings_an_older_schema_up_to_date_too(place: Kept) -> None:
    place.first_schema()
    made = place.back_up()
    assert place.drill().steps[0].startswith("0002: ")
    assert backups.kept(place.folder) == [made]


def test_nothing_is_put_back_under_a_running_office(office: Kept) -> None:
    made = office.back_up()
    with using(office) as begin:
        with begin() as session:
            session.get_one(Colleague, 1).name = "Kept"
        with pytest.raises(BackupError, match=r"stop the office first.*Nothing was changed\."):
            office.restore(made)
    assert rename(office, "x") == "Kept"
    assert backups.kept(office.folder) == [made]


def test_a_backup_that_was_changed_or_is_of_another_program_is_refused(office: Kept) -> None:
    made = office.back_up()
    name = rename(office, "Kept")
    strange = replace(made, schema="9999")
    for wrong, why in [(strange, "schema 9999"), (replace(made, kind="oracle"), "a backup of oracle; this")]:
        with pytest.raises(BackupError, match=why):
            office.restore(wrong)
    content = made.path.read_bytes()
    made.path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(BackupError, match="sha256"):
        office.restore(made)
    made.path.write_bytes(b"x" * 5000)
    with pytest.raises(BackupError, match=r"no sound SQLite file|pg_restore failed"):
        office.restore(replace(made, sha256=sha256(made.path)))
    assert rename(office, name) == "Kept"


@pytest.mark.slow
def test_a_drill_finds_rows_that_are_not_there(office: Kept) -> None:
    with pytest.raises(BackupError, match="There is no backup of"):
        office.drill()
    made = office.back_up()
    write_manifest(replace(made, counts={**made.counts, "call": 2}))
    with pytest.raises(BackupError, match="other rows than its manifest says: call 1 instead of 2"):
        office.drill()


@pytest.mark.slow
def test_a_drill_reads_the_audit_log(office: Kept) -> None:
    with using(office) as begin, begin() as session:
        where = " ON audit_entry" if office.programs else ""
        session.execute(text(f"DROP TRIGGER audit_entry_not_changed{where}"))
        session.execute(text("UPDATE audit_entry SET actor = 'nobody'"))
    office.back_up()
    with pytest.raises(BackupError, match="audit log does not hold"):
        office.drill()


def test_a_damaged_database_is_kept_as_it_is_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "office.db"
    url, folder = f"sqlite:///{file}", tmp_path / "b"
    migrate(url)
    made = backups.back_up(url, folder, reason="hand", now=NOW)
    file.write_bytes(b"no database at all" * 1000)
    file.with_name("office.db-shm").write_bytes(b"left")
    file.with_name("office.db.restoring").write_bytes(b"of a restore that was killed")
    done = backups.restore(url, made, folder=folder, actor="noor", now=NOW)
    assert done.before is None
    assert [part.name for part in done.damaged] == [
        "office.db.damaged-20261124-080000", "office.db-shm.damaged-20261124-080000",
    ]  # fmt: skip
    assert done.damaged[0].read_bytes().startswith(b"no database")
    assert lite.look(file).counts["restoration"] == 1
    assert not file.with_name("office.db.restoring").exists()


def test_a_backup_is_put_back_where_there_is_nothing_yet(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    migrate(url)
    made = backups.back_up(url, tmp_path / "b", reason="hand", now=NOW)
    new = f"sqlite:///{tmp_path / 'new' / 'office.db'}"
    assert backups.restore(new, made, folder=tmp_path / "b", actor="noor", now=NOW).before is None
    assert lite.look(tmp_path / "new" / "office.db").schema == made.schema


def test_an_account_that_may_make_no_database_is_told_what_to_do(
    postgres_url: str, programs: Path, tmp_path: Path
) -> None:
    with (
        pytest.raises(BackupError, match="CREATEDB"),
        postgres.scratch(postgres_url, tmp_path / "x.dump", programs, name="postgres"),
    ):
        raise AssertionError
