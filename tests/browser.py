# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Finding the Chromium that looks at our pages, and serving those pages to it."""

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import sync_playwright

from config.settings import HOME

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NONE_FOUND = (
    "No Chromium here, and the pages must be looked at: run tools/chromium.sh, which finds or installs it."
)


def chromium() -> str:
    """The path of our own Chromium, the system's, or Playwright's; FileNotFoundError says what to do."""
    for name in (str(HOME / ".chromium" / "chromium"), "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    raise FileNotFoundError(NONE_FOUND)


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """A real server on a free port of the loopback, for as long as it is looked at."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise TimeoutError("The server did not start.")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


if __name__ == "__main__":
    try:
        sys.stdout.write(chromium() + "\n")
    except FileNotFoundError as error:
        sys.exit(str(error))
