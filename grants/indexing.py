# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Take up the words of calls that are new or changed, so that searching finds them."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.call import Call, CallChange
from models.search import CALLS, WordsTaken, filling
from models.session import Begin

LAST = f"coalesce((SELECT rowid FROM {CALLS.words} ORDER BY rowid DESC LIMIT 1), 0)"  # noqa: S608 - a name of ours
CHANGED = f"""
    SELECT call_id FROM call_change WHERE id > :upto UNION SELECT id FROM call WHERE id > {LAST}
"""  # noqa: S608


def index_calls(begin: Begin) -> None:
    """Take up the words of calls that changed since the last time, or came without a change.

    Every difference in a call is a change of it (grants/calls.py), so nothing is missed; twice is the same.
    """
    with begin() as session:
        if session.get_bind().dialect.name == "postgresql":
            # Whoever writes changes ends first: their numbers may come in another order than their commits.
            session.execute(text("LOCK TABLE call_change IN SHARE MODE"))
        take_up(session)


def take_up(session: Session) -> None:
    """The same, in a transaction in which nobody else writes changes."""
    taken = session.scalars(select(WordsTaken).with_for_update()).one_or_none() or WordsTaken(upto=0)
    session.execute(text("CREATE TEMPORARY TABLE words_to_take (id integer PRIMARY KEY)"))
    session.execute(text(f"INSERT INTO words_to_take {CHANGED}"), {"upto": taken.upto})
    for statement in filling(CALLS, session.get_bind().dialect.name, "SELECT id FROM words_to_take"):
        session.execute(text(statement))
    session.execute(text("DROP TABLE words_to_take"))
    taken.upto = session.scalar(select(func.max(CallChange.id))) or 0
    session.add(taken)


def index_call(session: Session, call: Call) -> None:
    """Take up the words of one call, that a colleague wrote: they look for it at once."""
    session.flush()
    for statement in filling(CALLS, session.get_bind().dialect.name, str(call.id)):
        session.execute(text(statement))
