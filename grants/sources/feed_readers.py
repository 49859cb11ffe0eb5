# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The processes that read feeds: as many at once as there are cores, each with limits of time and memory.

A hostile or broken feed can cost minutes and gigabytes; here it costs a process, which is replaced. They are
programs of their own: a fork would copy our threads' locks, and multiprocessing's spawn would import the
program that we are, Prefect and all.
"""

import atexit
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Semaphore
from typing import Any

from grants.errors import FaultKind, SourceError

HERE = Path(__file__).resolve().parents[2]  # where a reader finds its modules
LIFE = (  # feed_entries: what is made of most feeds is loaded before the first
    "import sys, grants.sources.feed_entries; from grants.sources.feed import live; live(int(sys.argv[1]))"
)
START = 60.0  # seconds a process may take to start; its start is not the feed's time
AHEAD = 2  # feeds at one reader: the one it reads, and the next

Question = tuple[bytes, Any, Any]
"""What feed.serve takes; the document comes first."""


def ask(question: Question, *, seconds: float) -> Any:
    """What a reader makes of a document.

    Args:
        question: the document, and what else feed.serve takes.
        seconds: what it may take; waiting for its turn is free.

    Raises:
        SourceError: it took too long, or a reader died of it.
    """
    with readers().turn() as reader:
        return reader.ask(question, seconds)


class Reader:
    """One process that reads feeds, one after the other; started when first asked, replaced when it dies.

    While it reads one, the next lies in its pipe already. Who asks stays in the door until it is their turn
    to listen, so that each hears their own answer.
    """

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.pipe: Connection[Any, Any] | None = None
        self.busy = 0
        self._door, self._listening = Lock(), Lock()

    def ask(self, question: Question, seconds: float) -> Any:
        """Its answer; raises SourceError when there is none."""
        size = len(question[0])
        with self._asked(question) as pipe:
            try:
                if pipe.poll(seconds):
                    return pipe.recv()
                sentence = f"The feed of {size:,} bytes took more than {seconds:g} seconds to read."
            except (EOFError, ConnectionResetError):
                sentence = f"The feed of {size:,} bytes needed more than 1 GB of memory to read."
            self._kill()
        raise SourceError(sentence, kind=FaultKind.UNSAFE)

    @contextmanager
    def _asked(self, question: Question) -> "Iterator[Connection[Any, Any]]":
        """The pipe, on which the answer to this question comes next."""
        with ExitStack() as turn:
            with self._door:
                process = self._told(question) if self._alive() else None
                turn.enter_context(self._listening)
                pipe = self._ready()
                if self.process is not process:  # it is the first, or the feed before it cost the process
                    self._told(question)
            yield pipe

    def _told(self, question: Question) -> "subprocess.Popen[bytes] | None":
        """Which process was told; when it is gone, so will be its answer."""
        process = self.process
        if self.pipe is not None:
            with suppress(BrokenPipeError, ConnectionResetError):
                self.pipe.send(question)
        return process

    def _alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _ready(self) -> "Connection[Any, Any]":
        if self.pipe is None or not self._alive():
            self.close()
            self.pipe, theirs = Pipe()
            words = [sys.executable, "-c", LIFE, str(theirs.fileno())]
            self.process = subprocess.Popen(words, cwd=HERE, pass_fds=[theirs.fileno()])  # noqa: S603 - ourselves
            theirs.close()
            atexit.register(self.close)
            if self.pipe.poll(START):
                self.pipe.recv()
        return self.pipe

    def _kill(self) -> None:
        """End the process, but not the pipe: another may be telling it the next question."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = None

    def close(self) -> None:
        """End the process; the next question starts another."""
        self._kill()
        if self.pipe is not None:
            self.pipe.close()
            atexit.unregister(self.close)
        self.pipe = None


class Readers:
    """So many of them; few feeds start few processes."""

    def __init__(self, count: int) -> None:
        self.all = [Reader() for _ in range(count)]
        self._places, self._choosing = Semaphore(count * AHEAD), Lock()

    @contextmanager
    def turn(self) -> Iterator[Reader]:
        """The least busy one, once there is a place at it."""
        with self._places:
            with self._choosing:
                reader = min(self.all, key=lambda one: one.busy)
                reader.busy += 1
            try:
                yield reader
            finally:
                with self._choosing:
                    reader.busy -= 1


@cache
def readers() -> Readers:
    """The readers of this process."""
    from config.settings import settings  # noqa: PLC0415 - a reader itself starts faster without

    return Readers(settings().readers)
