# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a colleague decides about a source is taken over and written down, once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.errors import PijplijnError
from grants.source_settings import (
    OvertakenError,
    SourceSettings,
    call_normal,
    change_source,
    note_asked,
    seen,
)
from models.audit import AuditEntry
from models.session import Begin
from models.source import Source
from tests import builders
from tests.builders import NOW

AS_IT_IS = SourceSettings(enabled=True, every_hours=24, at_least=1, at_most=None, news_every_days=None)


@pytest.fixture
def session(begin: Begin) -> Iterator[Session]:
    with begin() as session:
        session.add(builders.source())
        session.flush()
        yield session


def source(session: Session) -> Source:
    return session.scalars(select(Source)).one()


def change(session: Session, chosen: SourceSettings, over: str | None = None) -> None:
    mark = seen(source(session)) if over is None else over
    change_source(session, "eu-portal", chosen, actor="noor", now=NOW, over=mark)


def test_settings_are_taken_over_and_only_what_differs_is_written_down(session: Session) -> None:
    change(session, replace(AS_IT_IS, enabled=False, at_most=900))
    assert (source(session).enabled, source(session).at_most, source(session).every_hours) == (False, 900, 24)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.at, entry.action, entry.subject, entry.subject_id) == (
        "noor",
        NOW,
        "changed",
        "source",
        1,
    )
    assert entry.facts == {"enabled": [True, False], "at_most": [None, 900]}


def test_settings_of_which_others_were_seen_are_not_taken_over(session: Session) -> None:
    first = seen(source(session))
    change(session, replace(AS_IT_IS, at_least=5))
    with pytest.raises(OvertakenError, match="meanwhile"):
        change(session, replace(AS_IT_IS, at_least=7), first)
    assert source(session).at_least == 5


def test_the_same_settings_again_are_no_change(session: Session) -> None:
    change(session, AS_IT_IS)
    assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize(
    ("planned", "every_hours", "comes"),
    [
        (None, 2, None),
        (NOW + timedelta(hours=20), 2, NOW + timedelta(hours=2)),
        (NOW + timedelta(hours=1), 48, NOW + timedelta(hours=1)),
    ],
)
def test_the_next_reading_comes_no_later_than_the_new_interval(
    session: Session, planned: datetime | None, every_hours: int, comes: datetime | None
) -> None:
    source(session).next_try_at = planned
    change(session, replace(AS_IT_IS, every_hours=every_hours))
    assert source(session).next_try_at == comes


def test_calling_it_normal_and_asking_are_written_down(session: Session) -> None:
    call_normal(session, "eu-portal", actor="noor", now=NOW)
    note_asked(session, "eu-portal", accept_size=True, actor="noor", now=NOW)
    assert source(session).normal_since == NOW
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert [(one.action, one.facts) for one in entries] == [
        ("called normal", {}), ("asked to read", {"accept_size": True}),
    ]  # fmt: skip


def test_a_source_that_is_not_there_is_a_sentence(session: Session) -> None:
    with pytest.raises(PijplijnError, match="There is no source called 'nergens'"):
        call_normal(session, "nergens", actor="noor", now=NOW)
