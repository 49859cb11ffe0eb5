# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from models.office import Office
from models.session import MOST, Begin, connect, reading, remembered
from tests import builders


@pytest.fixture
def look(engine: Engine) -> Begin:
    return reading(engine)


def names(look: Begin, asked: list[str], key: object = "names") -> list[str]:
    with look() as session:

        def find() -> list[str]:
            asked.append("once more")
            return list(session.scalars(select(Office.name)))

        return remembered(session, key, find)


def test_what_was_read_is_remembered_until_anything_is_written(begin: Begin, look: Begin) -> None:
    asked: list[str] = []
    assert [names(look, asked) for _ in range(3)] == [[], [], []]
    assert len(asked) == 1
    with begin() as session:
        session.add(builders.office())
    assert [names(look, asked) for _ in range(3)] == [["Gemeente Enschede"]] * 3
    assert len(asked) == 2
    with begin() as session:
        session.scalars(select(Office)).one().name = "Enschede"
        session.flush()
        assert names(look, asked) == ["Gemeente Enschede"]
    assert names(look, asked) == ["Enschede"]


def test_a_write_of_another_process_is_seen_too(engine: Engine, look: Begin) -> None:
    asked: list[str] = []
    assert names(look, asked) == []
    other = connect(engine.url.render_as_string(hide_password=False))
    with other.begin() as connection:
        connection.execute(Office.__table__.insert().values(slug="x", name="X", language="nl"))
    other.dispose()
    assert names(look, asked) == ["X"]


def test_in_a_transaction_nothing_is_remembered(begin: Begin) -> None:
    asked: list[str] = []
    assert names(begin, asked) == names(begin, asked) == []
    assert len(asked) == 2


def test_questions_are_told_apart_and_no_more_are_kept_than_fit(look: Begin) -> None:
    asked: list[str] = []
    for number in range(MOST + 2):
        names(look, asked, number)
    assert len(asked) == MOST + 2
    names(look, asked, 0)
    assert len(asked) == MOST + 3


def test_many_that_ask_at_once_look_once(look: Begin) -> None:
    asked: list[str] = []
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(lambda _: names(look, asked), range(20))) == [[]] * 20
    assert len(asked) == 1
