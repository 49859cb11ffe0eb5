# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What needs a look, told once when it starts and once when it is over, whatever runs twice or dies."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from grants import auditing
from grants.reconciling import notice, reconcile
from grants.upkeep import LEASE, LINES, note, tell, troubles
from models.message import Message, MessageState
from models.session import Begin
from models.source import HarvestRun, Source
from models.trouble import Trouble
from models.values import Completeness
from tests.builders import NOW, source

HOUR = timedelta(hours=1)
SILENT = "New fund: no good reading since the start. See whether harvesting runs."


def message(state: MessageState, number: int) -> Message:
    return Message(
        key=f"k{number}", kind="digest", recipient="noor@enschede.example", subject="s", message_id=f"<{number}@x>",
        mime=b"m", state=state, created_at=NOW, next_attempt_at=NOW,
    )  # fmt: skip


def run(of: Source, **facts: Any) -> HarvestRun:
    complete = {"outcome": Completeness.COMPLETE, "seen": 7, "warnings": []}
    return HarvestRun(source=of, started_at=NOW, finished_at=NOW, **complete | facts)


class Operator:
    """Hears what is told, unless told not to."""

    def __init__(self, *, hears: bool = True) -> None:
        self.hears = hears
        self.heard: list[tuple[str, list[str]]] = []

    def __call__(self, title: str, text: str) -> bool:
        if self.hears:
            self.heard.append((title, text.splitlines()))
        return self.hears


@pytest.fixture
def operator() -> Operator:
    return Operator()


def change(begin: Begin, deed: Callable[[Source], None]) -> None:
    with begin() as session:
        deed(session.scalars(select(Source)).one())


def read_well(one: Source) -> None:
    one.last_success_at = NOW


def read_long_ago(one: Source) -> None:
    one.last_success_at = NOW - timedelta(days=9)


def test_a_paused_delivery_is_a_trouble_until_the_journal_is_believed(begin: Begin) -> None:
    with begin() as session:
        notice(session, {"<a@x.example>": NOW}, now=NOW)
        assert "reconcile" in troubles(session, now=NOW)["message:paused"]
        reconcile(session, actor="noor", now=NOW)
        assert troubles(session, now=NOW) == {}


def test_every_red_source_and_stuck_message_is_a_trouble_under_a_key_of_its_own(begin: Begin) -> None:
    fresh = {"last_success_at": NOW}
    with begin() as session:
        held = source(slug="held", name="Held fund", **fresh)
        few = source(slug="few", name="Few fund", at_least=10, filled={"budget": 0.9}, **fresh)
        shut = source(slug="shut", name="Shut fund", failures=1, **fresh)
        down = source(slug="down", name="Down fund", failures=3, **fresh)
        brief = source(slug="brief", name="Brief fund", failures=2)
        failed = {"outcome": Completeness.FAILED, "seen": 0}
        session.add_all([
            source(slug="quiet", name="Quiet fund", last_success_at=NOW - timedelta(days=4)),
            source(slug="never", name="New fund"), source(slug="off", enabled=False),
            held, run(held, held=True),
            few, run(few, filled={"title": 7}),
            shut, run(shut, **failed, fault="refused", error="x.example answered 403."),
            down, run(down, **failed, fault="network", error="No answer from x.example."),
            brief, run(brief, **failed, fault="network", error="No answer from y.example."),
            message(MessageState.DEAD, 1), message(MessageState.IN_DOUBT, 2), message(MessageState.SENT, 3),
        ])  # fmt: skip
    with begin() as session:
        assert troubles(session, now=NOW) == {
            "source:never:overdue": SILENT,
            "source:quiet:overdue": "Quiet fund: no good reading since 2026-11-20 08:00 UTC. See whether harvesting runs.",
            "source:held:held": "Held fund: the last reading was held because its size jumped. Look at it and take it over or not.",
            "source:shut:failing": "Shut fund: reading it fails: x.example answered 403.",
            "source:down:failing": "Down fund: reading it fails: No answer from x.example.",
            "source:few:few": "Few fund: It gives 7 calls since 2026-11-24, at least 10 are expected. Look whether the "
            "source itself shows more; if not, lower what is expected of it.",
            "source:few:unfilled:budget": "Few fund: 'budget' is filled in 0 % of the calls since 2026-11-24, 90 % is "
            "expected. Look whether the source words it otherwise now, and let its adapter be mended.",
            "message:1": "Message 1, a digest, is dead: see manage.py messages.",
            "message:2": "Message 2, a digest, is in doubt: see manage.py messages.",
        }  # fmt: skip


