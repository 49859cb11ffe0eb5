# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office's themes: a list, and a form that shows what other words would find before they are kept."""

from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from grants import applications, lessons, themes
from grants.errors import MissingError, PijplijnError
from grants.lessons import LessonPage
from grants.themes import StaleError, Trial
from models.colleague import Colleague
from models.session import Session
from models.theme import Theme, Threshold
from web.auth import Editor, Reader
from web.deps import desk, language, see_other, shown
from web.forms import Fields
from web.theme_form import LONGEST, Filled, filled_in, read
from web.threads import Route

router = APIRouter(prefix="/themes", route_class=Route)

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
NOTHING = (0, 0)  # calls compared with the theme, of how many: a trial asks for neither


@router.get("")
def list_themes(request: Request, me: Reader, *, done: Literal["", "file"] = "") -> Response:
    """Every theme of the office, with what it finds."""
    with desk(request).look() as session:
        lines = themes.theme_lines(session, me.office_id)
    return shown(request, "themes.html", lines=lines, done=done)


@router.get("/new")
def show_new(request: Request, me: Editor) -> Response:
    """An empty form."""
    return theme_page(request, me, None, filled_in(None))


@router.post("/try")
def try_new(request: Request, me: Editor, fields: Fields) -> Response:
    """What the words of a new theme would find."""
    return _tried(request, me, None, fields)


@router.post("")
def create(request: Request, me: Editor, fields: Fields) -> Response:
    """Keep a new theme; the same form sent twice makes one."""
    here = desk(request)
    with here.begin() as session:
        filled = _read(session, me, fields)
        new = themes.create(session, me, filled.facts, now=here.now()) if filled.right else None
    if new is None:
        if filled.right:
            filled.wrong["name_nl"] = "taken"
        return theme_page(request, me, None, filled.form, filled=filled, code=HTTPStatus.UNPROCESSABLE_ENTITY)
    _match(request)
    return see_other(f"/themes/{new.id}", done="created")


@router.get("/{theme_id}")
def show(
    request: Request, me: Reader, theme_id: Number, *, done: Literal["", "saved", "created", "line"] = ""
) -> Response:
    """The form of a theme; who may not change it can read it."""
    with desk(request).look() as session:
        theme = own_theme(session, me, theme_id)
        compared = themes.compared(session, theme) if theme.enabled else NOTHING
        learned = lessons.page(session, theme)
    return theme_page(request, me, theme, filled_in(theme), done=done, compared=compared, learned=learned)


@router.post("/{theme_id}/try")
def try_words(request: Request, me: Editor, theme_id: Number, fields: Fields) -> Response:
    """What the typed words would find, beside what the kept ones do."""
    with desk(request).look() as session:
        theme = own_theme(session, me, theme_id)
    return _tried(request, me, theme, fields)


@router.post("/{theme_id}")
def change(request: Request, me: Editor, theme_id: Number, fields: Fields) -> Response:
    """Keep what was typed; of a stale form show both versions."""
    here, stale = desk(request), False
    with here.begin() as session:
        theme = own_theme(session, me, theme_id, to_change=True)
        filled = _read(session, me, fields, theme)
        if filled.right:
            try:
                themes.change(
                    session, me, theme, filled.facts, seen_as=fields.get("seen", ""), now=here.now()
                )
            except StaleError:
                stale = True
    if not filled.right:
        code, seen = HTTPStatus.UNPROCESSABLE_ENTITY, fields.get("seen", "")
        return theme_page(request, me, theme, filled.form, filled=filled, seen=seen, code=code)
    if stale:
        theirs, code = filled_in(theme), HTTPStatus.CONFLICT
        return theme_page(request, me, theme, filled.form, filled=filled, theirs=theirs, code=code)
    _match(request)
    return see_other(f"/themes/{theme_id}", done="saved")


