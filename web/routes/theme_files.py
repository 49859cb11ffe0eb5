# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office's themes to a TOML file, and back from one after a look at what it would change."""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from grants import themes
from grants.errors import PijplijnError
from grants.themes import Difference, FileError
from web.auth import Editor, Reader
from web.deps import desk, see_other, shown
from web.threads import Route
from web.uploads import UNREADABLE, Uploaded

router = APIRouter(prefix="/themes", route_class=Route)


@router.get("/file.toml")
def download(request: Request, me: Reader) -> Response:
    """Every theme of the office, as a file that any office can take in."""
    with desk(request).look() as session:
        text = themes.written(themes.sheets(session, me.office_id))
    name = f"themas-{me.office.slug}-{desk(request).today()}.toml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text, media_type="application/toml; charset=utf-8", headers=headers)


@router.get("/file")
def ask(request: Request, _me: Editor) -> Response:
    """Where a file is chosen."""
    return _page(request)


@router.post("/file")
def preview(request: Request, me: Editor, fields: Uploaded) -> Response:
    """What the file would change; nothing is kept yet."""
    text = fields.get("file") or fields.get("text", "")
    if not text.strip():
        return _page(request, why="unreadable" if UNREADABLE in fields else "empty")
    try:
        file = themes.read(text)
    except FileError as error:
        return _page(request, error=error)
    with desk(request).look() as session:
        changes = themes.differences(session, me.office_id, file)
    return _page(request, text=text, changes=changes)


@router.post("/file/keep")
def keep(request: Request, me: Editor, fields: Uploaded) -> Response:
    """Take the file in, unless the office's themes are no longer what the preview compared it with."""
    here, text = desk(request), fields.get("text", "")
    try:
        file = themes.read(text)
        with here.begin() as session:
            changes = themes.differences(session, me.office_id, file)
            stale = bool(changes) and _seen(changes) != fields.get("seen", "")
            if not stale:
                themes.take_in(session, me, file, now=here.now())
    except FileError as error:
        return _page(request, error=error)
    if stale:
        return _page(request, text=text, changes=changes, code=HTTPStatus.CONFLICT)
    with suppress(PijplijnError):
        here.start_matching()
    return see_other("/themes", done="file")


def _seen(changes: Sequence[Difference]) -> str:
    """A few letters that change when what would change does."""
    return sha256(repr(changes).encode()).hexdigest()[:16]


def _page(  # noqa: PLR0913 - what the page can tell, each by name
    request: Request,
    *,
    text: str = "",
    changes: Sequence[Difference] | None = None,
    why: str = "",
    error: FileError | None = None,
    code: int = HTTPStatus.OK,
) -> Response:
    wrong = error.why if error else why
    return shown(
        request, "theme_file.html", code=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else code, text=text,
        changes=changes, seen=_seen(changes or ()), wrong=wrong, facts=error.facts if error else {},
        most=themes.MOST_TERMS, longest_term=themes.LONGEST_TERM,
    )  # fmt: skip
