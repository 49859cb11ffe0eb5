# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Calls that are one at several sources are one line: in lists, in counts and in the letter."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.settings import Settings
from grants import queries
from grants.digest import DigestFacts, facts, preview
from grants.hand_links import link_by_hand, undo_link
from grants.indexing import take_up
from grants.queries import Order
from models.call import Call, CallChange, ChangeKind, Significance
from models.colleague import Colleague
from models.link import CallLink, LinkReason
from models.match import Match
from models.session import Begin
from models.values import CallStatus
from tests import builders
from tests.grants.test_queries import TODAY, ask, counted, keys, match

NOW = builders.NOW
DECEMBER = (date(2026, 12, 10), date(2026, 12, 15))


@pytest.fixture
def session(begin: Begin) -> Iterator[Session]:
    """An office with two themes, a colleague and three sources."""
    with begin() as session:
        session.add(builders.office())
        slugs = ("eu", "rvo", "nrw")
        session.add_all(
            [builders.source(slug=slug, name=slug.upper(), last_success_at=NOW) for slug in slugs]
        )
        session.flush()
        session.add_all([builders.theme(), builders.theme(slug="wonen"), builders.colleague()])
        session.flush()
        yield session


def add(session: Session, key: str, source_id: int, on: date | None = DECEMBER[1], **own: Any) -> Call:
    deadlines = [builders.deadline(on)] if on else []
    call = builders.call(key=key, source_id=source_id, **{"deadlines": deadlines, **own})
    session.add(call)
    session.flush()
    return call


def link(session: Session, one: int, other: int) -> CallLink:
    return link_by_hand(session, one, other, by="noor", now=NOW)


def twice(session: Session, **own: Any) -> None:
    """One call at two sources, that say another day; the second matches best."""
    add(session, "a", 1)
    add(session, "b", 2, DECEMBER[0], **own)
    session.add_all([match(1, 1, "0.300"), match(2, 1, "0.900"), match(2, 2, "0.400")])
    link(session, 1, 2)
    session.expire_all()


def test_a_linked_call_is_one_line_with_its_best_matches_and_its_first_deadline(session: Session) -> None:
    twice(session)
    add(session, "c", 1)
    session.add(match(3, 1, "0.500"))
    page = ask(session)
    assert (keys(page), page.total) == (["a", "c"], 2)
    line = page.lines[0]
    assert [(one.theme.slug, str(one.score)) for one in line.matches] == [
        ("klimaat_water", "0.900"),
        ("wonen", "0.400"),
    ]
    assert [one.source.slug for one in line.twins] == ["rvo"]
    assert line.deadline is not None
    assert line.deadline.on == DECEMBER[0]
    assert [(call.key, day) for call, day in line.dates] == [("b", DECEMBER[0]), ("a", DECEMBER[1])]
    assert line.spans("title") == []
    assert queries.as_row(line)["also at"] == "rvo"
    assert page.lines[1].twins == ()


def test_an_undone_link_shows_both_again(session: Session) -> None:
    twice(session)
    undo_link(session, 1, by="noor", now=NOW)
    session.expire_all()
    assert sorted(keys(ask(session))) == ["a", "b"]


def test_sources_that_agree_are_not_said_to_differ(session: Session) -> None:
    twice(session)
    session.scalars(select(Call).where(Call.id == 2)).one().deadlines[0].on = DECEMBER[1]
    add(session, "c", 3, None)
    link(session, 1, 3)
    session.flush()
    session.expire_all()
    (line,) = ask(session).lines
    assert (line.dates, [one.key for one in line.twins]) == ((), ["b", "c"])


def test_a_call_that_one_source_still_has_open_is_open_and_the_earlier_day_is_told(session: Session) -> None:
    twice(session)
    session.scalars(select(Call).where(Call.id == 2)).one().deadlines[0].on = date(2026, 11, 2)
    session.flush()
    session.expire_all()
    (line,) = ask(session, status=CallStatus.OPEN).lines
    assert line.status == CallStatus.OPEN
    assert [day for _, day in line.dates] == [date(2026, 11, 2), DECEMBER[1]]
    assert ask(session, status=CallStatus.CLOSED).total == 0


def test_the_list_is_put_in_order_of_the_first_deadline_of_all(session: Session) -> None:
    add(session, "c", 1, date(2026, 12, 12))
    add(session, "a", 1)
    add(session, "b", 2, DECEMBER[0])
    link(session, 2, 3)
    assert keys(ask(session, order=Order.DEADLINE, matched=False)) == ["a", "c"]


