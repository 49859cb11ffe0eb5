# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is written to and when, and that no call is lost or told twice: the defects of others, as tests."""

import email
import email.policy
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from grants.digest import preview, write_digests
from grants.queries import language_of, words_of
from grants.smtp import Outcome
from models.application import Comment
from models.call import Call
from models.colleague import Access, Colleague, Rhythm
from models.message import Message, MessageState
from models.session import Begin
from models.source import Look
from tests import builders
from tests.grants.desk import a_call, furnish, person
from tests.grants.digest.post import DAY, NOW, SETTINGS, letters, news, run

MONDAY = datetime(2026, 11, 23, 7, tzinfo=NOW.tzinfo)


@pytest.fixture(autouse=True)
def desk(begin: Begin) -> None:
    with begin() as session:
        furnish(session, calls=0)


def choose(begin: Begin, name: str = "Noor", **facts: object) -> None:
    with begin() as session:
        for field, value in facts.items():
            setattr(person(session, name), f"digest_{field}", value)


def titles(message: Message) -> list[str]:
    """The calls that a letter tells."""
    letter = email.message_from_bytes(message.mime, policy=email.policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    return [line[2:] for line in body.get_content().splitlines() if line.startswith("* Call ")]


def test_everyone_who_works_here_is_written_to_by_default(begin: Begin) -> None:
    assert run(begin, NOW) == 4
    assert run(begin, NOW) == 0
    with begin() as session:
        keys = list(session.scalars(select(Message.key).order_by(Message.id)))
    assert keys == [f"digest:{office}:{number}:2026-W48" for office, number in [
        ("enschede", 1), ("enschede", 2), ("almelo", 4), ("hengelo", 5)]]  # fmt: skip


def test_a_thousand_are_written_a_batch_a_transaction(begin: Begin) -> None:
    with begin() as session:
        session.add_all(builders.colleague(email=f"c{number}@x.example") for number in range(45))
        told = [a_call(session, key=str(number), title=f"Call {number}") for number in range(3)]
        told[2].folded_into_id = told[1].id
        session.add(Look(source_id=1, url="https://x.example", at=NOW, title="Agenda", before="a", after="b"))
    assert run(begin, NOW) == 49
    first, last = letters(begin), letters(begin, "c44@x.example")
    assert titles(first[0]) == titles(last[0]) == ["Call 0", "Call 1"]
    assert b"Agenda" in last[0].mime


def test_a_page_that_changed_is_told_once_to_each_reader_and_then_counted_while_it_waits(
    begin: Begin,
) -> None:
    choose(begin, rhythm=Rhythm.DAILY)
    with begin() as session:
        session.add(
            Look(source_id=1, url="https://x.example", at=NOW - DAY, title="Agenda", before="a", after="b")
        )
    run(begin, NOW)
    with begin() as session:
        session.add(
            Look(
                source_id=1, url="https://y.example", at=NOW + DAY / 2, title="Rooster", before="a", after="b"
            )
        )
    run(begin, NOW + DAY)
    run(begin, NOW + 2 * DAY)
    first, second, third = map(words_of, letters(begin))
    assert ("* Agenda" in first, "* Rooster" in first) == (True, False)
    assert ("* Agenda" in second, "* Rooster" in second, "Nog 1 gewijzigde pagina." in second) == (
        False,
        True,
        True,
    )
    assert ("* Agenda" in third, "* Rooster" in third, "Nog 2 gewijzigde pagina's." in third) == (
        False,
        False,
        True,
    )


def test_who_is_named_in_a_comment_reads_it_in_the_next_letter_alone_and_of_what_is_secret_nothing(
    begin: Begin,
) -> None:
    choose(begin, rhythm=Rhythm.DAILY)
    with begin() as session:
        noor = person(session, "Noor")
        noor.access = Access.EDITOR
        secret = builders.application(slug="b", title="Geheim", confidential=True)
        session.add_all([builders.application(), secret])
        session.flush()
        for number, said in ((1, "@noor bel jij <b>Gronau</b>?"), (2, "@noor stil")):
            facts = {"colleague_id": 2, "mentions": [noor.id], "at": NOW - DAY / 2}
            session.add(Comment(application_id=number, text=said, **facts))
    run(begin, NOW)
    run(begin, NOW + DAY)
    first, second = letters(begin)
    assert "november 2026: ‘@noor bel jij <b>Gronau</b>?’" in words_of(first)
    assert "@noor bel jij &lt;b&gt;Gronau&lt;/b&gt;?" in words_of(first, "html")
    assert (language_of(first), language_of(Message(mime=b"Subject: x\n\nkaal"))) == ("nl", "")
    assert "Geheim" not in words_of(first) + words_of(second)
    assert "@noor" not in words_of(second)


def test_a_week_and_a_day_have_one_and_a_change_of_rhythm_loses_and_doubles_no_call(begin: Begin) -> None:
    hours = 0
    for hours in range(21 * 24):
        now = MONDAY + timedelta(hours=hours)
        if hours % 11 == 0:
            with begin() as session:
                a_call(
                    session,
                    key=str(hours),
                    title=f"Call {hours}",
                    first_seen_at=now,
                    opens_on=None,
                    deadlines=[],
                )
        if hours == 3 * 24 + 5:
            choose(begin, rhythm=Rhythm.DAILY, hour=9)
        if hours == 10 * 24 + 5:
            choose(begin, rhythm=Rhythm.WEEKLY, hour=7, weekday=5)
        if hours % 7 == 0 or hours > 400:  # the flow misses most of its hours
            run(begin, now)
    told = Counter(title for letter in letters(begin) for title in titles(letter))
    last = letters(begin)[-1].created_at
    with begin() as session:
        came = set(session.scalars(select(Call.title).where(Call.first_seen_at <= last)))
    assert set(told) == came
    assert set(told.values()) == {1}
    periods = [one.key.rpartition(":")[2] for one in letters(begin)]
    assert len(periods) == len(set(periods)) > 8


def test_a_call_harvested_late_is_mailed_and_a_missed_day_is_made_up_for(begin: Begin) -> None:
    """GOST: `open_date = yesterday`, no ledger, so a late call or a missed cron day was never mailed."""
    choose(begin, rhythm=Rhythm.DAILY)
    run(begin, NOW)
    with begin() as session:
        late = a_call(
            session, key="late", title="Call published long ago", first_seen_at=NOW + 2 * DAY,
            published_at=NOW - 9 * DAY, opens_on=(NOW - 9 * DAY).date(),
        )  # fmt: skip
        assert late.published_at
    assert run(begin, NOW + 5 * DAY) >= 1  # four days were missed
    assert titles(letters(begin)[-1]) == ["Call published long ago"]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNANSWERED, Outcome.DEFERRED])
