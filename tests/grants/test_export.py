# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Everything goes out in open formats, and nothing that lets someone in."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from grants.calendars import make
from grants.export import Exported, ExportError, export
from grants.outbox import post
from grants.sign_ins import open_sign_in
from models.base import Base
from models.calendar import Scope
from models.colleague import Colleague
from models.session import Begin
from models.source import Payload
from tests import builders
from tests.builders import NOW

HASH = "$argon2id$v=19$verborgen"


@pytest.fixture
def filled(begin: Begin) -> list[str]:
    """An office with something of everything that is secret; what must not come out."""
    with begin() as session:
        session.add_all([builders.office(), builders.source()])
        session.flush()
        noor = builders.colleague(password=HASH, totp="gAAAAverborgen")
        session.add_all(
            [
                noor,
                builders.call(),
                builders.application(confidential=True, title="Zaak Ω", total=Decimal("12.50")),
            ]
        )
        session.add(
            Payload(sha256="a" * 64, content_type="text/xml", size=2, body=b"\x00\xff", first_seen_at=NOW)
        )
        session.flush()
        cookie = open_sign_in(session, noor, way="password", browser="", now=NOW)
        feed = make(session, session.get_one(Colleague, 1), Scope.MINE, by=noor, now=NOW)
        post(
            session, key="digest:1", kind="digest", recipient="noor@enschede.example", subject="Week 48", now=NOW,
            sender="P <p@x.example>", unsubscribe="https://p.example/unsubscribe/1.verborgen",
            text="Zet uit: https://p.example/unsubscribe/1.verborgen\nGroet", html="<a href='/unsubscribe/1.verborgen'>x</a>",
        )  # fmt: skip
    return [HASH, "verborgen", cookie, feed]


def rows(done: Exported, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (done.folder / f"{table}.jsonl").read_text().splitlines()]


def written(engine: Engine, folder: Path) -> Exported:
    return export(engine.url.render_as_string(hide_password=False), folder)


def test_every_table_goes_out_with_its_rows_and_confidential_ones_too(
    engine: Engine, filled: list[str], tmp_path: Path
) -> None:
    done = written(engine, tmp_path / "out")
    assert done.counts.keys() == Base.metadata.tables.keys()
    assert all(len(rows(done, name)) == count for name, count in done.counts.items())
    (application,) = rows(done, "application")
    assert (application["title"], application["confidential"], application["total"]) == (
        "Zaak Ω",
        True,
        "12.50",
    )
    (payload,) = rows(done, "payload")
    assert (payload["body"], payload["first_seen_at"]) == ("AP8=", NOW.isoformat())
    (letter,) = rows(done, "message")
    assert letter["text"] == "Zet uit: https://p.example/unsubscribe/…\r\nGroet\r\n"


def test_nothing_that_lets_someone_in_goes_out(engine: Engine, filled: list[str], tmp_path: Path) -> None:
    done = written(engine, tmp_path / "out")
    everything = "".join(one.read_text() for one in done.folder.iterdir())
    assert [one for one in filled if one in everything] == []
    names = {name for table in done.counts for row in rows(done, table) for name in row}
    assert names & {"password", "totp", "totp_used", "token_hash", "mime"} == set()


def test_the_dictionary_tells_of_every_column_and_the_sums_are_right(
    engine: Engine, filled: list[str], tmp_path: Path
) -> None:
    done = written(engine, tmp_path / "out")
    told = json.loads((done.folder / "dictionary.json").read_text())["tables"]
    assert told.keys() == done.counts.keys()
    for table in done.counts:
        known = {name for name, facts in told[table]["columns"].items() if "left_out" not in facts}
        assert all(row.keys() == known for row in rows(done, table))
    assert told["call"]["columns"]["source_id"] == {
        "type": "INTEGER",
        "empty": False,
        "refers_to": ["source.id"],
    }
    assert told["colleague"]["columns"]["password"] == {"left_out": "it lets someone in"}
    assert told["colleague"]["what"] == "One person at one office."
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=done.folder, check=False)
    assert checked.returncode == 0
    assert {oct(one.stat().st_mode)[-3:] for one in done.folder.iterdir()} == {"600"}
    assert "confidential" in (done.folder / "README.txt").read_text()


def test_an_export_overwrites_nothing(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(ExportError, match="is not empty"):
        written(engine, tmp_path)
    with pytest.raises(ExportError, match=r"cannot be written \(Not a directory\)"):
        written(engine, tmp_path / "mine.txt" / "out")
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".jsonl"] == []


def test_an_export_sees_one_moment_and_keeps_no_writer_waiting(
    engine: Engine, begin: Begin, filled: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grants import export as module  # noqa: PLC0415

    plain, late = module._lines, list[int]()

    def slow(connection: Any, table: Any) -> Any:
        lines = [*plain(connection, table)]
        if not late:
            late.append(1)
            with begin() as session:
                session.add(builders.source(slug="late"))
                session.add(builders.office(slug="late"))
        return iter(lines)

    monkeypatch.setattr(module, "_lines", slow)
    done = written(engine, tmp_path / "out")
    assert (done.counts["office"], done.counts["source"]) == (1, 1)
