# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a reading asks and is answered is written down without a secret, and answers again."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest

from grants.errors import FaultKind, SourceError
from grants.sources.capture import recording, replaying
from grants.sources.reading import Fetch, Request, Response

KEY = 'k3y&"/'
URL = "https://x.example/search?apiKey=SEDIA&page=1"


def answers(*said: Response | SourceError) -> Fetch:
    """A Fetch that says these, one after the other."""
    left = iter(said)

    def fetch(_request: Request) -> Response:
        answer = next(left)
        if isinstance(answer, SourceError):
            raise answer
        return answer

    return fetch


def said(body: bytes = b"{}", kind: str = "application/json", status: int = 200, **headers: str) -> Response:
    return Response(URL, status, {"content-type": kind} | headers, body)


def index(folder: Path) -> list[dict[str, dict[str, object]]]:
    return list(json.loads((folder / "index.json").read_text()))


def everything(folder: Path) -> bytes:
    return b"".join(file.name.encode() + file.read_bytes() for file in sorted(folder.iterdir()))


def test_a_request_and_its_answer_are_written_down_to_be_read(tmp_path: Path) -> None:
    fetch = recording(
        answers(said(b'{"a": 1}', etag="e", date="Tue, 24 Nov 2026 08:00:00 GMT")), tmp_path / "r"
    )
    part = ("blob", '{"term": "é"}'.encode(), "application/json")
    answer = fetch(Request(URL, "POST", {"Accept": "x"}, {"query": part}, b"q=1"))
    assert answer.body == b'{"a": 1}'
    assert index(tmp_path / "r") == [
        {
            "request": {
                "method": "POST",
                "url": "https://x.example/search?apiKey=SECRET&page=1",
                "files": {"query": ["blob", '{"term": "é"}', "application/json"]},
                "body": "q=1",
                "headers": {"accept": "x"},
            },
            "response": {
                "url": "https://x.example/search?apiKey=SECRET&page=1",
                "status": 200,
                "headers": {"content-type": "application/json", "etag": "e"},
                "body": "001.json",
            },
        }
    ]
    assert (tmp_path / "r" / "001.json").read_bytes() == b'{"a": 1}'


def test_the_same_request_is_answered_again_in_order_and_then_by_the_last(tmp_path: Path) -> None:
    record = recording(answers(said(b"one"), said(b"two", "text/html"), said(b"", status=304)), tmp_path)
    for page in (1, 1, 2):
        record(Request(f"https://x.example/?page={page}"))
    replay = replaying(tmp_path)
    assert replay(Request("https://x.example/?page=2", headers={"If-None-Match": "e"})) == Response(
        URL.replace("SEDIA", "SECRET"), 304, {"content-type": "application/json"}, b""
    )
    assert [replay(Request("https://x.example/?page=1")).body for _ in range(3)] == [b"one", b"two", b"two"]


@pytest.mark.parametrize(
    "other",
    [
        Request("https://x.example/?page=2"),
        Request("https://x.example/", "POST"),
        Request("https://x.example/", body=b"x"),
        Request("https://x.example/", files={"query": ("blob", b"y", "text/plain")}),
    ],
)
def test_a_request_that_was_never_made_is_named(tmp_path: Path, other: Request) -> None:
    recording(answers(said()), tmp_path / "rec")(Request("https://x.example/"))
    with pytest.raises(SourceError) as told:
        replaying(tmp_path / "rec")(other)
    assert str(told.value) == f"The recording in rec has no answer to {other.method} {other.url}."
    assert told.value.kind == FaultKind.MISSING


def test_an_error_is_written_down_and_raised_again(tmp_path: Path) -> None:
    busy = SourceError(f"x.example answered 429 to {KEY}.", kind=FaultKind.BUSY, retry_after=60.0)
    record = recording(answers(busy, said(b"now")), tmp_path, secrets=[KEY])
    with pytest.raises(SourceError):
        record(Request(URL))
    record(Request(URL))
    replay = replaying(tmp_path)
    with pytest.raises(SourceError) as told:
        replay(Request(URL))
    assert (str(told.value), told.value.kind, told.value.retry_after) == (
        "x.example answered 429 to SECRET.", FaultKind.BUSY, 60.0,
    )  # fmt: skip
    assert replay(Request(URL)).body == b"now"
    assert KEY.encode() not in everything(tmp_path)


