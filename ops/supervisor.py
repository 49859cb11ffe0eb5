# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A group of processes that starts together, is watched, and stops without leaving one behind."""

import ctypes
import fcntl
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from grants.errors import PijplijnError

PR_SET_PDEATHSIG = 1
GRACE = 15.0  # seconds a child gets to stop by itself


class Group:
    """The children we started, newest last; logs go to `folder`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def start(self, name: str, command: Sequence[str], **more: str) -> None:
        """Start one child in a group of its own, with default signals; `more` goes into its environment."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(  # noqa: S603 - our own commands
                command, env=self.environment | more, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_as_child(os.getpid()),
            )  # fmt: skip
        self._remember()

    def run(self, command: Sequence[str], *, seconds: float = 180) -> str:
        """Run one command to its end and return what it printed; raises PijplijnError when it fails."""
        done = subprocess.run(  # noqa: S603 - our own commands
            command, env=self.environment, capture_output=True, text=True, timeout=seconds, check=False
        )
        if done.returncode != 0 and not self.stopping:
            words = (done.stderr + done.stdout).strip()[-2000:]
            sentence = f"'{' '.join(command[-4:])}' failed: {words}"
            raise PijplijnError(sentence)
        return done.stdout

    def wait_for(self, url: str, *, seconds: float) -> None:
        """Wait until an address answers; raises PijplijnError when a child ends or time is up."""
        end = time.monotonic() + seconds
        while not self.stopping:
            self.check()
            if time.monotonic() > end:
                sentence = f"{url} gave no answer in {seconds:.0f} seconds; see the logs in {self.folder}."
                raise PijplijnError(sentence)
            if answers(url):
                return
            time.sleep(0.2)

    def check(self) -> None:
        """Raise PijplijnError when a child ended by itself."""
        for name, child in self.children.items():
            if child.poll() is not None and not self.stopping:
                tail = (self.folder / f"{name}.log").read_text(errors="replace")[-1500:]
                sentence = (
                    f"The {name} process ended by itself (code {child.returncode}). Its last words:\n{tail}"
                )
                raise PijplijnError(sentence)

    def watch(self) -> None:
        """Stay until a signal asks to stop, or a child ends."""
        while not self.stopping:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop the newest first; whatever does not listen is killed with all it started."""
        self.stopping = True
        for child in reversed(self.children.values()):
            _end(child)
        self.children.clear()
        self._remember()

    def _remember(self) -> None:
        """The groups to reap should we be killed ourselves."""
        lines = [f"{child.pid} {_born(child.pid)}" for child in self.children.values()]
        (self.folder / "children").write_text("\n".join(lines))


@contextmanager
def supervised(folder: Path, environment: Mapping[str, str]) -> Iterator[Group]:
    """The one group of this folder: reaps what a killed predecessor left, stops clean on Ctrl-C.

    Raises:
        PijplijnError: another group runs from the same folder.
    """
    with alone(folder):
        _reap(folder)
        group = Group(folder, environment)
        with _signals(lambda: setattr(group, "stopping", True)):
            try:
                yield group
            finally:
                group.stop()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While no group runs from this folder, and none starts. Raises PijplijnError when one does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            sentence = f"The office already runs from {folder}: stop that one first (Ctrl-C)."
            raise PijplijnError(sentence) from error
        yield


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    def heard(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _as_child(parent: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        # A child started in a shell's background inherits "ignored": a worker would never stop.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):  # it does not listen: killed below
            child.wait(GRACE)
    _kill_group(child.pid)
    child.wait()


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _reap(folder: Path) -> None:
    """Kill what a predecessor that was itself killed left behind; a number re-used since is left alone."""
    notes = folder / "children"
    for line in notes.read_text().splitlines() if notes.exists() else []:
        pid, born = line.split()
        if _born(int(pid)) == born:
            _kill_group(int(pid))


def _born(pid: int) -> str:
    """The start time of a process in clock ticks since boot; "-" when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return "-"


def answers(url: str) -> bool:
    """Whether an address of ours gives a good answer in two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
            return True
    except OSError:
        return False
