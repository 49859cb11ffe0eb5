# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""`make demo`: the real office on demo sources, from an empty database to a digest in a mailbox.

Nothing here does the work: the same supervisor, deployments, flows and pages run as in `make up`. Only the
sources (demo/portal.py), the mailbox (demo/inbox.py) and the settings are the demo's own.
"""

import argparse
import shutil
import socket
import sys
import time
from pathlib import Path

from config.settings import HOME, Settings
from grants.errors import PijplijnError
from ops.roles import prefect
from ops.supervisor import Group
from ops.terminal import screen
from ops.up import office

PORTAL, SMTP, INBOX = 8765, 8025, 8026
GUESTS = {
    "noor@enschede.example": "Noor, administrator at Enschede",
    "lena@enschede.example": "Lena, editor at Enschede (Deutsch)",
    "joost@almelo.example": "Joost, administrator at Almelo",
}
RUNS = (
    ("harvest-calls/hourly", "The demo sources are read over HTTP, and matched …"),
    ("weekly-digest/monday", "This week's digests are written …"),
    ("deadline-reminders/morning", "The reminders that are due are written …"),
    ("deliver-messages/often", "The messages are delivered over SMTP …"),
)


def main() -> None:
    """Run the demo; `--once` closes the office again when the digest has arrived."""
    words = argparse.ArgumentParser(description=main.__doc__)
    words.add_argument("--once", action="store_true")
    once = words.parse_args().once
    started = time.monotonic()
    settings = _settings(HOME / "data" / "demo")
    shutil.rmtree(settings.data_dir, ignore_errors=True)  # the demo's own folder: it always starts empty
    try:
        _free_ports(PORTAL, SMTP, INBOX, settings.web_port, settings.prefect_port)
        with office(settings, tell=screen.print) as group:
            _story(group, settings)
            screen.print(f"The demo took {time.monotonic() - started:.0f} s.")
            if not once:
                screen.print("Ctrl-C closes the office.")
                group.watch()
    except PijplijnError as error:
        screen.print(str(error), style="bold red", markup=False)
        raise SystemExit(1) from error


def _settings(data: Path) -> Settings:
    return Settings(
        data_dir=data,
        database_url=f"sqlite:///{data / 'pijplijn.db'}",
        config_dir=HOME / "demo" / "config",
        smtp_url=f"smtp://127.0.0.1:{SMTP}",
        mail_from="Pijplijn <pijplijn@enschede.example>",
        trusted_hosts=frozenset({f"127.0.0.1:{PORTAL}"}),
    )


def _free_ports(*ports: int) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                sentence = f"Port {port} on this machine is taken: stop what listens there and try again."
                raise PijplijnError(sentence) from error


def _story(group: Group, settings: Settings) -> None:
    screen.print("The demo sources and the mailbox start …")
    inbox = settings.data_dir / "inbox"
    here = [sys.executable, "-m"]
    group.start("portal", [*here, "demo.portal", "--port", str(PORTAL), "--folder", "demo"])
    ports = ["--smtp-port", str(SMTP), "--http-port", str(INBOX), "--folder", str(inbox)]
    group.start("inbox", [*here, "demo.inbox", *ports])
    group.wait_for(f"http://127.0.0.1:{INBOX}/", seconds=20)
    for deployment, sentence in RUNS:
        screen.print(sentence)
        group.run(prefect("deployment", "run", deployment, "--watch"), seconds=300)
    mails = sorted(inbox.glob("*.eml"))
    if not mails and not group.stopping:
        sentence = f"No mail arrived; see the logs in {group.folder}."
        raise PijplijnError(sentence)
    screen.print(group.run([sys.executable, "manage.py", "sources"]), markup=False)
    screen.print(f"{len(mails)} messages arrived: read them at http://localhost:{INBOX}")
    screen.print("Sign in as one of the demo's colleagues: each link sets a password, once.")
    for email, told in GUESTS.items():
        link = group.run([sys.executable, "manage.py", "invite", email]).split()[-1:]
        screen.print(f"{told}: {' '.join(link)}", soft_wrap=True)


if __name__ == "__main__":
    main()
