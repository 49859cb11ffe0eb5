# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is red: each thing that asks for a person, and nothing else."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from config.settings import Settings
from grants.watch import EXPECTED, Sign, red, words
from grants.watch.machine import Machine, Room, machine
from grants.watch.signs import _machine
from grants.wording import LANGUAGES
from models.message import Acceptance, Message, MessageState
from models.session import Begin
from models.trouble import Trouble
from models.watch import AuditWalk, LastRun
from tests import builders
from tests.builders import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """A machine with a backup of this hour and a drill of this week."""
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(folder)
    drill = {"at": (NOW - 3 * DAY).isoformat(), "file": "x", "rows": 4}
    (folder / "last-drill.json").write_text(json.dumps(drill))
    return Settings(data_dir=tmp_path, backup_dir=folder)


def back_up(folder: Path, at: str = "2026-11-24T07:40:00+00:00") -> None:
    name = f"pijplijn-{at[:10].replace('-', '')}-074000-000.sqlite"
    (folder / name).write_text("x")
    facts = {
        "kind": "sqlite",
        "reason": "hourly",
        "schema": "0017",
        "size": 1,
        "sha256": "",
        "counts": {"call": 4},
    }
    (folder / f"{name}.json").write_text(json.dumps(facts | {"made_at": at}))


def well(session: Session) -> None:
    """Two offices in which every flow ran a minute ago and the log was walked."""
    session.add_all([builders.office(), builders.office(slug="almelo", name="Almelo")])
    ran(session)


def ran(session: Session) -> None:
    """Every flow, a minute ago."""
    at = NOW - timedelta(minutes=1)
    for flow in EXPECTED:
        session.add(LastRun(flow=flow, first_at=NOW - 60 * DAY, started_at=at, ended_at=at, succeeded_at=at))
    session.add(AuditWalk(at=at, whole_at=at, entries=1, entry_id=1, head="a", why=""))
    session.flush()


def run(session: Session, flow: str) -> LastRun:
    return session.query(LastRun).filter_by(flow=flow).one()


def letter(state: MessageState, office_id: int = 1, **facts: Any) -> Message:
    number = f"{state}{office_id}"
    return Message(
        **{
            "key": number, "kind": "digest", "recipient": "noor@x.example", "subject": "s", "message_id": number,
            "mime": b"m", "state": state, "created_at": NOW, "next_attempt_at": NOW, "office_id": office_id,
        } | facts
    )  # fmt: skip


def test_nothing_is_red_where_all_is_well(begin: Begin, own: Settings) -> None:
    with begin() as session:
        well(session)
        session.add_all(
            [letter(MessageState.QUEUED), letter(MessageState.SENT), builders.source(last_success_at=NOW)]
        )
        session.flush()
        assert red(session, now=NOW, settings=own) == []


def _late(session: Session) -> None:
    run(session, "deliver-messages").started_at = NOW - HOUR


def _failed(session: Session) -> None:
    run(session, "harvest-calls").failure = "OSError"


def _gone(session: Session) -> None:
    session.delete(run(session, "daily-upkeep"))


def _never(session: Session) -> None:
    session.query(LastRun).delete()


def _refused(session: Session) -> None:
    session.add(letter(MessageState.DEAD))
    session.flush()
    session.add(builders.suppression(message_id=1))


def _walk(**facts: Any) -> Callable[[Session], None]:
    def change(session: Session) -> None:
        for name, value in facts.items():
            setattr(session.query(AuditWalk).one(), name, value)

    return change


def _add(*rows: Callable[[], Any]) -> Callable[[Session], None]:
    return lambda session: session.add_all([row() for row in rows])


def trouble(key: str) -> Callable[[], Trouble]:
    return lambda: Trouble(key=key, sentence="x", since=NOW)


MINUTE = NOW - timedelta(minutes=1)
RED = {
    "late": (_late, [Sign("late", "#runs", "deliver-messages", at=NOW - HOUR)]),
    "failed": (_failed, [Sign("failed", "#runs", "harvest-calls", at=MINUTE)]),
    "never ran while others did": (_gone, [Sign("late", "#runs", "daily-upkeep")]),
    "nothing ran": (_never, [Sign("never", "#runs")]),
    "held": (_add(lambda: letter(MessageState.HELD)), [Sign("stuck", "/messages?state=held", "held", 1)]),
    "slow": (
        _add(lambda: letter(MessageState.QUEUED, next_attempt_at=NOW - 2 * HOUR)),
        [Sign("slow", "/messages?state=queued", at=NOW - 2 * HOUR)],
    ),
    "paused": (
        _add(lambda: Acceptance(message_id="<a@x>", accepted_at=NOW, noticed_at=NOW)), [Sign("paused", "/messages")],
    ),
    "refused": (_refused, [Sign("stuck", "/messages?state=dead", "dead", 1), Sign("refused", "/messages", count=1)]),
    "a source": (
        _add(lambda: builders.source(last_success_at=NOW - 9 * DAY)), [Sign("sources", "/sources", count=1)],
    ),
    "a gap": (
        _add(trouble("reminder:1:missing:x"), trouble("reminder::unplanned")),
        [Sign("reminders", "/reminders", count=2, at=NOW)],
    ),
    "the archive": (_add(trouble("archive:")), [Sign("archive", at=NOW)]),
    "the mailbox": (_add(trouble("bounces:mailbox")), [Sign("bounces", at=NOW)]),
    "a broken log": (_walk(why="changed", broken_at=1), [Sign("broken", "/audit", at=MINUTE)]),
    "no walk": (_walk(whole_at=NOW - 3 * DAY), [Sign("unwalked", at=NOW - 3 * DAY)]),
}  # fmt: skip


