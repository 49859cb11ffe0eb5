# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A theme is made, changed, switched off and on.

Another name, description or words raise its version, and matching follows.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import auditing
from grants.errors import PijplijnError
from models.colleague import Colleague
from models.office import Office
from models.theme import Theme

FACTS: Final = ("name", "description", "words", "task_id")
MATCHED: Final = ("name", "description", "words")  # what a call is compared with


class StaleError(PijplijnError):
    """Somebody else changed the theme since this colleague saw it; nothing of theirs was taken over."""


def find(session: Session, me: Colleague, theme_id: int, *, to_change: bool = False) -> Theme | None:
    """A theme of the colleague's office, on or off; locked when it is to be changed."""
    theme = session.get(Theme, theme_id, with_for_update=to_change)
    return theme if theme is not None and theme.office_id == me.office_id else None


def seen(theme: Theme) -> str:
    """A few letters that change when the theme does."""
    told = json.dumps({name: getattr(theme, name) for name in FACTS}, sort_keys=True)
    return sha256(told.encode()).hexdigest()[:16]


def name_taken(session: Session, me: Colleague, name: str, *, but: int | None = None) -> bool:
    """Whether another theme of the office has this name in Dutch."""
    return any(
        one.id != but and one.name.get("nl", "").casefold() == name.casefold() for one in _themes(session, me)
    )


def create(
    session: Session, me: Colleague, facts: Mapping[str, Any], *, now: datetime, slug: str = ""
) -> Theme | None:
    """A new theme; the same one sent twice is one. None when another theme has its name.

    With a `slug`, one that no other theme of the office has, that is its id.
    """
    session.scalars(select(Office.id).where(Office.id == me.office_id).with_for_update()).one()
    themes = _themes(session, me)
    same = (one for one in themes if all(getattr(one, name) == facts[name] for name in FACTS))
    if (found := next(same, None)) is not None:
        return found
    if name_taken(session, me, facts["name"]["nl"]):
        return None
    slug = slug or _slug(facts["name"]["nl"], {one.slug for one in themes})
    theme = Theme(office_id=me.office_id, slug=slug, edited_at=now, edited_by=me.email, **facts)
    session.add(theme)
    session.flush()
    _note(session, me, "created", theme, now, {"name": facts["name"]["nl"]})
    return theme


def change(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, me: Colleague, theme: Theme, facts: Mapping[str, Any], *, seen_as: str, now: datetime
) -> None:
    """Change a theme; what calls are compared with raises its version, so that every call is matched again.

    Raises:
        StaleError: it is not what the colleague saw.
    """
    changed = {name: [getattr(theme, name), facts[name]] for name in FACTS}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if not changed:
        return
    if seen(theme) != seen_as:
        raise StaleError(f"Somebody changed theme {theme.id} meanwhile.")
    for name, (_, value) in changed.items():
        setattr(theme, name, value)
    theme.version += not changed.keys().isdisjoint(MATCHED)
    theme.edited_at, theme.edited_by = now, me.email
    _note(session, me, "changed", theme, now, changed)


def switch(session: Session, me: Colleague, theme: Theme, *, on: bool, now: datetime) -> None:
    """Switch a theme off or on; it is kept with its words and matches."""
    if theme.enabled != on:
        theme.enabled, theme.edited_at, theme.edited_by = on, now, me.email
        _note(session, me, "changed", theme, now, {"enabled": [not on, on]})


def _themes(session: Session, me: Colleague) -> list[Theme]:
    return list(session.scalars(select(Theme).where(Theme.office_id == me.office_id)))


def _slug(name: str, taken: set[str]) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")[:50].strip("_") or "thema"
    number = next(number for number in range(1, len(taken) + 2) if _numbered(slug, number) not in taken)
    return _numbered(slug, number)


def _numbered(slug: str, number: int) -> str:
    return slug if number == 1 else f"{slug}_{number}"


def _note(  # noqa: PLR0913, PLR0917 - the parts of a deed
    session: Session, me: Colleague, action: str, theme: Theme, now: datetime, facts: Mapping[str, Any]
) -> None:
    auditing.note(
        session, at=now, actor=me.email, action=action, subject=theme.__tablename__, subject_id=theme.id,
        office_id=me.office_id, facts=facts,
    )  # fmt: skip
