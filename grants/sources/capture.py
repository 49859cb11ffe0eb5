# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Write down what a real reading asks and is answered, and answer from it later; no secret reaches the disk.

A folder holds index.json (each request with its answer or its error, in order) and a file for each body.
"""

import json
import shutil
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from grants.errors import FaultKind, SourceError
from grants.sources.reading import Fetch, Request, Response
from grants.sources.secrets import Mask

INDEX = "index.json"
ENDINGS = {
    "html": "html", "xml": "xml", "rss": "xml", "atom": "xml", "json": "json", "zip": "zip", "plain": "txt",
}  # fmt: skip
PASSING = {
    "date",
    "connection",
    "keep-alive",
    "age",
}  # headers that differ each time and tell a reader nothing


def recording(fetch: Fetch, folder: Path, *, secrets: Iterable[str] = ()) -> Fetch:
    """The same Fetch, writing down each request and what came of it; from several threads too.

    Args:
        fetch: asks the world.
        folder: made when it is not there.
        secrets: values that must not reach the disk, besides those whose name tells.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[dict[str, Any]] = []
    mask, turn = Mask(frozenset(filter(None, secrets))), threading.RLock()
    write(folder / INDEX, lines)

    def keep(**line: Any) -> None:
        with turn:
            lines.append(line)
            write(folder / INDEX, lines)

    def record(request: Request) -> Response:
        nonlocal mask
        with turn:
            mask = mask.learn(request.url, request.headers)
            asked = _asked(request, mask)
        try:
            answer = fetch(request)
        except SourceError as error:
            keep(request=asked, error=_said(error, mask))
            raise
        with turn:
            answer, said = _kept(answer, mask, folder, len(lines) + 1)
            keep(request=asked, response=said)
        return answer

    return record


def _asked(request: Request, mask: Mask) -> dict[str, Any]:
    """A request as it is written down: what tells it from another, and the headers for who reads it."""
    asked: dict[str, Any] = {"method": request.method, "url": mask.url(request.url)}
    if request.files:
        files = request.files.items()
        asked["files"] = {name: [file, mask.sent(content), kind] for name, (file, content, kind) in files}
    if request.body is not None:
        asked["body"] = mask.sent(request.body)
    return asked | {"headers": mask.headers(request.headers)}


def _said(error: SourceError, mask: Mask) -> dict[str, Any]:
    return {"sentence": mask.text(str(error)), "kind": error.kind.value, "retry_after": error.retry_after}


def _kept(answer: Response, mask: Mask, folder: Path, number: int) -> tuple[Response, dict[str, Any]]:
    """The answer, its bytes written to a file; those of a large one are read from there."""
    kind = answer.headers.get("content-type", "").lower()
    ending = next((ending for word, ending in ENDINGS.items() if word in kind), "bin")
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in PASSING}
    line = {"url": mask.url(answer.url), "status": answer.status, "headers": mask.headers(headers)}
    file = folder / f"{number:03}.{ending}"
    if answer.file is not None:
        _copy(answer.file, mask, file)
        return replace(answer, file=file.open("rb")), line | {"file": file.name}
    if answer.body:
        file.write_bytes(mask.body(answer.body))
        line["body"] = file.name
    return answer, line


def _copy(large: IO[bytes], mask: Mask, file: Path) -> None:
    with large, file.open("wb") as copy:
        if mask.secrets:
            copy.write(mask.body(large.read()))  # a secret may lie across two pieces
        else:
            shutil.copyfileobj(large, copy)


def replaying(folder: Path, *, secrets: Iterable[str] = ()) -> Fetch:
    """A Fetch that answers from a recording; a request asked again gets its next answer, then the last.

    Args:
        folder: as `recording` left it.
        secrets: values that may be in what is asked now, and were masked in what was recorded.

    Raises:
        SourceError: (the Fetch) what was recorded, or that this was never asked.
    """
    answers: dict[str, list[dict[str, Any]]] = {}
    for line in read(folder, INDEX):
        answers.setdefault(_key(line["request"]), []).append(line)
    mask, turn = Mask(frozenset(filter(None, secrets))), threading.Lock()

    def answer(request: Request) -> Response:
        with turn:
            lines = answers.get(_key(_asked(request, mask)))
            if not lines:
                asked = f"{request.method} {mask.url(request.url)[:300]}"
                sentence = f"The recording in {folder.name} has no answer to {asked}."
                raise SourceError(sentence, kind=FaultKind.MISSING)
            line = lines.pop(0) if len(lines) > 1 else lines[0]
        return _again(line, folder)

    return answer


def _key(asked: dict[str, Any]) -> str:
    """What makes two requests the same: all but the headers, which may ask for what is new alone."""
    return json.dumps({name: value for name, value in asked.items() if name != "headers"}, sort_keys=True)


def _again(line: dict[str, Any], folder: Path) -> Response:
    if error := line.get("error"):
        raise SourceError(error["sentence"], kind=FaultKind(error["kind"]), retry_after=error["retry_after"])
    said = line["response"]
    body = (folder / said["body"]).read_bytes() if "body" in said else b""
    file = (folder / said["file"]).open("rb") if "file" in said else None
    return Response(said["url"], said["status"], said["headers"], body, file)


def write(file: Path, facts: Any) -> None:
    """JSON that a difference of versions shows line by line."""
    file.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(folder: Path, name: str) -> Any:
    """One file of a recording; raises SourceError when it is not there."""
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        sentence = f"There is no recording in {folder}: {name} is missing."
        raise SourceError(sentence, kind=FaultKind.MISSING) from error