@pytest.mark.parametrize("case", RED)
def test_each_thing_that_asks_for_a_person_is_red(begin: Begin, own: Settings, case: str) -> None:
    change, expected = RED[case]
    with begin() as session:
        well(session)
        change(session)
        session.flush()
        assert red(session, now=NOW, settings=own, office_id=1) == expected
        assert red(session, now=NOW, settings=own) == expected


def test_a_new_office_is_not_blamed_for_sources_nobody_read_and_drills_nobody_did(
    begin: Begin, tmp_path: Path
) -> None:
    back_up(tmp_path)
    own = Settings(data_dir=tmp_path, backup_dir=tmp_path)
    with begin() as session:
        session.add_all([builders.office(), builders.source()])
        session.add(LastRun(flow="deliver-messages", first_at=NOW, started_at=NOW))
        session.flush()
        assert red(session, now=NOW, settings=own) == []


def test_another_offices_letters_reminders_and_addresses_are_its_own_business(
    begin: Begin, own: Settings
) -> None:
    with begin() as session:
        well(session)
        session.add_all([letter(MessageState.HELD, 2), trouble("reminder:2:missing:x")()])
        session.add(letter(MessageState.QUEUED, 2, next_attempt_at=NOW - 2 * HOUR))
        session.flush()
        session.add(builders.suppression(message_id=1, office_id=2))
        session.flush()
        assert red(session, now=NOW, settings=own, office_id=1) == []
        assert [one.code for one in red(session, now=NOW, settings=own, office_id=2)] == [
            "stuck", "slow", "refused", "reminders",
        ]  # fmt: skip


def test_without_a_backup_there_is_one_sign_and_an_old_one_is_another(begin: Begin, tmp_path: Path) -> None:
    own = Settings(data_dir=tmp_path, backup_dir=tmp_path / "none")
    with begin() as session:
        well(session)
        assert red(session, now=NOW, settings=own) == [Sign("backup")]
    back_up(tmp_path, at="2026-11-22T07:40:00+00:00")
    found = machine(Settings(data_dir=tmp_path, backup_dir=tmp_path))
    made = NOW - 2 * DAY - timedelta(minutes=20)
    assert [*_machine(found, NOW, NOW - 60 * DAY)] == [Sign("backup", at=made), Sign("drill")]


def test_a_full_disk_is_red_and_an_old_drill_too(own: Settings) -> None:
    found = machine(own)
    disks = {"data": Room(2**20, 2**40), "backups": Room(2**39, 2**40), "small": Room(2**20, 2**21)}
    signs = [*_machine(Machine(disks, found.backup, found.drill), NOW, NOW)]
    assert signs == [Sign("full", name="data", count=1)]
    later = [*_machine(Machine({}, found.backup, found.drill), NOW + 50 * DAY, NOW)]
    assert [one.code for one in later] == ["backup", "drill"]


def test_what_cannot_be_seen_from_here_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "pijplijn-20261124-074000-000.sqlite").write_text("x")
    (tmp_path / "pijplijn-20261124-074000-000.sqlite.json").write_text("{")
    (tmp_path / "last-drill.json").write_text("[]")
    found = machine(Settings(data_dir=tmp_path / "not" / "yet", backup_dir=tmp_path))
    assert (found.backup, found.drill, [*found.disks]) == (None, None, ["data", "backups"])


def test_a_disk_that_cannot_be_asked_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_folder: Path) -> None:
        raise OSError("no such device")

    monkeypatch.setattr("shutil.disk_usage", broken)
    assert machine(Settings(data_dir=tmp_path)).disks == {}
    monkeypatch.setattr("pathlib.Path.is_dir", lambda _path: False)
    assert machine(Settings(data_dir=tmp_path)).disks == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_has_two_sentences_in_each_language(language: str) -> None:
    told = [sign for _, signs in RED.values() for sign in signs]
    told += [Sign(code, count=3, at=NOW) for code in ("prefect", "crashed", "waiting", "drill", "backup")]
    said = [words(one, language) for one in [*told, Sign("full", name="data", count=12)]]
    assert all(matter.endswith((".", "s")) and deed.endswith((".", "l")) for matter, deed in said)
    assert all("%" not in matter for matter, _ in said)
