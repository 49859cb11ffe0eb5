# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The defects of others that lose or double a reminder, each played here with the days it went wrong on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from grants.keeping import keep_entry
from grants.outbox import deliver
from grants.smtp import Outcome, Sent
from grants.sources.reading import Entry
from models.application import Milestone
from models.message import Message, MessageState
from models.session import Begin
from models.source import Source
from models.values import Due
from tests import builders
from tests.grants.reminders.desk import (
    DUE,
    START,
    amended,
    follow,
    furnish,
    moment,
    move,
    states,
    written,
)


def a_followed_call(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)


def a_report(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        session.add(builders.application(owner_id=1, milestones=[builders.milestone(DUE)]))


def steps(begin: Begin, days: list[date]) -> list[str]:
    return [one.key.split(":")[4] for day in days for one in written(begin, day)]


def test_gost_a_day_the_cron_missed_or_a_call_that_came_late_is_still_told(begin: Begin) -> None:
    """Theirs mails what opened yesterday: a missed day is gone."""
    a_followed_call(begin)
    assert steps(begin, [DUE - timedelta(days=20), DUE - timedelta(days=13)]) == ["30", "14"]
    with begin() as session:
        session.add(
            builders.call(
                key="late", deadlines=[builders.deadline(DUE, since=moment(DUE - timedelta(days=9)))]
            )
        )
        session.flush()
        follow(session, call_id=2, since=moment(DUE - timedelta(days=9)))
    assert steps(begin, [DUE - timedelta(days=9)]) == ["14"]


def test_simpler_a_letter_that_could_not_be_sent_is_not_taken_for_sent(begin: Begin) -> None:
    """Theirs notes what was found before it sends, and keeps the note when sending fails."""
    a_followed_call(begin)
    day = DUE - timedelta(days=7)
    written(begin, day, sent=False)
    deliver(begin, mailer=lambda *_: Sent(Outcome.DEFERRED, "451"), sender="p@x.example", now=moment(day, 10))
    with begin() as session:
        assert session.scalars(select(Message)).one().state == MessageState.QUEUED
    sent: list[bytes] = []
    deliver(
        begin, mailer=lambda mime, *_: (sent.append(mime), Sent(Outcome.ACCEPTED))[1], sender="p@x.example",
        now=moment(day, 12),
    )  # fmt: skip
    assert len(sent) == 1


def test_simpler_a_change_and_a_closing_reminder_do_not_swallow_each_other(begin: Begin) -> None:
    """Theirs share one moment of last notice."""
    a_followed_call(begin)
    day = DUE - timedelta(days=10)
    move(begin, DUE - timedelta(days=3), at=moment(day, 8))
    kinds = [one.kind for one in [*amended(begin, day), *written(begin, day)]]
    assert kinds == ["amended", "reminder"]
    move(begin, DUE - timedelta(days=4), at=moment(day, 11))
    kinds = [one.kind for one in [*written(begin, day, hour=12), *amended(begin, day, hour=12)]]
    assert kinds == ["reminder", "amended"]


def test_hypha_a_skipped_day_loses_no_report_and_nothing_is_dropped_after_a_week(begin: Begin) -> None:
    """Theirs fires when the end is exactly n days away, and drops what is older than seven days."""
    a_report(begin)
    day = DUE - timedelta(days=12)
    assert steps(begin, [day]) == ["14"]
    (waits,) = written(begin, DUE - timedelta(days=7), sent=False)
    assert waits.key.split(":")[4] == "7"
    later = written(begin, DUE + timedelta(days=10))
    assert [one.subject.split(":")[0] for one in later] == ["Verstreken"]
    assert dict(states(begin))[waits.key] == "superseded", (
        "it says itself that a more urgent one took its place"
    )


def test_fundingfinder_closing_soon_is_told_though_the_second_of_august_was_skipped(begin: Begin) -> None:
    """Reproduced with theirs: a deadline on 1 September, the run of 2 August skipped, and nothing, ever."""
    with begin() as session:
        furnish(session, deadlines=[builders.deadline(date(2026, 9, 1), since=moment(date(2026, 7, 1)))])
        follow(session, since=moment(date(2026, 7, 1)))
    assert steps(begin, [date(2026, 7, 30)]) == []
    (late,) = written(begin, date(2026, 8, 3))
    assert late.subject == "[te laat verzonden] Herinnering: Cities that stay cool"
    assert "vrijdag 31 juli 2026" in late.mime.decode(), "2 August is a Sunday"


def test_aaa_a_refused_letter_is_not_marked_sent(begin: Begin) -> None:
    """Theirs swallow the provider's error and mark the warning sent."""
    a_report(begin)
    written(begin, DUE, sent=False)
    deliver(
        begin,
        mailer=lambda *_: Sent(Outcome.REFUSED, "550 no such user"),
        sender="p@x.example",
        now=moment(DUE, 10),
    )
    with begin() as session:
        letter = session.scalars(select(Message)).one()
        assert (letter.state, letter.last_error, letter.sent_at) == (
            MessageState.DEAD,
            "550 no such user",
            None,
        )


def test_grantscope_a_milestone_reminds_by_a_path_that_sends(begin: Begin) -> None:
    """Theirs have a column reminder_sent that no code ever sets."""
    a_report(begin)
    written(begin, DUE, sent=False)
    sent: list[str] = []
    deliver(
        begin, mailer=lambda _mime, _from, to: (sent.append(to), Sent(Outcome.ACCEPTED))[1], sender="p@x.example",
        now=moment(DUE, 10),
    )  # fmt: skip
    assert sent == ["noor@enschede.example"]


def changes_of_day(year: int) -> list[date]:
    """The days on which the clocks change: the last Sundays of March and October."""
    lasts = [date(year, month, 31) for month in (3, 10)]
    return [last - timedelta(days=last.isoweekday() % 7) for last in lasts]


@pytest.mark.slow
def test_over_every_change_of_the_clock_there_is_one_round_a_day_and_instants_are_exact(begin: Begin) -> None:
    """2026 to 2040, by the hour through the night itself: none twice in the hour that comes twice."""
    amsterdam = ZoneInfo("Europe/Amsterdam")
    a_report(begin)
    for sunday in (day for year in range(2026, 2041) for day in changes_of_day(year)):
        tuesday = sunday + timedelta(days=2)
        with begin() as session:
            session.get_one(Milestone, 1).on = tuesday
        friday = datetime(sunday.year, sunday.month, sunday.day, 5, tzinfo=UTC) - timedelta(days=2)
        told = []
        for hour in range(24 * 4 + 4):
            now = (friday + timedelta(hours=hour)).astimezone(amsterdam)
            if now.hour == 7 or now.date() == sunday:
                told += [one.key.split(":")[4] for one in written(begin, now.date())]
        assert told == ["2", "0"], sunday
        with begin() as session:
            last = session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
            assert last.due_at == datetime(tuesday.year, tuesday.month, tuesday.day, 17, tzinfo=amsterdam)


def test_a_source_that_says_the_same_again_repeats_nothing(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        source = session.get_one(Source, 1)
        entry = Entry(key="k", title="T", url="https://x.example/k", deadlines=(Due(DUE),))
        call = keep_entry(session, source, entry, now=START)
        follow(session, call_id=call.id)
    assert len(written(begin, DUE - timedelta(days=14))) == 1
    with begin() as session:
        both = Entry(
            key="k", title="T", url="https://x.example/k", deadlines=(Due(DUE), Due(DUE + timedelta(days=90)))
        )
        keep_entry(session, session.get_one(Source, 1), both, now=moment(DUE - timedelta(days=13)))
    assert written(begin, DUE - timedelta(days=13)) == []
    assert amended(begin, DUE - timedelta(days=13)) == []