def test_a_call_is_found_by_the_words_of_its_twin(session: Session) -> None:
    twice(session, title="Koele steden", identifier="RVO-7")
    take_up(session)
    assert keys(ask(session, search="koele rvo")) == ["a"]
    assert keys(ask(session, search="cool")) == ["a"]
    assert keys(ask(session, search="koele cool")) == []


def test_lists_and_letters_take_as_many_statements_for_many_groups(session: Session, engine: Engine) -> None:
    numbers = []
    for size in (2, 20):
        for number in range(size):
            one, other = add(session, f"{size}-{number}", 1), add(session, f"{size}-{number}", 2)
            session.add_all([match(one.id), match(other.id)])
            session.add(CallLink(
                call_id=one.id, other_id=other.id, reason=LinkReason.BY_HAND, confidence=Decimal(1), at=NOW, by="noor",
            ))  # fmt: skip
            other.folded_into_id = one.id
        session.flush()
        session.expire_all()
        with counted(engine) as said:
            assert len(ask(session).lines[0].twins) == 1
        session.expire_all()
        with counted(engine) as letter:
            told(session)
        numbers.append((len(said), len(letter)))
    assert numbers[0] == numbers[1]


def told(session: Session) -> DigestFacts:
    return facts(session, session.get_one(Colleague, 1), now=NOW)


def text(session: Session) -> tuple[str, str]:
    settings = Settings(mail_from="Pijplijn <p@enschede.example>", data_dir=Path("/nowhere"))
    (letter,) = [one for _, one in preview(session, now=NOW, settings=settings)]
    return " ".join(letter.text.split()), letter.html


def test_the_letter_tells_of_a_linked_call_once_with_the_first_deadline(session: Session) -> None:
    twice(session)
    news = told(session).news
    assert [line.call.key for line in news.new] == ["a"]
    assert (news.closing, news.left_out) == ((), {})
    plain, html = text(session)
    assert (
        "nog 16 dagen, donderdag 10 december 2026 (tijd onbekend) ook bij: RVO; De bronnen noemen verschillende "
        "sluitingsdata: RVO donderdag 10 december 2026; EU dinsdag 15 december 2026"
    ) in plain
    assert "ook bij: RVO" in html


def test_the_letter_gives_the_words_of_the_twin_when_they_alone_match(session: Session) -> None:
    add(session, "a", 1, text="Nothing of ours.")
    add(session, "b", 2, language="nl")
    session.add(match(2))
    link(session, 1, 2)
    session.expire_all()
    (line,) = told(session).news.new
    assert (line.call.key, line.teller.key, line.title_spans) == ("a", "b", ())
    assert line.reasons[0].text.startswith("Heat stress")


def test_a_twin_that_is_found_later_is_not_new(session: Session) -> None:
    twice(session)
    long_ago = NOW - timedelta(days=60)
    for row in session.scalars(select(Call)):
        row.first_seen_at = long_ago if row.key == "a" else NOW
    for number, row in enumerate(session.scalars(select(Match).order_by(Match.id))):
        row.first_matched_at = long_ago if number == 0 else NOW
    session.flush()
    news = told(session).news
    assert (news.new, news.left_out) == ((), {})
    assert [line.call.key for line in news.closing] == ["a"]


def test_a_moved_deadline_is_told_once_by_the_shown_call_else_by_its_twin(session: Session) -> None:
    twice(session)
    for row in session.scalars(select(Match)):
        row.first_matched_at = NOW - timedelta(days=60)

    def moved(call_id: int) -> None:
        session.add(CallChange(
            call_id=call_id, at=NOW, kind=ChangeKind.DEADLINE_MOVED, significance=Significance.MAJOR,
            before="2026-12-01", after="2026-12-10",
        ))  # fmt: skip
        session.flush()

    moved(2)
    assert [one.changes[0].call_id for one in told(session).news.changed] == [2]
    moved(1)
    assert [one.changes[0].call_id for one in told(session).news.changed] == [1]


def test_the_page_of_a_call_knows_its_twins_also_by_way_of_another(session: Session) -> None:
    for number, key in enumerate("abc", start=1):
        add(session, key, number, identifier=key, title=key, url=f"https://x.example/{key}")
    link(session, 1, 2)
    link(session, 2, 3)
    twins, undone, dates = queries.twins(session, 1, today=TODAY)
    assert [(one.call.key, one.link is not None) for one in twins] == [("b", True), ("c", False)]
    assert (undone, dates) == ([], ())
    undo_link(session, 1, by="noor", now=NOW)
    session.expire_all()
    twins, undone, _ = queries.twins(session, 1, today=TODAY)
    assert (twins, [one.id for one in undone]) == ([], [1])
