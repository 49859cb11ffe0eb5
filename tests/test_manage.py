# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The command line as an operator types it, on a database of its own."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, text

import manage
from config.settings import HOME, settings
from demo.portal import serving, stocked
from grants import clock
from grants.journal import write
from grants.outbox import post
from grants.running import noted
from grants.watch import EXPECTED
from models.colleague import Access, Colleague
from models.message import Message, MessageState
from models.office import Office
from models.session import Begin, connect, transactions
from models.source import HarvestRun, Source
from models.values import Completeness
from ops.supervisor import alone
from tests import builders
from tests.builders import letter, suppression
from tests.conftest import NOW
from tests.imap_box import imap_box
from tests.migrations.filled import first_schema
from tests.prefect_api import PASSWORD, answering


@dataclass
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str


class Desk:
    """A migrated and seeded office, and its command line."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str], url: str) -> None:
        self.patch, self.capture, self.url = patch, capture, url
        self.engine = connect(url)

    def __call__(self, *words: str) -> Said:
        self.patch.setattr(sys, "argv", ["manage.py", *words])
        code = 0
        try:
            manage.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Said(code, *self.capture.readouterr())

    @property
    def begin(self) -> Begin:
        return transactions(self.engine)


@pytest.fixture
def desk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Desk]:
    desk = Desk(monkeypatch, capsys, f"sqlite:///{tmp_path / 'desk.db'}")
    for name, value in {"PIJPLIJN_DATABASE_URL": desk.url, "COLUMNS": "120", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    for deed in ("migrate", "seed"):
        assert desk(deed).code == 0
    yield desk
    desk.engine.dispose()
    settings.cache_clear()


def test_sources_fit_a_terminal_and_give_machines_everything(desk: Desk) -> None:
    shown = desk("sources")
    assert "last success" in shown.out
    assert "never_read" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 120
    (first, *_) = json.loads(desk("sources", "--json").out)
    assert {"slug", "url", "every_hours", "next_try_at", "warnings"} <= first.keys()


def test_sources_say_what_drifted_and_what_to_do(desk: Desk) -> None:
    with desk.begin() as session:
        portal = session.scalars(select(Source).where(Source.slug == "eu-portal")).one()
        now = clock.now()
        portal.last_success_at = now
        session.add(
            HarvestRun(source=portal, started_at=now, finished_at=now, outcome=Completeness.COMPLETE, seen=12)
        )
    shown = desk("sources").out
    assert "drifting" in shown
    assert "It gives" in shown
    (portal_row,) = [one for one in json.loads(desk("sources", "--json").out) if one["slug"] == "eu-portal"]
    (finding,) = portal_row["drifts"]
    assert (finding["kind"], finding["found"], finding["expected"]) == ("few", 12, 300)
    assert finding["sentence"].startswith("It gives 12 calls since ")


def test_calls_and_matching_of_a_new_office_say_what_there_is(desk: Desk) -> None:
    assert json.loads(desk("calls", "--json").out) == []
    assert "nothing" in desk("calls").out
    assert desk("match").out.endswith("2 calls matched.\n")  # the funds that are kept by hand
    assert desk("match").out == "0 calls matched.\n"
    assert json.loads(desk("link", "--json").out) == [{"made": 0, "let_go": 0}]
    assert {row["identifier"] for row in json.loads(desk("calls", "--json").out)} <= {""}


def test_a_dry_run_shows_and_writes_nothing(desk: Desk) -> None:
    for deed in ("digest", "remind"):
        shown = desk(deed, "--on", "2026-11-30", "--dry-run")
        assert shown.out.rstrip().endswith("would be written.")
    assert json.loads(desk("messages", "--all", "--json").out) == []


def test_a_message_that_waits_is_listed_and_goes_again_when_released(desk: Desk) -> None:
    with desk.begin() as session:
        letter = post(
            session, key="digest:1", kind="digest", recipient="noor@enschede.example", subject="Week 48",
            text="x", html="x", now=NOW, sender="Pijplijn <p@x.example>",
        )  # fmt: skip
        assert letter is not None
        letter.state, letter.last_error, number = MessageState.HELD, "no answer", letter.id
    (line,) = json.loads(desk("messages", "--json").out)
    assert (line["id"], line["state"], line["last_error"]) == (number, "held", "no answer")
    assert "goes with the next delivery" in desk("messages", "--release", str(number)).out
    with desk.begin() as session:
        assert session.get_one(Message, number).state == MessageState.QUEUED
    assert json.loads(desk("messages", "--json").out) == []


def test_an_address_that_was_refused_is_listed_and_lifted(desk: Desk) -> None:
    with desk.begin() as session:
        session.add(letter())
        session.flush()
        session.add(suppression())
    (line,) = json.loads(desk("messages", "suppressed", "--json").out)
    assert (line["id"], line["address"], line["why"]) == (1, "weg@enschede.example", "550 5.1.1 no such user")
    assert "Letters to weg@enschede.example go again." in desk("messages", "suppressed", "--lift", "1").out
    assert json.loads(desk("messages", "suppressed", "--json").out) == []


def test_what_came_back_is_read_and_listed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with imap_box(lambda: [b"From: a@b.example\r\n\r\nhello"]) as box:
        monkeypatch.setenv("PIJPLIJN_BOUNCE_URL", box.url)
        settings.cache_clear()
        (line,) = json.loads(desk("messages", "bounces", "--read", "--json").out)
    assert (line["finding"], line["message_id"]) == ("no_report", None)


def test_a_database_that_was_put_back_sends_again_once_the_journal_is_believed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIJPLIJN_JOURNAL", str(tmp_path / "accepted"))
    settings.cache_clear()
    write(tmp_path / "accepted", "<lost@x.example>", at=NOW)
    assert json.loads(desk("deliver", "--json").out)[0]["paused"] == 1
    assert (
        "0 messages are marked as sent. 1 more are not in this database" in desk("messages", "reconcile").out
    )
    assert json.loads(desk("deliver", "--json").out)[0]["paused"] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("capture", "nowhere"), "There is no source called 'nowhere'"),
        (("harvest", "cinea", "--replay", "/nowhere"), "There is no recording in /nowhere"),
        (("messages", "--release", "999"), "There is no message 999."),
        (("harvest", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(desk: Desk, words: tuple[str, ...], sentence: str) -> None:
    done = desk(*words)
    assert done.code == 1
    assert sentence in done.out + done.err
    assert "Traceback" not in done.err


OVERIJSSEL = Path(__file__).parent / "recordings" / "bekendmakingen-overijssel"


def test_a_recording_is_read_instead_of_the_source_itself(desk: Desk) -> None:
    with desk.begin() as session:
        source = session.scalars(select(Source).filter_by(slug="cinea")).one()
        source.url = "http://127.0.0.1:8765/feeds/overijssel.xml"
    done = desk("harvest", "cinea", "--replay", str(OVERIJSSEL), "--json")
    (run,) = json.loads(done.out)
    assert (done.code, run["outcome"], run["seen"], run["new"]) == (0, "complete", 10, 10)


def test_a_capture_records_a_reading_and_says_how_to_make_it_a_test(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(stocked(HOME / "demo")) as address:
        monkeypatch.setenv("PIJPLIJN_TRUSTED_HOSTS", address.removeprefix("http://"))
        monkeypatch.setenv("PIJPLIJN_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("PIJPLIJN_SOURCE_KEYS", "cinea=overijssel")
        settings.cache_clear()
        with desk.begin() as session:
            source = session.scalars(select(Source).filter_by(slug="cinea")).one()
            source.url = f"{address}/feeds/overijssel.xml"
        done = desk("capture", "cinea", "--to", str(tmp_path / "r"))
        again = desk("capture", "cinea")
    assert (done.code, again.code) == (0, 0)
    assert "complete" in done.out
    assert "tests/recordings" in done.out
    assert json.loads((tmp_path / "r" / "expected.json").read_text())["seen"] == 10
    assert "overijssel" not in (tmp_path / "r" / "index.json").read_text()
    assert list((tmp_path / "data" / "recordings").glob("cinea-*/001.xml")) != []
    assert json.loads(desk("sources", "--json").out)[0]["outcome"] is None
    with desk.begin() as session:
        assert session.scalars(select(HarvestRun)).all() == []


def test_sources_without_disagreements_and_without_topics_to_detail_say_so(desk: Desk) -> None:
    assert json.loads(desk("crosscheck", "--json").out) == []
    assert "0 calls got their text" in desk("details").out


def test_the_audit_log_is_listed_and_verified_and_a_change_behind_its_back_is_told(desk: Desk) -> None:
    (latest, *_rest) = listed = json.loads(desk("audit", "--json").out)
    assert (len(listed), latest["actor"], latest["action"]) == (20, "seed", "added")
    done = desk("audit", "--verify")
    head = done.out.strip().rpartition(" ")[2].rstrip(".")
    assert (done.code, head[:12]) == (0, latest["hash"])
    assert desk("audit", "--head", head).code == 0
    cut = desk("audit", "--head", "0" * 64)
    assert (cut.code, "does not hold at its end" in cut.out) == (1, True)
    with desk.begin() as session:
        session.execute(text("DROP TRIGGER audit_entry_not_changed"))
        session.execute(text("UPDATE audit_entry SET actor = 'nobody' WHERE id = 3"))
    broken = desk("audit", "--verify")
    assert (broken.code, "does not hold at entry 3" in broken.out) == (1, True)


def test_texts_of_a_file_are_matched_to_the_shipped_themes_without_a_database(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "texts.jsonl"
    title = "Warmtenet en aardwarmte voor de wijk"
    file.write_text(json.dumps({"id": "x", "title": title, "text": ""}) + "\n", encoding="utf-8")
    monkeypatch.setenv("PIJPLIJN_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    settings.cache_clear()
    row = json.loads(desk("match", "--texts", str(file), "--json").out)
    assert (row["id"], row["lang"], len(row["themes"])) == ("x", "nl", 10)
    best = max(row["themes"], key=lambda theme: theme["probability"])
    assert (best["id"], best["band"]) == ("energie", "strong")
    assert desk("match", "--texts", str(file)).out.startswith(
        "x [nl] energie (strong: Warmtenet, aardwarmte)"
    )
    file.write_text('{"id": "x", "title": "Dans en muziek", "text": ""}\nno\n', encoding="utf-8")
    said = desk("match", "--texts", str(file))
    assert (said.code, said.out) == (1, "x [nl] no theme\n")
    assert said.err.startswith("Line 2 is no JSON")


@pytest.fixture
def data(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of an office whose backups, journal and lock are its own."""
    monkeypatch.setenv("PIJPLIJN_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    return tmp_path / "data"


def test_a_backup_is_made_listed_drilled_and_put_back_and_then_nothing_is_sent(
    desk: Desk, data: Path
) -> None:
    assert "nothing" in desk("backups").out
    desk.engine.dispose()
    made = desk("backup")
    (row,) = json.loads(desk("backups", "--json").out)
    name = Path(row["path"]).name
    assert (name in made.out, row["reason"], row["counts"]["office"]) == (True, "hand", 3)
    assert name[:20] in desk("backups").out
    assert "rows are there." in desk("drill").out
    done = desk("restore", name)
    assert "What was there before is in" in done.out
    assert "manage.py messages reconcile" in done.out
    assert json.loads(desk("deliver", "--json").out)[0]["paused"] == 1
    desk("messages", "reconcile")
    assert json.loads(desk("deliver", "--json").out)[0]["paused"] == 0


def test_nothing_is_put_back_while_the_office_runs_and_damage_is_kept(desk: Desk, data: Path) -> None:
    desk("backup")
    (row,) = json.loads(desk("backups", "--json").out)
    desk.engine.dispose()
    with alone(data / "running"):
        refused = desk("restore", row["path"])
    assert (refused.code, "already runs" in refused.err) == (1, True)
    file = Path(desk.url.removeprefix("sqlite:///"))
    file.write_bytes(b"damaged")
    assert "kept as it was in" in desk("restore", row["path"]).out
    assert desk("restore", "nowhere.sqlite").code == 1


def test_a_migration_makes_a_backup_first_unless_told_not_to(desk: Desk, data: Path) -> None:
    def turn_back() -> None:
        desk.engine.dispose()
        Path(desk.url.removeprefix("sqlite:///")).unlink()
        with desk.engine.begin() as connection:
            first_schema(connection)

    turn_back()
    assert "A backup was made first" in desk("migrate").out
    turn_back()
    assert "made first" not in desk("migrate", "--no-backup").out
    assert len(json.loads(desk("backups", "--json").out)) == 1


def test_themes_go_to_a_file_and_come_back_from_it(desk: Desk, tmp_path: Path) -> None:
    with transactions(desk.engine)() as session:
        office = session.scalars(select(Office.id).where(Office.slug == "enschede")).one()
        people = {"noor": Access.EDITOR, "sam": Access.READER}
        session.add_all([
            builders.colleague(office_id=office, email=f"{name}@enschede.example", name=name, access=access)
            for name, access in people.items()
        ])  # fmt: skip
    starter, file = desk("themes", "export", "--starter"), tmp_path / "themes.toml"
    assert starter.code == 0
    assert 'id = "klimaat_water"' in starter.out
    file.write_text(starter.out.replace('"wateroverlast"', '"watersnood*"'), encoding="utf-8")
    noor = ("--as", "noor@enschede.example")
    assert "sam may read" in desk("themes", "import", str(file), "--as", "sam@enschede.example").err
    assert "core.nl - wateroverlast" in desk("themes", "import", str(file), *noor, "--dry-run").out
    assert "2 changed." in desk("themes", "import", str(file), *noor).out
    assert '"watersnood*"' in desk("themes", "export").out
    assert "0 changed." in desk("themes", "import", str(file), *noor).out


def test_themes_says_what_it_cannot_do(desk: Desk, tmp_path: Path) -> None:
    file, noor = tmp_path / "themes.toml", ("--as", "noor@enschede.example")
    assert "no office 'nergens'" in desk("themes", "export", "--office", "nergens").err
    assert "cannot be read" in desk("themes", "import", str(file), *noor).err
    file.write_text("[[theme]", encoding="utf-8")
    assert "no TOML" in desk("themes", "import", str(file), *noor).err


def test_everything_is_exported_with_a_warning_and_a_line_in_the_audit_log(
    desk: Desk, tmp_path: Path
) -> None:
    said = desk("export", "--to", str(tmp_path / "out"))
    assert (said.code, "Confidential applications" in said.out) == (0, True)
    assert '"action": "exported"' in (tmp_path / "out" / "audit_entry.jsonl").read_text()
    assert "is not empty" in desk("export", "--to", str(tmp_path / "out")).err


def test_status_ends_with_code_1_as_long_as_something_asks_for_a_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "prefect").mkdir()
    (tmp_path / "prefect" / "password").write_text(PASSWORD.partition(":")[2])
    monkeypatch.setenv("PIJPLIJN_DATA_DIR", str(tmp_path))
    with answering() as prefect:
        monkeypatch.setenv("PIJPLIJN_PREFECT_PORT", str(prefect.port))
        settings.cache_clear()
        shown = desk("status")
        assert (shown.code, "No background task has run yet." in shown.out) == (1, True)
        assert "Prefect does not answer" not in shown.out
        assert desk("backup").code == desk("drill").code == 0
        with desk.begin() as session:
            session.query(Source).update({"enabled": False})
        for flow in EXPECTED:
            with noted(desk.begin, flow, clock.now):
                pass
        assert (desk("status").code, desk("status").out) == (0, "Nothing asks for a person.\n")
        prefect.broken = True
        (row,) = json.loads(desk("status", "--json").out)
        assert (row["code"], row["matter"]) == ("prefect", "Prefect does not answer.")