@pytest.mark.parametrize("secrets", [[], [KEY]])
def test_a_large_answer_is_a_file_then_and_later(tmp_path: Path, secrets: list[str]) -> None:
    large = Response(URL, 200, {"content-type": "application/zip"}, b"", BytesIO(b"PK" * 1000 + KEY.encode()))
    record = recording(answers(large), tmp_path, secrets=secrets)
    with_key = b"PK" * 1000 + (b"SECRET" if secrets else KEY.encode())
    for fetch in (lambda: record, lambda: replaying(tmp_path)):
        answer = fetch()(Request(URL, large=True))
        assert answer.file is not None
        with answer.file as file:
            assert (answer.body, file.read()) == (b"", with_key)
    assert (tmp_path / "001.zip").read_bytes() == with_key
    assert large.file is not None
    assert large.file.closed


def echoing(request: Request) -> Response:
    """A source that says back all it was told."""
    told = [
        request.url.encode(),
        *(value.encode() for value in request.headers.values()),
        request.body or b"",
    ]
    told += [content for _, content, _ in request.files.values()]
    headers = {
        "content-type": "text/plain",
        "set-cookie": "id=abcdef",
        "x-echo": request.headers.get("X-Api-Key", ""),
    }
    return Response(request.url, 200, headers, b"\n".join(told))


@pytest.mark.parametrize(
    "ask",
    [
        lambda key: Request(f"https://x.example/?apiKey={key}"),
        lambda key: Request(f"https://x.example/{key}/calls?q={key}"),
        lambda key: Request(f"https://noor:{key}@x.example/"),
        lambda key: Request("https://x.example/", headers={"Authorization": f"Bearer {key}"}),
        lambda key: Request(
            "https://x.example/", headers={"X-Api-Key": key, "Referer": f"https://x.example/{key}"}
        ),
        lambda key: Request("https://x.example/", "POST", body=json.dumps({"key": key, "q": key}).encode()),
        lambda key: Request("https://x.example/", "POST", body=f"token={key}&q={key}".encode()),
        lambda key: Request(
            "https://x.example/", "POST", files={"query": ("blob", key.encode(), "text/plain")}
        ),
    ],
)
def test_the_key_of_a_source_never_reaches_the_disk_and_the_replay_needs_none(
    tmp_path: Path, ask: Callable[[str], Request]
) -> None:
    key = "z3cr3t-0f-n00r"
    live = recording(echoing, tmp_path, secrets=[key])(ask(key))
    assert key.encode() in everything_told(live)
    assert key.encode() not in everything(tmp_path)
    assert b"abcdef" not in everything(tmp_path)
    for secrets, asked in ((), ask("SECRET")), ([key], ask(key)):
        again = replaying(tmp_path, secrets=secrets)(asked)
        assert key.encode() not in everything_told(again)
        assert b"SECRET" in everything_told(again)


def everything_told(answer: Response) -> bytes:
    return answer.url.encode() + answer.body + repr(dict(answer.headers)).encode()


def test_a_key_nobody_told_us_of_is_known_by_its_name_in_later_answers_too(tmp_path: Path) -> None:
    record = recording(echoing, tmp_path)
    record(Request("https://x.example/?token=abcdefgh"))
    record(Request("https://x.example/next", headers={"Referer": "https://x.example/?t=abcdefgh"}))
    assert b"abcdefgh" not in everything(tmp_path)


def test_threads_that_ask_at_once_are_all_written_down(tmp_path: Path) -> None:
    record = recording(lambda request: Response(request.url, 200, {}, request.url.encode()), tmp_path)
    asked = [Request(f"https://x.example/{number}") for number in range(20)]
    threads = [Thread(target=record, args=(request,)) for request in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    replay = replaying(tmp_path)
    assert [replay(request).body.decode() for request in asked] == [request.url for request in asked]


def test_a_folder_without_a_recording_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"There is no recording in .*: index.json is missing"):
        replaying(tmp_path)
