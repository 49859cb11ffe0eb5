# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The hourly walk along the audit log: only what is new, all of it once a day, and it misses nothing."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, event

from grants.audit_walk import GONE, last_walk, walk
from grants.auditing import CHANGED, CUT, LOOSE, Verdict
from models.session import Begin
from tests.builders import NOW
from tests.grants.test_auditing import tamper, write

HOUR = timedelta(hours=1)


def walked(begin: Begin, at: datetime) -> Verdict:
    with begin() as session:
        return walk(session, now=at)


def test_the_first_walk_is_whole_and_the_next_goes_on_from_it(begin: Begin, engine: Engine) -> None:
    write(begin, 1, 2, 3)
    assert walked(begin, NOW).entries == 3
    write(begin, 4)
    read = list[object]()

    def counted(_connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "audit_entry.id >" in statement:
            read.append(parameters)

    event.listen(engine, "before_cursor_execute", counted)
    found = walked(begin, NOW + HOUR)
    assert (found.entries, found.last_id, found.why) == (4, 4, "")
    assert "3" in str(read[0])
    with begin() as session:
        last = last_walk(session)
        assert last is not None
        assert (last.at, last.whole_at, last.entries, last.entry_id) == (NOW + HOUR, NOW, 4, 4)


def test_the_walk_is_whole_again_on_the_next_day(begin: Begin, engine: Engine) -> None:
    write(begin, 1, 2, 3)
    walked(begin, NOW)
    tamper(engine, "UPDATE audit_entry SET actor = 'sam' WHERE id = 1")
    assert walked(begin, NOW + HOUR).why == ""
    night = NOW + timedelta(hours=16)
    assert (walked(begin, night).broken_at, walked(begin, night).why) == (1, CHANGED)


@pytest.mark.parametrize(
    ("done", "broken_at", "why"),
    [
        ("UPDATE audit_entry SET actor = 'sam' WHERE id = 4", 4, CHANGED),
        ("UPDATE audit_entry SET previous_hash = '' WHERE id = 4", 4, LOOSE),
        ("UPDATE audit_entry SET actor = 'sam' WHERE id = 3", 3, GONE),
        ("DELETE FROM audit_entry WHERE id > 2", 3, GONE),
    ],
)
def test_what_is_wrong_since_the_last_walk_is_found_within_the_hour_and_stays_found(
    begin: Begin, engine: Engine, done: str, broken_at: int, why: str
) -> None:
    write(begin, 1, 2, 3)
    walked(begin, NOW)
    write(begin, 4)
    tamper(engine, done)
    found = walked(begin, NOW + HOUR)
    assert (found.broken_at, found.why) == (broken_at, why)
    assert walked(begin, NOW + 2 * HOUR).why
    assert walked(begin, NOW + timedelta(days=1)).why


def test_an_end_that_was_cut_off_over_night_is_found(begin: Begin, engine: Engine) -> None:
    write(begin, 1, 2)
    walked(begin, NOW)
    tamper(engine, "DELETE FROM audit_entry WHERE id = 2")
    assert walked(begin, NOW + timedelta(days=1)).why == CUT


def test_an_empty_log_is_walked_too(begin: Begin) -> None:
    assert [walked(begin, NOW).entries, walked(begin, NOW).entries] == [0, 0]
    write(begin, 1)
    assert walked(begin, NOW).entries == 1
