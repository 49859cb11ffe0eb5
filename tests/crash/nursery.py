# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A process without threads that forks a planner and two deliverers, and kills them at random moments.

`python -m tests.crash.nursery ORDERS`, with the orders as JSON; it ends once nothing waits any more.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import func, select

from grants import outbox, settling, smtp
from grants.outbox import post
from models.message import Message, MessageState
from models.session import Begin, connect, transactions
from tests.crash.strategies import STRATEGIES

PLANNED_AT_ONCE = 5
WAITS = (MessageState.QUEUED, MessageState.SENDING, MessageState.IN_DOUBT)


@dataclass(frozen=True)
class Orders:
    """One campaign."""

    url: str
    journal: str
    smtp: str
    imap: str
    strategy: str
    kills: int
    seed: int
    letters: int
    patience: float = 60.0  # seconds after the last kill in which all must be settled


def short_minutes() -> None:
    """The same waits in the same order, as seconds: a letter is still given up before its lease ends."""
    smtp.SECONDS, smtp.PATIENCE = 1.5, 2.0
    outbox.LEASE, settling.GRACE = timedelta(seconds=4), timedelta(seconds=2)
    settling.BACKOFF = [timedelta(seconds=0.2), timedelta(seconds=0.5)]


def letter(number: int) -> tuple[str, str]:
    """Its key and its kind: every other one is a digest."""
    return f"letter:{number}", ("digest", "reminder")[number % 2]


def plan(begin: Begin, orders: Orders, until: float) -> None:
    """Post whatever is due and not there yet, all anew after every kill; the last when the last kill comes."""
    start, posted = time.monotonic(), 0
    while posted < orders.letters:
        spent = 1 - max(until - time.monotonic(), 0) / max(until - start, 0.01)
        due = min(int(orders.letters * spent) + PLANNED_AT_ONCE, orders.letters)
        for first in range(0, due, PLANNED_AT_ONCE):
            with begin() as session:
                for number in range(first, min(first + PLANNED_AT_ONCE, due)):
                    key, kind = letter(number)
                    post(
                        session, key=key, kind=kind, recipient="noor@enschede.example", subject=key, text="x",
                        html="<p>x</p>", now=datetime.now(UTC), sender="Pijplijn <p@enschede.example>",
                    )  # fmt: skip
        posted = due
        time.sleep(0.05)
    time.sleep(3600)


def forked(deed: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        deed()
    except BaseException as error:  # noqa: BLE001 - a child may not go on as its parent
        print(f"A worker ended by itself: {error!r}", file=sys.stderr)
    os._exit(1)


def campaign(orders: Orders) -> None:
    dice, until = Random(orders.seed), time.monotonic() + orders.kills * 0.2

    def planner() -> None:
        plan(transactions(connect(orders.url)), orders, until)

    def deliverer() -> None:
        short_minutes()
        STRATEGIES[orders.strategy](orders)

    deeds = [deliverer, deliverer, planner]
    children = [forked(deed) for deed in deeds]
    for _ in range(orders.kills):
        time.sleep(dice.uniform(0.02, 0.38))
        victim = dice.randrange(len(deeds))
        killed(children[victim])
        children[victim] = forked(deeds[victim])
    wait_until_settled(orders)
    for child in children:
        killed(child)


def killed(child: int) -> None:
    """Kill -9; a worker that had ended by itself is a fault of the test or of ours."""
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        sys.exit("A worker had ended by itself.")


def wait_until_settled(orders: Orders) -> None:
    begin, until = transactions(connect(orders.url)), time.monotonic() + orders.patience
    while time.monotonic() < until:
        with begin() as session:
            there = session.scalars(select(func.count()).select_from(Message)).one()
            waits = session.scalars(
                select(func.count()).select_from(Message).where(Message.state.in_(WAITS))
            ).one()
        if there == orders.letters and not waits:
            return
        time.sleep(0.2)


if __name__ == "__main__":
    campaign(Orders(**json.loads(sys.argv[1])))
