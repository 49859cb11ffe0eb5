# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the views of applications share: the filter that is in their address, and the list and the board."""

import re
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from grants import applications, queries
from grants.applications import Line, Wanted
from grants.paging import pages_of
from grants.stages import ways
from models.application import Stage
from models.colleague import Colleague
from models.session import Session
from web.deps import Search, desk, see_other, shown
from web.saved import saved

SIZE: Final = 50
NUMBER: Final = re.compile(r"[1-9]\d{0,8}")
Words = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A view's own address, called as its questions; what was done last is not part of it."""

    view: str
    stage: str
    owner: str
    theme: str
    search: str
    page: int

    def back(self, application_id: int, **done: object) -> Response:
        """To this view again, at one application."""
        asked = asdict(self) | {"page": self.page if self.page > 1 else ""} | done
        return see_other("/applications", fragment=f"at-{application_id}", **asked)


async def _asked(  # noqa: PLR0913 - the fields of the filter form
    *,
    view: Literal["", "list", "board"] = "",
    stage: Words = "",
    owner: Words = "",
    theme: Words = "",
    search: Search = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Asked:
    return Asked(view, stage, owner, theme, search, page)


View = Annotated[Asked, Depends(_asked)]


def filter_facts(session: Session, me: Colleague, asked: Asked) -> dict[str, Any]:
    """What the filter form shows, and as "wanted" what it asks; an unknown word asks nothing."""
    themes = queries.themes(session, office_slug=me.office.slug)
    people = applications.staff(session, me.office_id)
    owner = number_of(asked.owner)
    wanted = Wanted(
        Stage(asked.stage) if asked.stage in list(Stage) else None,
        owner if owner in {one.id for one in people} else None,
        asked.theme if asked.theme in {one.slug for one in themes} else "",
        asked.search,
    )
    return {"wanted": wanted, "themes": themes, "people": people, "stages": list(Stage), "asked": asked}


def list_page(request: Request, me: Colleague, asked: Asked, *, code: int = 200, **facts: object) -> Response:
    """The list or the board, with what became of a form when something did."""
    columns: dict[Stage, list[Line]] = {}
    lines: list[Line] = []
    with desk(request).look() as session:
        narrowing = filter_facts(session, me, asked)
        kept = saved(request, session, me, "applications")
        if asked.view == "board":
            columns, total = applications.board(session, me, narrowing["wanted"])
        else:
            lines, total = applications.applications(
                session, me, narrowing["wanted"], page=asked.page, size=SIZE
            )
    usual: dict[str, object] = {
        "said": None,
        "refused": None,
        "row": None,
        "kept": kept,
        "today": desk(request).today(),
        "ways": ways,
    }
    usual |= {"columns": columns, "lines": lines, "total": total, "pages": pages_of(total, SIZE)}
    return shown(request, "applications.html", code=code, **usual | narrowing | facts)


def number_of(text: str) -> int:
    """The number in an address or a form; 0 for what is none."""
    return int(text) if NUMBER.fullmatch(text) else 0