@router.post("/{theme_id}/{switch}")
def turn(request: Request, me: Editor, theme_id: Number, switch: Literal["on", "off"]) -> Response:
    """Switch a theme on or off; it is kept."""
    here = desk(request)
    with here.begin() as session:
        theme = own_theme(session, me, theme_id, to_change=True)
        themes.switch(session, me, theme, on=switch == "on", now=here.now())
    _match(request)
    return see_other("/themes")


@router.post("/{theme_id}/lessons/{number}/{turn}")
def teach(
    request: Request, me: Editor, theme_id: Number, number: Number, turn: Literal["undo", "restore"]
) -> Response:
    """Undo what was learned of a theme, or put it back; either stays in the list of versions."""
    here, act = desk(request), {"undo": lessons.undo, "restore": lessons.restore}[turn]
    try:
        with here.begin() as session:
            act(session, me, own_theme(session, me, theme_id, to_change=True), number, now=here.now())
    except MissingError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND) from error
    _match(request)
    return see_other(f"/themes/{theme_id}#learned")


def _match(request: Request) -> None:
    """Have the calls matched at once; when Prefect is away the next harvest does, as the page says."""
    with suppress(PijplijnError):
        desk(request).start_matching()


def own_theme(session: Session, me: Colleague, theme_id: int, *, to_change: bool = False) -> Theme:
    """A theme of the colleague's office; for anybody else it is not there."""
    theme = themes.find(session, me, theme_id, to_change=to_change)
    if theme is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return theme


def _read(session: Session, me: Colleague, fields: dict[str, str], theme: Theme | None = None) -> Filled:
    filled = read(fields, {one.id for one in applications.tasks(session, me.office_id)})
    # A new theme that has its name already may be the same form sent twice: creating it tells.
    if theme is not None and themes.name_taken(session, me, filled.facts["name"]["nl"], but=theme.id):
        filled.wrong["name_nl"] = "taken"
    return filled


def _tried(request: Request, me: Colleague, theme: Theme | None, fields: dict[str, str]) -> Response:
    with desk(request).look() as session:
        filled = _read(session, me, fields, theme)
        trial = None
        if not filled.words.faults:
            beside = themes.others(session, me.office_id, but=theme)
            kept = theme.words if theme else None
            line = theme.threshold if theme else Threshold.NORMAL
            trial = themes.try_words(session, kept, filled.words.words, beside=beside, threshold=line)
    code = HTTPStatus.UNPROCESSABLE_ENTITY if trial is None else HTTPStatus.OK
    seen = fields.get("seen", "")
    return theme_page(request, me, theme, filled.form, filled=filled, trial=trial, seen=seen, code=code)


def theme_page(  # noqa: PLR0913 - what the page can tell, each by name
    request: Request, me: Colleague, theme: Theme | None, form: dict[str, str], *,
    filled: Filled | None = None, trial: Trial | None = None, theirs: dict[str, str] | None = None,
    seen: str = "", done: str = "", compared: tuple[int, int] = NOTHING, code: int = HTTPStatus.OK,
    chosen: Threshold | None = None, learned: LessonPage | None = None,
) -> Response:  # fmt: skip
    """The page of a theme, with what became of a form when something did."""
    here = desk(request)
    with here.look() as session:
        lines = themes.expected(session, theme, now=here.now()) if theme else {}
        tasks = [
            (str(row.id), row.name[language(request)]) for row in applications.tasks(session, me.office_id)
        ]
    return shown(
        request, "theme.html", code=code, theme=theme, form=form, tasks=tasks, trial=trial, theirs=theirs,
        compared=compared, done=done, lines=lines, chosen=chosen, lessons=learned, fewest=lessons.FEWEST,
        wrong=filled.wrong if filled else {}, words=filled.words if filled else None,
        seen=seen or (themes.seen(theme) if theme else ""), kinds=themes.KINDS, longest=LONGEST,
        most=themes.MOST_TERMS, latest=themes.LATEST, too_much=round(100 * themes.TOO_MUCH),
        longest_term=themes.LONGEST_TERM,
    )  # fmt: skip
