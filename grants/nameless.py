# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log names no person: a colleague stands in it by number, any other address by its domain only.

An entry is sealed for good, so what was once in it could never be erased. Who a number is stands in the table
of colleagues, where it can be (docs/decisions/0020-nameless-log.md).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from models.colleague import Colleague

ADDRESS: Final = re.compile(r"[^\s<>,;:\"'()@]{1,64}@[^\s<>,;:\"'()@]{1,250}\.[a-zA-Z]{2,24}")
PREFIX: Final = "colleague:"
NUMBERED: Final[ColumnElement[str]] = literal(PREFIX) + cast(Colleague.id, String)
"""How a colleague stands in the log, in SQL."""


def number_of(colleague_id: int) -> str:
    """How a colleague stands in the log."""
    return f"{PREFIX}{colleague_id}"


def numbered(
    session: Session, actor: str, facts: Mapping[str, Any], office_id: int | None
) -> tuple[str, dict[str, Any]]:
    """Who did it and the facts, without addresses.

    Args:
        session: the transaction; asked only when there is an address.
        actor: the address of a colleague, or the name of a flow or of an account of the machine, which stays.
        facts: strings in lists and dictionaries, as JSON has them.
        office_id: whose colleagues are meant where an address is known at several.
    """
    addresses = {one.lower() for text in (actor, *_texts(facts)) for one in ADDRESS.findall(text)}
    known = _known(session, addresses, office_id) if addresses else {}
    return known.get(actor.strip().lower(), actor), _without(dict(facts), known)


def doers(session: Session, office_id: int) -> dict[str, str]:
    """The addresses of an office's colleagues by how they stand in the log."""
    rows = session.execute(select(Colleague.id, Colleague.email).where(Colleague.office_id == office_id))
    return {number_of(number): email for number, email in rows}


def _known(session: Session, addresses: set[str], office_id: int | None) -> dict[str, str]:
    ours = (Colleague.office_id == (office_id or 0)).desc()
    rows = session.execute(
        select(func.lower(Colleague.email), Colleague.id)
        .where(func.lower(Colleague.email).in_(addresses))
        .order_by(ours, Colleague.active.desc(), Colleague.id)
    ).all()
    return {email: number_of(number) for email, number in reversed(rows)}


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        yield from (text for one in told.values() for text in _texts(one))
    elif isinstance(told, list | tuple):
        yield from (text for one in told for text in _texts(one))


def _without(told: Any, known: Mapping[str, str]) -> Any:
    if isinstance(told, str):
        return ADDRESS.sub(lambda found: known.get(found[0].lower()) or _masked(found[0]), told)
    if isinstance(told, Mapping):
        return {name: _without(one, known) for name, one in told.items()}
    if isinstance(told, list | tuple):
        return [_without(one, known) for one in told]
    return told


def _masked(address: str) -> str:
    return "…@" + address.rpartition("@")[2]
