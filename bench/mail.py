# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How fast reminders are written and delivered, beside Apprise's own mail: `python -m bench mail`.

Ours finds what is due, renders, freezes the MIME, claims, speaks SMTP, and has the journal and the database
on the disk for each letter. Apprise gets a text ready-made and a new object for each letter, for one object
sends a mail in five seconds; it keeps nothing. The server is a process of its own.
"""

import subprocess
import sys
import time
import warnings
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import apprise
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, select

import models
from bench.upserts import databases
from config.settings import Settings
from grants.mailers import connected
from grants.outbox import deliver
from grants.reminders import write_reminders
from models.application import Application, Milestone, Stage
from models.colleague import Colleague
from models.message import Message, MessageState
from models.office import Office
from models.session import transactions

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MAILS_A_SECOND, RATIO = 40, 1.5
SERVER = """
from tests.smtp_sink import smtp_sink
with smtp_sink() as sink:
    print(sink.url, flush=True)
    input()
"""


@contextmanager
def server() -> Iterator[str]:
    """The address of a mail server that takes everything."""
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        if process.stdout is None or process.stdin is None:
            sys.exit("The mail server has no pipes.")
        yield process.stdout.readline().strip()
        process.stdin.write("\n")
        process.stdin.flush()


def filled(engine: Engine, letters: int) -> None:
    """All tables anew, with an application for each letter that is due."""
    models.Base.metadata.drop_all(engine)
    models.Base.metadata.create_all(engine)
    with transactions(engine)() as session:
        session.add(Office(slug="enschede", name="Gemeente Enschede"))
        session.flush()
        session.add(Colleague(office_id=1, name="Noor de Vries", email="noor@enschede.example"))
        session.flush()
        for number in range(letters):
            step = Milestone(title="Begroting", on=NOW.date() + timedelta(days=7))
            session.add(
                Application(
                    office_id=1,
                    slug=f"a{number}",
                    title=f"Koele stad {number}",
                    stage=Stage.PREPARING,
                    owner_id=1,
                    milestones=[step],
                    created_at=NOW,
                )
            )


def ours(engine: Engine, smtp: str, folder: Path, letters: int) -> float:
    """Seconds from what is due to the last letter that is durably sent."""
    begin, settings = transactions(engine), Settings(mail_from="Pijplijn <p@enschede.example>")
    started = time.perf_counter()
    with begin() as session:
        write_reminders(session, today=NOW.date(), now=NOW, settings=settings)
    with connected(smtp) as by:
        deliver(
            begin,
            mailer=by,
            sender=settings.mail_from,
            now=NOW,
            journal=folder / "journal",
            limit=letters,
        )
    spent = time.perf_counter() - started
    with begin() as session:
        sent = session.scalars(select(Message.id).where(Message.state == MessageState.SENT)).all()
    if len(sent) != letters:
        sys.exit(f"{len(sent)} of {letters} letters went.")
    return spent


def peer(smtp: str, letters: int) -> float:
    """Seconds in which Apprise sends as many texts."""
    url = f"mailto://{urlsplit(smtp).netloc}?from=p@enschede.example&to=noor@enschede.example&format=html"
    body = "<p>Begroting</p>" * 40
    started = time.perf_counter()
    for number in range(letters):
        gateway = apprise.Apprise()
        if not (gateway.add(url) and gateway.notify(title=f"Herinnering {number}", body=body)):
            sys.exit("Apprise could not send.")
    return time.perf_counter() - started


def main() -> int:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--letters", type=int, default=200)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    table = Table("database", "Apprise alone, mails/s", "ours, mails/s", "ratio")
    table.title = f"{asked.letters} reminders: due, rendered, frozen, claimed, sent, on the disk"
    with (
        TemporaryDirectory(prefix="pijplijn-bench-", ignore_cleanup_errors=True) as folder,
        databases(Path(folder)) as engines,
        server() as smtp,
    ):
        peer(smtp, 5)  # its plugins are loaded
        for name, engine in engines.items():
            table.add_row(name, *measured(engine, smtp, Path(folder), asked.letters, asked.rounds))
    Console(width=120).print(table)
    return 0


def measured(engine: Engine, smtp: str, folder: Path, letters: int, rounds: int) -> tuple[str, str, str]:
    """Medians of rounds in turn; the ratio is the median of each round's own."""
    found = []
    for number in range(rounds):
        filled(engine, letters)
        kept = folder / f"{engine.dialect.name}-{number}"
        found.append((letters / peer(smtp, letters), letters / ours(engine, smtp, kept, letters)))
    theirs, own = (median(column) for column in zip(*found, strict=True))
    ratio = median(one / other for other, one in found)
    fast = "" if own >= MAILS_A_SECOND else ", NOT reached"
    reached = "" if ratio >= RATIO else ", NOT reached"
    return (
        f"{theirs:.0f}",
        f"{own:.0f} (≥ {MAILS_A_SECOND}{fast})",
        f"{ratio:.2f} (≥ {RATIO}{reached})",
    )


if __name__ == "__main__":
    sys.exit(main())
