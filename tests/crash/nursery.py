# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A process without threads that forks deliverers, planners and others, and kills them at random moments.

`python -m tests.crash.nursery ORDERS`, with the orders as JSON; it ends once nothing waits any more.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from grants import backups, outbox, settling, smtp
from models.message import Message, MessageState
from models.session import connect, transactions
from tests.crash.deeds import Orders, back_up_often, move_schema, plan_and_render, post_letters
from tests.crash.strategies import STRATEGIES

WAITS = (MessageState.QUEUED, MessageState.SENDING, MessageState.IN_DOUBT)


def short_minutes() -> None:
    """The same waits in the same order, as seconds: a letter is still given up before its lease ends."""
    smtp.SECONDS, smtp.PATIENCE = 1.5, 2.0
    outbox.LEASE, settling.GRACE = timedelta(seconds=4), timedelta(seconds=2)
    settling.BACKOFF = [timedelta(seconds=0.2), timedelta(seconds=0.5)]


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
    deeds = [*workers(orders, until)]
    children = [forked(deed) for deed in deeds]
    for _ in range(orders.kills):
        time.sleep(dice.uniform(0.02, 0.38))
        victim = dice.randrange(len(deeds))
        killed(children[victim])
        if deeds[victim].func is back_up_often:
            prove_all(orders)
        children[victim] = forked(deeds[victim])
    wait_until_settled(orders)
    for child in children:
        killed(child)
    if orders.planned:
        prove_all(orders)
        drill(orders)


def workers(orders: Orders, until: float) -> Iterator[partial[None]]:
    """Two deliverers and who posts for them; with ours also all else that writes."""
    yield from [partial(deliverer, orders), partial(deliverer, orders), partial(post_letters, orders, until)]
    if orders.planned:
        yield from [partial(plan_and_render, orders, until), partial(back_up_often, orders)]
        yield partial(move_schema, orders)


def deliverer(orders: Orders) -> None:
    short_minutes()
    STRATEGIES[orders.strategy](orders)


def prove_all(orders: Orders) -> None:
    """Every backup that is there is whole; raises BackupError."""
    for backup in backups.kept(Path(orders.folder) / "backups"):
        backups.prove(backup, url=orders.url, programs=Path(orders.programs))


def drill(orders: Orders) -> None:
    """The newest comes back with every row; the kills left a backup that is newer than any of them."""
    folder, programs, now = Path(orders.folder) / "backups", Path(orders.programs), datetime.now(UTC)
    last = backups.back_up(orders.url, folder, reason="hourly", now=now, programs=programs)
    if backups.drill(orders.url, folder, now=now, programs=programs).backup != last:
        sys.exit("The newest backup is not the newest.")


def killed(child: int) -> None:
    """Kill -9; a worker that had ended by itself is a fault of the test or of ours."""
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        sys.exit("A worker had ended by itself.")


def wait_until_settled(orders: Orders) -> None:
    """Until nothing waits, or nothing happened for as long as we have patience."""
    begin, before, until = transactions(connect(orders.url)), (0, 0), time.monotonic() + orders.patience
    while time.monotonic() < until:
        with begin() as session:
            there = session.scalars(select(func.count()).select_from(Message)).one()
            waiting = select(func.count()).select_from(Message).where(Message.state.in_(WAITS))
            now = (there, session.scalars(waiting).one())
        if now == (orders.everything, 0):
            return
        if now != before:
            before, until = now, time.monotonic() + orders.patience
        time.sleep(0.2)


if __name__ == "__main__":
    campaign(Orders(**json.loads(sys.argv[1])))
