# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The words of calls and applications, to search by: FTS5 on SQLite, tables of tsvectors on PostgreSQL.

Triggers keep those of applications, which people write one by one. Those of calls are taken up after a
harvest (grants/indexing.py): in triggers they would cost more than the calls (docs/decisions/0012-search.md).
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import DDL, event
from sqlalchemy.orm import Mapped, mapped_column

from models.application import Application
from models.base import Row
from models.call import Call

LONGEST: Final = 100_000  # letters of one field: PostgreSQL indexes no more than a megabyte of a row


@dataclass(frozen=True, slots=True)
class Searched:
    """What of a table is searched: its own mark first, then its title, who is behind it, and its text."""

    row: type[Row]
    mark: str
    title: str
    behind: tuple[str, str]
    text: str
    at_once: bool  # whether triggers keep its words

    @property
    def table(self) -> str:
        """The table that is searched."""
        return str(self.row.__tablename__)

    @property
    def words(self) -> str:
        """The table of its words."""
        return f"{self.table}_words"

    @property
    def columns(self) -> tuple[str, ...]:
        """What is read for words, in order of weight."""
        return (self.mark, self.title, *self.behind, self.text)


SEARCHED: Final = (
    Searched(Call, "identifier", "title", ("programme", "organisation"), "text", at_once=False),
    Searched(Application, "reference", "title", ("programme", "funder"), "summary", at_once=True),
)
CALLS: Final = SEARCHED[0]


class WordsTaken(Row):
    """Up to which change of a call the words of calls are taken up: one row."""

    __tablename__ = "words_taken"

    upto: Mapped[int] = mapped_column(default=0)  # call_change.id


def _changed(columns: tuple[str, ...], otherwise: str) -> str:
    return " OR ".join(f"OLD.{name} {otherwise} NEW.{name}" for name in columns)


def _sqlite(one: Searched) -> list[str]:
    names, table, words = ", ".join(one.columns), one.table, one.words
    old, new = (", ".join(f"{row}.{name}" for name in one.columns) for row in ("OLD", "NEW"))
    take = f"INSERT INTO {words}({words}, rowid, {names}) VALUES ('delete', OLD.id, {old});"  # noqa: S608
    give = f"INSERT INTO {words}(rowid, {names}) VALUES (NEW.id, {new});"  # noqa: S608
    changed = f"UPDATE OF {names} ON {table} WHEN {_changed(one.columns, 'IS NOT')}"
    split = "tokenize='unicode61 remove_diacritics 2'"
    if not one.at_once:
        return [
            f"DROP TABLE IF EXISTS {words}",
            f"CREATE VIRTUAL TABLE {words} USING fts5({names}, {split})",
        ]
    return [
        f"DROP TABLE IF EXISTS {words}",
        f"CREATE VIRTUAL TABLE {words} USING fts5({names}, content={table}, content_rowid=id, {split})",
        f"CREATE TRIGGER {words}_in AFTER INSERT ON {table} BEGIN {give} END",
        f"CREATE TRIGGER {words}_out AFTER DELETE ON {table} BEGIN {take} END",
        f"CREATE TRIGGER {words}_anew AFTER {changed} BEGIN {take} {give} END",
    ]


PLAIN: Final = (
    "CREATE OR REPLACE FUNCTION plain_words(told text) RETURNS tsvector "
    "IMMUTABLE PARALLEL SAFE LANGUAGE plpgsql "
    f"AS $$ BEGIN told := left(told, {LONGEST}); "
    "IF length(told) <> octet_length(told) THEN "
    "told := regexp_replace(normalize(told, NFD), '[\u0300-\u036f]', '', 'g'); END IF; "
    "RETURN to_tsvector('simple'::regconfig, regexp_replace(told, '[-_/.@:&<+]', ' ', 'g')); END $$"
)
"""On PostgreSQL: words as FTS5 takes them, without marks, and split where its own parser would join them."""


ANEW: Final = "ON CONFLICT (rowid) DO UPDATE SET head = excluded.head, whole = excluded.whole"


