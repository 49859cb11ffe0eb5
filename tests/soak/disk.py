# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A small disk that can really be filled: a mount namespace of our own, where the kernel grants one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import HOME

SIZE = "900m"
SCRIPT = f'mount -t tmpfs -o size={SIZE} tmpfs "$0" && echo ready && exec sleep infinity'


@contextmanager
def small_disk(folder: Path) -> Iterator[list[str]]:
    """What to put before a command so that `folder` is a small disk to it; nothing when there is none to be had."""
    unshare, nsenter = shutil.which("unshare"), shutil.which("nsenter")
    if unshare is None or nsenter is None:
        yield []
        return
    as_user = [] if os.getuid() == 0 else ["--user", "--map-root-user"]
    keeper = subprocess.Popen(
        [unshare, *as_user, "--mount", "sh", "-c", SCRIPT, str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    enter = [nsenter, "--target", str(keeper.pid), "--mount", f"--wd={HOME}"]
    enter += ["--user", "--preserve-credentials"] if as_user else []
    try:
        yield enter if keeper.stdout and keeper.stdout.readline() == "ready\n" else []
    finally:
        keeper.kill()
        keeper.wait()
