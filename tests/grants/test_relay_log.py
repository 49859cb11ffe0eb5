# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The relay's own log says whether it took a letter: files as Postfix writes them, by both forms of syslog."""

import gzip
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from grants.archive import ArchiveError, any_of
from grants.outbox import Delivery, deliver, post
from grants.relay_log import relay_log
from models.message import Message
from models.session import Begin
from tests.builders import NOW
from tests.smtp_sink import Sink, mailer, smtp_sink

SENDER = "Pijplijn <p@enschede.example>"
RECORDED = Path(__file__).parent.parent / "recordings" / "postfix"
LETTERS = {f"<{name}@enschede.example>": NOW for name in ("sent", "deferred", "bounced", "queued", "held")}
NEVER = {f"<{name}@enschede.example>": NOW for name in ("broken-off", "refused", "reused", "unknown")}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return kept(tmp_path / "mail.log", (RECORDED / "mail.log").read_bytes())


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as server:
        yield server


def kept(file: Path, content: bytes, *, minutes: int = 1) -> Path:
    """A file that was last written then."""
    file.write_bytes(content)
    at = (NOW + timedelta(minutes=minutes)).timestamp()
    os.utime(file, (at, at))
    return file


def asked(log: Path) -> set[str]:
    ask = relay_log(log)
    assert ask is not None
    return ask(LETTERS | NEVER)


@pytest.mark.parametrize("form", ["mail.log", "mail-rfc3339.log"])
def test_what_its_queue_manager_had_was_taken_whatever_became_of_it(tmp_path: Path, form: str) -> None:
    assert asked(kept(tmp_path / "mail.log", (RECORDED / form).read_bytes())) == set(LETTERS)


def test_a_letter_that_was_rotated_out_is_found(log: Path) -> None:
    kept(log.with_name("mail.log.2.gz"), gzip.compress(log.read_bytes()), minutes=0)
    kept(log, b"")
    assert asked(log) == set(LETTERS)


def test_one_letter_may_stand_across_two_files(log: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    kept(log.with_name("mail.log.1"), b"".join(lines[:3]), minutes=0)
    kept(log, b"".join(lines[3:]))
    assert asked(log) == set(LETTERS)


@pytest.mark.parametrize(
    ("minutes", "content", "why"), [(-1, b"", "not written to since"), (1, None, "cannot be read")]
)
def test_a_log_that_cannot_know_is_not_believed(
    tmp_path: Path, minutes: int, content: bytes | None, why: str
) -> None:
    log = tmp_path / "mail.log"
    if content is None:
        kept(tmp_path / "mail.log.gz", b"no gzip", minutes=minutes)
    else:
        kept(log, content, minutes=minutes)
    with pytest.raises(ArchiveError, match=why):
        asked(log)


def test_there_may_be_none() -> None:
    assert relay_log(None) is None
    assert any_of(None, None) is None


def silent(_letters: object) -> set[str]:
    sentence = "It is silent."
    raise ArchiveError(sentence)


def test_of_two_that_are_asked_the_one_that_answers_is_believed(log: Path) -> None:
    for both in ((silent, relay_log(log)), (relay_log(log), silent), (lambda _: set(), relay_log(log))):
        ask = any_of(*both)
        assert ask is not None
        assert ask(LETTERS | NEVER) == set(LETTERS)
    nobody = any_of(silent, silent)
    assert nobody is not None
    with pytest.raises(ArchiveError, match=r"It is silent\. It is silent\."):
        nobody(LETTERS)


@pytest.mark.parametrize(
    ("fault", "after"), [("drop", Delivery(sent=1)), ("lose", Delivery())], ids=["taken", "not taken"]
)
def test_a_letter_in_doubt_is_settled_by_it(
    begin: Begin, sink: Sink, tmp_path: Path, fault: str, after: Delivery
) -> None:
    sink.at_dot = [fault]
    with begin() as session:
        post(
            session, key="a", kind="digest", recipient="noor@enschede.example", subject="a", text="x",
            html="<p>x</p>", now=NOW, sender=SENDER,
        )  # fmt: skip
        number = session.scalars(select(Message.message_id)).one()
    log = tmp_path / "mail.log"

    def send(minutes: int) -> Delivery:
        now = NOW + timedelta(minutes=minutes)
        return deliver(begin, mailer=mailer(sink.url), sender=SENDER, now=now, archive=relay_log(log))

    assert send(0) == Delivery(in_doubt=1)
    lines = [f"Nov 24 09:00:01 mail postfix/cleanup[9]: 4Bx1: message-id={number}\n"]
    if fault == "drop":
        lines += [
            "Nov 24 09:00:01 mail postfix/qmgr[7]: 4Bx1: from=<p@enschede.example>, size=1, nrcpt=1 (queue active)\n"
        ]
    kept(log, "".join(lines).encode())
    assert send(5) == after
    if fault == "lose":
        assert [send(minutes) for minutes in (11, 13)] == [Delivery(deferred=1), Delivery(sent=1)]
    assert len(sink.taken) == 1