def _parts(one: Searched, row: str) -> tuple[str, str]:
    """Of a row: the words of all but its text, weighted, and those of its text."""
    behind = " || ' ' || ".join(f"{row}.{name}" for name in one.behind)
    fields = {"A": f"{row}.{one.mark}", "B": f"{row}.{one.title}", "C": behind}
    head = " || ".join(f"setweight(plain_words({told}), '{weight}')" for weight, told in fields.items())
    return head, f"plain_words({row}.{one.text})"


def _postgresql(one: Searched) -> list[str]:
    table, words = one.table, one.words
    known = f"rowid integer PRIMARY KEY REFERENCES {table} (id) ON DELETE CASCADE"
    made = [
        PLAIN,
        f"DROP TABLE IF EXISTS {words}",
        f"CREATE TABLE {words} ({known}, head tsvector NOT NULL, whole tsvector NOT NULL)",
        f"CREATE INDEX ix_{words}_head ON {words} USING gin (head)",
        f"CREATE INDEX ix_{words}_whole ON {words} USING gin (whole)",
    ]
    return made + _triggers(one) if one.at_once else made


def _triggers(one: Searched) -> list[str]:
    """On PostgreSQL: they fire only where a searched column differs."""
    table, words = one.table, one.words
    head, text = _parts(one, "NEW")
    told = f"INSERT INTO {words} VALUES (NEW.id, fore, fore || {text}) {ANEW}"  # noqa: S608
    body = f"DECLARE fore tsvector := {head}; BEGIN {told}; RETURN NULL; END"
    changed, run = _changed(one.columns, "IS DISTINCT FROM"), f"EXECUTE FUNCTION {words}_kept()"
    after = f"AFTER UPDATE OF {', '.join(one.columns)} ON {table} FOR EACH ROW WHEN ({changed})"
    return [
        f"CREATE OR REPLACE FUNCTION {words}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {words}_in AFTER INSERT ON {table} FOR EACH ROW {run}",
        f"CREATE TRIGGER {words}_anew {after} {run}",
    ]


INDEXES: Final = {
    "sqlite": {one.table: _sqlite(one) for one in SEARCHED},
    "postgresql": {one.table: _postgresql(one) for one in SEARCHED},
}
"""What makes the words of a table, by dialect. SQLite drops triggers with a table that is made anew."""


def filling(one: Searched, dialect: str, which: str = "") -> list[str]:
    """What takes up the words of rows anew: of all, or of those whose numbers `which` selects."""
    if dialect == "sqlite" and one.at_once:
        return [f"INSERT INTO {one.words}({one.words}) VALUES ('rebuild')"]  # noqa: S608 - names of ours
    gone = f"DELETE FROM {one.words}" + (f" WHERE rowid IN ({which})" if which else "")  # noqa: S608
    only = f" WHERE id IN ({which})" if which else ""
    head, text = _parts(one, one.table)
    told = f"id, {head}, {head} || {text}" if dialect == "postgresql" else f"id, {', '.join(one.columns)}"
    names = "rowid, head, whole" if dialect == "postgresql" else f"rowid, {', '.join(one.columns)}"
    return [gone, f"INSERT INTO {one.words} ({names}) SELECT {told} FROM {one.table}{only}"]  # noqa: S608


def known_to_models(name: str | None, kind: str, _parents: Any = None) -> bool:
    """Whether a table is of the models: Alembic leaves those of the words alone."""
    return kind != "table" or not any((name or "").startswith(one.words) for one in SEARCHED)


def _as_written(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]


for _dialect, _tables in INDEXES.items():
    for _one in SEARCHED:
        for _statement in _tables[_one.table]:
            event.listen(
                _one.row.__table__, "after_create", _as_written(_statement).execute_if(dialect=_dialect)
            )
        _gone = _as_written(f"DROP TABLE IF EXISTS {_one.words}").execute_if(dialect=_dialect)
        event.listen(_one.row.__table__, "before_drop", _gone)