def test_the_office_moves_by_one_command_that_says_what_to_do_next(desk: Desk, tmp_path: Path) -> None:
    new = f"sqlite:///{tmp_path / 'new.db'}"
    desk.patch.setenv("PIJPLIJN_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    with alone(settings().running_folder):
        assert "already runs" in desk("move", "--to", new).err
    said = desk("move", "--to", new)
    assert said.code == 0
    assert "office: 3 rows" in said.out
    assert "The audit log holds: " in said.out
    assert "Set PIJPLIJN_DATABASE_URL" in said.out
    assert "not empty" in desk("move", "--to", new).err


def test_a_colleague_who_left_takes_their_data_along_and_is_made_nameless(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.begin() as session:
        office = session.scalars(select(Office)).first()
        assert office is not None
        sam = builders.colleague(name="Sam van Dam", email="sam@enschede.example", office_id=office.id)
        session.add(sam)
        session.flush()
        number = sam.id
    assert (
        json.loads(desk("people", "export", "sam@enschede.example").out)["colleague"][0]["name"]
        == "Sam van Dam"
    )
    refused = desk("people", "erase", "sam@enschede.example", "--yes")
    assert (refused.code, "Who works here is not erased" in refused.err) == (1, True)
    with desk.begin() as session:
        session.get_one(Colleague, number).active = False
        session.execute(text("UPDATE colleague SET last_seen_at = NULL"))
    monkeypatch.setattr("typer.confirm", lambda *_, **__: True)
    done = desk("people", "erase", "sam@enschede.example")
    assert f"they are number {number} now" in done.out
    assert "run this again after a restore" in " ".join(done.out.split())
    assert "Nobody with the address" in desk("people", "export", "sam@enschede.example").err
