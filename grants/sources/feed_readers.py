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
from contextlib import contextmanager
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import LifoQueue
from typing import Any

from grants.errors import FaultKind, SourceError

HERE = Path(__file__).resolve().parents[2]  # where a reader finds its modules
LIFE = "import sys; from grants.sources.feed import live; live(int(sys.argv[1]))"
START = 60.0  # seconds a process may take to start; its start is not the feed's time


def ask(question: tuple[bytes, str], *, seconds: float) -> Any:
    """What a reader answers to a body and its content type.

    Raises:
        SourceError: it took too long, or died of it.
    """
    with _turn() as reader:
        return reader.ask(question, seconds)


class Reader:
    """One process that reads feeds; started when first asked, replaced when it dies or takes too long."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.pipe: Connection[Any, Any] | None = None

    def ask(self, question: tuple[bytes, str], seconds: float) -> Any:
        """Its answer; raises SourceError when there is none."""
        size = len(question[0])
        try:
            pipe = self._ready()
            pipe.send(question)
            if pipe.poll(seconds):
                return pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            self.close()
            sentence = f"The feed of {size:,} bytes needed more than 1 GB of memory to read."
            raise SourceError(sentence, kind=FaultKind.UNSAFE) from error
        self.close()
        sentence = f"The feed of {size:,} bytes took more than {seconds:g} seconds to read."
        raise SourceError(sentence, kind=FaultKind.UNSAFE)

    def _ready(self) -> "Connection[Any, Any]":
        if self.pipe is None or self.process is None or self.process.poll() is not None:
            self.close()
            self.pipe, theirs = Pipe()
            words = [sys.executable, "-c", LIFE, str(theirs.fileno())]
            self.process = subprocess.Popen(words, cwd=HERE, pass_fds=[theirs.fileno()])  # noqa: S603 - ourselves
            theirs.close()
            atexit.register(self.close)
            if self.pipe.poll(START):
                self.pipe.recv()
        return self.pipe

    def close(self) -> None:
        """End the process; the next question starts another."""
        if self.pipe is not None and self.process is not None:
            self.pipe.close()
            self.process.kill()
            self.process.wait()
            atexit.unregister(self.close)
        self.pipe = self.process = None


@cache
def readers() -> LifoQueue[Reader]:
    """Those that wait for a question, the last one used on top: few feeds start few processes."""
    from config.settings import settings  # noqa: PLC0415 - a reader itself starts faster without

    waiting: LifoQueue[Reader] = LifoQueue()
    for _ in range(settings().readers):
        waiting.put(Reader())
    return waiting


@contextmanager
def _turn() -> Iterator[Reader]:
    reader = readers().get()
    try:
        yield reader
    finally:
        readers().put(reader)