def test_a_trouble_is_told_once_when_it_starts_and_once_when_it_is_over(
    begin: Begin, operator: Operator
) -> None:
    with begin() as session:
        session.add(source(name="New fund"))
    assert tell(begin, send=operator, now=NOW) == [SILENT]
    for hours in (1, 25, 24 * 40):
        assert tell(begin, send=operator, now=NOW + hours * HOUR) == []
    change(begin, read_well)
    assert tell(begin, send=operator, now=NOW + HOUR) == [SILENT]
    assert tell(begin, send=operator, now=NOW + 2 * HOUR) == []
    assert operator.heard == [
        ("Pijplijn needs a look", [SILENT]),
        ("Pijplijn: over", [f"No longer so: {SILENT}"]),
    ]


def test_the_same_trouble_later_is_told_again(begin: Begin, operator: Operator) -> None:
    with begin() as session:
        session.add(source(name="New fund"))
    for deed in (read_long_ago, read_well, read_long_ago):
        change(begin, deed)
        tell(begin, send=operator, now=NOW)
    assert [title for title, _ in operator.heard] == [
        "Pijplijn needs a look", "Pijplijn: over", "Pijplijn needs a look",
    ]  # fmt: skip


def test_what_nobody_heard_is_told_again(begin: Begin) -> None:
    deaf, operator = Operator(hears=False), Operator()
    with begin() as session:
        session.add(source(name="New fund"))
    assert tell(begin, send=deaf, now=NOW) == []
    assert tell(begin, send=operator, now=NOW) == [SILENT]
    change(begin, read_well)
    assert tell(begin, send=deaf, now=NOW) == []
    assert tell(begin, send=operator, now=NOW) == [SILENT]
    assert len(operator.heard) == 2


def test_a_trouble_that_was_over_before_anyone_heard_is_not_told(begin: Begin, operator: Operator) -> None:
    with begin() as session:
        session.add(source(name="New fund"))
    tell(begin, send=Operator(hears=False), now=NOW)
    change(begin, read_well)
    assert tell(begin, send=operator, now=NOW) == []
    assert operator.heard == []


def test_two_checks_at_once_tell_it_once(begin: Begin, operator: Operator) -> None:
    with begin() as session:
        session.add(source(name="New fund"))

    def while_another_checks(title: str, text: str) -> bool:
        assert tell(begin, send=operator, now=NOW) == []
        return operator(title, text)

    assert tell(begin, send=while_another_checks, now=NOW) == [SILENT]
    assert len(operator.heard) == 1


def test_what_a_dead_process_claimed_is_told_when_its_lease_is_over(begin: Begin, operator: Operator) -> None:
    with begin() as session:
        session.add(source(name="New fund"))

    def dies(title: str, text: str) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell(begin, send=dies, now=NOW)
    assert tell(begin, send=operator, now=NOW + LEASE) == []
    assert tell(begin, send=operator, now=NOW + LEASE + timedelta(seconds=1)) == [SILENT]


def test_two_checks_that_find_the_same_trouble_note_it_once(begin: Begin) -> None:
    with begin() as session:
        session.add(source(name="New fund"))

    def check() -> None:
        with begin() as session:
            note(session, now=NOW)

    with begin() as session:
        other = Thread(target=check)
        other.start()  # waits for this one at the latest when it writes
        note(session, now=NOW)
    other.join()
    check()
    with begin() as session:
        assert [row.key for row in session.scalars(select(Trouble))] == ["source:eu-portal:overdue"]


def test_an_alert_is_never_longer_than_a_screen(begin: Begin, operator: Operator) -> None:
    with begin() as session:
        session.add_all(message(MessageState.DEAD, number) for number in range(1, LINES + 8))
    assert len(tell(begin, send=operator, now=NOW)) == LINES + 7
    ((_, lines),) = operator.heard
    assert (len(lines), lines[-1]) == (LINES + 1, "… and 7 more.")


def test_a_broken_audit_log_is_told(begin: Begin, operator: Operator, engine: Engine) -> None:
    with begin() as session:
        for number in (1, 2):
            auditing.note(
                session, at=NOW, actor="noor", action="changed", subject="source", subject_id=number
            )
    assert tell(begin, send=operator, now=NOW) == []
    with begin() as session:
        session.execute(text(
            "DROP TRIGGER audit_entry_not_removed" if engine.dialect.name == "sqlite"
            else "ALTER TABLE audit_entry DISABLE TRIGGER USER"
        ))  # fmt: skip
        session.execute(text("DELETE FROM audit_entry WHERE subject_id = 1"))
        if engine.dialect.name == "postgresql":
            session.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER USER"))
    (line,) = tell(begin, send=operator, now=NOW + 24 * HOUR)
    assert line.startswith("The audit log does not hold at entry 2: it does not follow the entry before it")
