# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A list with its filters, kept under a name: a colleague's own, or shared with the office by its link."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from grants import auditing
from grants.errors import MissingError, PijplijnError
from models.colleague import Colleague, SavedView

PAGES: Final = ("inbox", "calls", "applications")
PASSING: Final = {"page", "lang", "moved", "undone", "saved", "edit", "judged"}
"""What belongs to one look at a list, not to the list."""
LONGEST: Final = 2000  # characters of a question
NAME: Final = 120  # characters of a name


class NameTakenError(PijplijnError):
    """The colleague has another view of this list by that name."""


def tidy(query: str) -> str:
    """A query string by what it asks: in one order, without empty parts and what passes."""
    pairs = parse_qsl(query, errors="replace")
    return urlencode(sorted((name, value) for name, value in pairs if value and name not in PASSING))


def views(session: Session, colleague: Colleague, page: str) -> list[SavedView]:
    """The colleague's views of a list, and those the office shares; the own ones first."""
    wanted = _known(colleague).where(SavedView.page == page).options(joinedload(SavedView.colleague))
    mine = SavedView.colleague_id != colleague.id
    return list(session.scalars(wanted.order_by(mine, SavedView.name, SavedView.id)))


def view(session: Session, colleague: Colleague, slug: str) -> SavedView:
    """The view of that link. Raises MissingError when this colleague may not know of one."""
    found = session.scalars(_known(colleague).where(SavedView.slug == slug)).one_or_none()
    if found is None:
        raise MissingError(f"There is no view {slug}.")
    return found


def save_view(  # noqa: PLR0913 - the parts of a view, each by name
    session: Session,
    page: str,
    query: str,
    *,
    name: str,
    shared: bool,
    by: Colleague,
    now: datetime,
    key: str,
) -> SavedView:
    """Keep a list under a name; a form sent twice, with the same `key`, keeps it once.

    Raises:
        NameTakenError: the colleague has another of that name.
    """
    slugs = select(SavedView).where(SavedView.office_id == by.office_id, SavedView.slug == key)
    there = session.scalars(slugs).one_or_none()
    if there and there.colleague_id == by.id:
        return there
    _check_name(session, page, name, by)
    row = SavedView(
        office_id=by.office_id, colleague_id=by.id, slug=secrets.token_hex(6) if there else key, name=name,
        page=page, query=tidy(query), shared=shared, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, row, "saved", {"name": name, "shared": shared}, by=by, now=now)
    return row


def change_view(  # noqa: PLR0913 - the parts of a view, each by name
    session: Session, slug: str, *, name: str, shared: bool, by: Colleague, now: datetime
) -> SavedView:
    """Give an own view another name, or share it or no longer. Raises MissingError and NameTakenError."""
    row = _own(session, slug, by)
    if row.name != name:
        _check_name(session, row.page, name, by)
    pairs: dict[str, tuple[object, object]] = {"name": (row.name, name), "shared": (row.shared, shared)}
    changed = {part: list(pair) for part, pair in pairs.items() if pair[0] != pair[1]}
    row.name, row.shared = name, shared
    if changed:
        _note(session, row, "changed", changed, by=by, now=now)
    return row


def remove_view(session: Session, slug: str, *, by: Colleague, now: datetime) -> SavedView:
    """Take an own view away; the row stays with its end. Raises MissingError."""
    row = _own(session, slug, by)
    row.removed_at = now
    _note(session, row, "removed", {"name": row.name}, by=by, now=now)
    return row


def _known(colleague: Colleague) -> Select[SavedView]:
    ours = select(SavedView).where(SavedView.office_id == colleague.office_id, SavedView.removed_at.is_(None))
    return ours.where(or_(SavedView.colleague_id == colleague.id, SavedView.shared))


def _own(session: Session, slug: str, by: Colleague) -> SavedView:
    found = view(session, by, slug)
    if found.colleague_id != by.id:
        raise MissingError(f"View {slug} is not yours.")
    return found


def _check_name(session: Session, page: str, name: str, by: Colleague) -> None:
    own = select(SavedView.id).where(SavedView.colleague_id == by.id, SavedView.page == page)
    if session.scalar(own.where(SavedView.name == name, SavedView.removed_at.is_(None)).limit(1)):
        raise NameTakenError(f"You have a view {name} already.")


def _note(  # noqa: PLR0913 - the parts of a deed
    session: Session, row: SavedView, action: str, facts: Mapping[str, Any], *, by: Colleague, now: datetime
) -> None:
    auditing.note(
        session, at=now, actor=by.email, action=action, subject=row.__tablename__, subject_id=row.id,
        office_id=row.office_id, facts={"page": row.page, **facts},
    )  # fmt: skip
