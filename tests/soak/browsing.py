# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A colleague who looks at pages all the time, in the real web processes."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle

import httpx

PAGES = (
    "/",
    "/inbox",
    "/calls",
    "/applications",
    "/applications?view=board",
    "/messages",
    "/reminders",
    "/sources",
)
PAUSE = 0.1


@dataclass
class Browsing:
    """What came back; "none" where nothing did."""

    answers: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self, address: str, token: str) -> None:
        with httpx.Client(base_url=address, cookies={"sid": token}, timeout=60) as client:
            for page in cycle(PAGES):
                if self.over.wait(PAUSE):
                    return
                try:
                    self.answers[str(client.get(page).status_code)] += 1
                except httpx.HTTPError as error:
                    self.answers[type(error).__name__] += 1


@contextmanager
def browsing(address: str, token: str) -> Iterator[Browsing]:
    """While the block lasts, once the pages answer."""
    for _ in range(600):
        try:
            httpx.get(f"{address}/health", timeout=5)
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    one = Browsing()
    thread = threading.Thread(target=one.look, args=(address, token))
    thread.start()
    try:
        yield one
    finally:
        one.over.set()
        thread.join()
