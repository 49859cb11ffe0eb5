# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One reading of a source, captured for a test."""

import json
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from grants.errors import FaultKind, PijplijnError, SourceError
from grants.sources import adapters
from grants.sources.capture import replaying
from grants.sources.reading import (
    Entry,
    Fetch,
    Page,
    Reading,
    Request,
    Response,
    SourceConfig,
    Validator,
)
from grants.sources.recorded import capture, expected, recorded_source, told
from models.values import Basis, Completeness, Due

KEY = "z3cr3t-0f-n00r"


def keyed(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
    """An adapter that needs a key, and follows the address it is given."""
    if not source.secret:
        sentence = "This source asks for a key."
        raise SourceError(sentence, kind=FaultKind.REFUSED)
    first = fetch(Request(source.url, headers={"X-Api-Key": source.secret}))
    second = fetch(Request(first.body.decode()))
    if not known and second.body == b"":
        raise KeyError(second.url)
    dues = (
        Due(date(2026, 12, 15), time(17), stage="stage 1"),
        Due(None, basis=Basis.UNKNOWN, text="in het voorjaar"),
    )
    entry = Entry("7", "Ronde", second.url, deadlines=dues)
    return Reading(Completeness.COMPLETE, (entry,), (f"Read with {source.secret}.",), reported_total=1,
                   pages=(Page(second.url, "Pagina", "a\nb\nc\nd"),))  # fmt: skip


@pytest.fixture(autouse=True)
def _adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(adapters.ADAPTERS, "keyed", keyed)


def source(**facts: Any) -> SourceConfig:
    plain = {"slug": "fonds", "kind": "keyed", "url": "https://x.example/list?token=abcdefgh", "language": "nl",
             "zone": "Europe/Amsterdam", "rules": {"key": "guid", "note": KEY}, "secret": KEY}  # fmt: skip
    return SourceConfig(**plain | facts)


def fetch(request: Request) -> Response:
    body = f"https://x.example/next?key={KEY}" if "list" in request.url else "x"
    return Response(request.url, 200, {"content-type": "text/plain"}, body.encode())


def test_a_reading_is_captured_with_what_it_gave_and_without_its_key(tmp_path: Path) -> None:
    given = capture(source(), fetch=fetch, folder=tmp_path / "r")
    next_page = "https://x.example/next?key=SECRET"
    assert given == {
        "completeness": "complete",
        "seen": 1,
        "reported_total": 1,
        "warnings": ["Read with SECRET."],
        "pages": {next_page: ["Pagina", "a", "b", "c"]},
        "calls": {
            "7": [
                "Ronde",
                "stage 1 2026-12-15 17:00 Europe/Brussels stated",
                "'in het voorjaar' Europe/Brussels unknown",
            ]
        },
    }
    folder = tmp_path / "r"
    assert expected(folder) == given == told(recorded_source(folder), replaying(folder))
    assert recorded_source(folder) == source(
        url="https://x.example/list?token=SECRET", rules={"key": "guid", "note": "SECRET"}, secret="SECRET"
    )
    written = b"".join(file.read_bytes() for file in folder.iterdir())
    assert KEY.encode() not in written
    assert b"abcdefgh" not in written
    assert sorted(file.name for file in folder.iterdir()) == [
        "001.txt", "002.txt", "expected.json", "index.json", "source.json",
    ]  # fmt: skip


def test_a_reading_that_fails_is_captured_with_its_sentence(tmp_path: Path) -> None:
    def refused(request: Request) -> Response:
        raise SourceError("x.example answered 403: we are not let in.", kind=FaultKind.REFUSED)

    given = capture(source(), fetch=refused, folder=tmp_path)
    assert (
        given
        == expected(tmp_path)
        == {"error": "x.example answered 403: we are not let in.", "kind": "refused"}
    )


def test_a_source_without_a_key_has_none_in_its_recording(tmp_path: Path) -> None:
    assert capture(source(secret=""), fetch=fetch, folder=tmp_path)["error"] == "This source asks for a key."
    assert recorded_source(tmp_path).secret == ""
    assert json.loads((tmp_path / "index.json").read_text()) == []


def test_a_reading_that_crashes_leaves_the_recording_that_shows_why(tmp_path: Path) -> None:
    def empty(request: Request) -> Response:
        return Response(request.url, 200, {}, b"https://x.example/next" if "list" in request.url else b"")

    with pytest.raises(KeyError):
        capture(source(), fetch=empty, folder=tmp_path)
    with pytest.raises(KeyError):
        told(recorded_source(tmp_path), replaying(tmp_path))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(PijplijnError, match="There is something in"):
        capture(source(), fetch=fetch, folder=tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["note.txt"]