def test_a_letter_that_did_not_go_out_marks_nothing_told(begin: Begin, outcome: Outcome) -> None:
    """Simpler: the list of what was told was overwritten before sending, and kept when sending failed."""
    choose(begin, rhythm=Rhythm.DAILY)
    with begin() as session:
        a_call(session, title="Call in a lost letter")
    run(begin, NOW, outcome=outcome)
    assert run(begin, NOW + timedelta(hours=2), outcome=outcome) == 0, "it is not written anew each hour"
    with begin() as session:
        assert session.get_one(Message, 1).state != MessageState.SENT
        session.get_one(Message, 1).state = MessageState.DEAD
    run(begin, NOW + DAY)
    assert titles(letters(begin)[-1]) == ["Call in a lost letter"]
    run(begin, NOW + 2 * DAY)
    assert titles(letters(begin)[-1]) == []


def test_who_needs_no_letter_ends_it_for_nobody_else(begin: Begin) -> None:
    """Simpler: a `return` inside the loop, so that after the first user nobody was served."""
    choose(begin, rhythm=Rhythm.NEVER)
    run(begin, NOW - 7 * DAY)
    assert (letters(begin), len(letters(begin, "sam@x.example"))) == ([], 1)
    choose(begin, "Sam", weekday=7)  # whose week has one, whatever day it is now
    run(begin, NOW)
    for one in ("joost", "hanna"):
        assert len(letters(begin, f"{one}@x.example")) == 2


def test_after_weeks_of_silence_everything_is_told(begin: Begin) -> None:
    """Hypha: fires on the day alone, and drops what waited longer than a week."""
    run(begin, NOW - 40 * DAY)
    with begin() as session:
        soon = [builders.deadline((NOW + 12 * DAY).date())]
        a_call(session, key="a", title="Call of five weeks ago", first_seen_at=NOW - 35 * DAY, deadlines=soon)
        a_call(
            session,
            key="b",
            title="Call that comes near",
            first_seen_at=NOW - 90 * DAY,
            deadlines=list(soon_too()),
        )
    run(begin, NOW)
    assert titles(letters(begin)[-1]) == ["Call of five weeks ago", "Call that comes near"]


def soon_too() -> list[object]:
    return [builders.deadline((NOW + 13 * DAY).date())]


def test_a_choice_of_another_day_gives_no_week_a_second_letter(begin: Begin) -> None:
    run(begin, NOW)
    choose(begin, weekday=5)
    assert [run(begin, NOW + number * DAY) for number in range(1, 9)] == [0, 0, 0, 0, 0, 3, 0, 0]
    assert run(begin, NOW + 10 * DAY) == 1


def test_a_preview_shows_every_readers_letter_and_writes_nothing(begin: Begin) -> None:
    choose(begin, rhythm=Rhythm.NEVER)
    with begin() as session:
        shown = [one.name for one, _ in preview(session, now=NOW, settings=SETTINGS)]
    assert shown == ["Sam", "Joost", "Hanna"]
    assert letters(begin, "sam@x.example") == []


def test_one_that_another_process_wrote_meanwhile_is_written_once(begin: Begin) -> None:
    run(begin, NOW)
    with begin() as session:
        for one in session.scalars(select(Message)):  # as if its clock were behind ours
            one.created_at = NOW - 3 * DAY
    assert run(begin, NOW) == 0


def test_a_digest_can_be_switched_off_with_one_click_and_says_so(begin: Begin) -> None:
    with begin() as session:
        (noor, *_) = write_digests(session, now=NOW, settings=SETTINGS)
        letter = email.message_from_bytes(noor.mime, policy=email.policy.default)
    address = letter["List-Unsubscribe"].strip("<>")
    assert address.startswith("http://localhost:8000/unsubscribe/1.")
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in noor.mime, "whole: no encoded words, no fold"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in ("plain", "html"):
        body = letter.get_body((part,))
        assert body is not None
        assert address in body.get_content()


def test_without_a_key_to_sign_with_there_is_no_such_link(begin: Begin) -> None:
    settings = SETTINGS.model_copy(update={"secret_key": type(SETTINGS.secret_key)("")})
    with begin() as session:
        (noor, *_) = write_digests(session, now=NOW, settings=settings)
    assert b"unsubscribe" not in noor.mime.lower()


def test_colleagues_who_left_are_not_written_to(begin: Begin) -> None:
    with begin() as session:
        assert {one.email for one in session.scalars(select(Colleague).where(~Colleague.active))} == {
            "weg@x.example"
        }
    run(begin, NOW)
    assert letters(begin, "weg@x.example") == []
    with begin() as session:
        assert news(session).quiet
