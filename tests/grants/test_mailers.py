# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Wire for wire: what one SMTP conversation comes to, whatever the relay says or when it hangs up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from grants import mailers, smtp
from grants.errors import PijplijnError
from grants.mailers import connected
from grants.smtp import Line, Outcome, Relay, Sent, relay_of
from tests.smtp_sink import mailer, smtp_sink

NOOR = "noor@enschede.example"
SENDER = "Pijplijn <pijplijn@enschede.example>"
LETTER = b"Subject: x\r\n\r\n.punt\r\nslot\r\n"
HELLO, OK, GO = "250 hello", "250 ok", "354 go"


@dataclass
class Script:
    """A relay that gives these answers in turn, the one after GO to the final dot, and then hangs up."""

    answers: list[str]
    url: str = ""
    heard: list[bytes] = field(default_factory=list)
    body: list[bytes] = field(default_factory=list)

    def play(self, server: socket.socket) -> None:
        talk, _ = server.accept()
        talk.settimeout(10)
        with talk, talk.makefile("rb") as lines:
            talk.sendall(b"220 relay\r\n")
            told = ""
            for answer in self.answers:
                if told == GO:
                    self.body = list(iter(lines.readline, b".\r\n"))
                else:
                    self.heard.append(lines.readline())
                talk.sendall(answer.encode() + b"\r\n")
                told = answer
            last = lines.readline()
            while told == GO and last not in {b".\r\n", b""}:
                last = lines.readline()


@contextmanager
def relay(*answers: str) -> Iterator[Script]:
    script = Script(list(answers))
    server = socket.create_server(("127.0.0.1", 0))
    script.url = f"smtp://127.0.0.1:{server.getsockname()[1]}"
    server.settimeout(10)
    thread = threading.Thread(target=script.play, args=(server,), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        thread.join(10)
        server.close()


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([HELLO, OK, OK, GO, "250 taken"], Outcome.ACCEPTED),
        ([HELLO, OK, "251 forwarded", GO, "250 taken"], Outcome.ACCEPTED),
        ([HELLO, "451 later"], Outcome.DEFERRED),
        ([HELLO, "550 not from you"], Outcome.REFUSED),
        ([HELLO, OK, "451 later"], Outcome.DEFERRED),
        ([HELLO, OK, "550 nobody here"], Outcome.REFUSED),  # and hangs up: refused all the same
        ([HELLO, OK, OK, "451 later"], Outcome.DEFERRED),
        ([HELLO, OK, OK, "554 no"], Outcome.REFUSED),
        ([HELLO, OK, OK, "250 what?"], Outcome.DEFERRED),  # not the answer to DATA: nothing was handed over
        ([HELLO, OK, OK, "hm"], Outcome.DEFERRED),
        ([HELLO, OK, OK, GO, "452 full"], Outcome.DEFERRED),
        ([HELLO, OK, OK, GO, "554 spam"], Outcome.REFUSED),
        ([HELLO, OK, OK, GO, "hm"], Outcome.UNANSWERED),
        ([HELLO, OK, OK, GO, "x" * 9000], Outcome.UNANSWERED),
        ([HELLO, OK, OK, GO], Outcome.UNANSWERED),  # takes the dot and hangs up
    ],
    ids=lambda value: value[-1][:20] if isinstance(value, list) else str(value),
)
def test_an_answer_has_one_meaning(answers: list[str], outcome: Outcome) -> None:
    with relay(*answers) as script:
        assert mailer(script.url)(LETTER, SENDER, NOOR).outcome == outcome


@pytest.mark.parametrize("answers", [[], [HELLO], [HELLO, OK], [HELLO, OK, OK]])
def test_a_hang_up_before_the_letter_is_deferred(answers: list[str]) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        talk, _ = server.accept()
        with talk, talk.makefile("rb") as lines:
            talk.sendall(b"220 relay\r\n")
            for answer in answers:
                lines.readline()
                talk.sendall(answer.encode() + b"\r\n")
            lines.readline()

    thread = threading.Thread(target=hang_up)
    thread.start()
    sent = mailer(f"smtp://127.0.0.1:{server.getsockname()[1]}")(LETTER, SENDER, NOOR)
    thread.join()
    server.close()
    assert sent.outcome == Outcome.DEFERRED


def test_a_hang_up_in_the_middle_of_the_letter_is_deferred() -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        talk, _ = server.accept()
        with talk, talk.makefile("rb") as lines:
            talk.sendall(b"220 relay\r\n")
            for answer in (HELLO, OK, OK, GO):
                lines.readline()
                talk.sendall(answer.encode() + b"\r\n")

    thread = threading.Thread(target=hang_up)
    thread.start()
    sent = mailer(f"smtp://127.0.0.1:{server.getsockname()[1]}")(b"x" * 50_000_000, SENDER, NOOR)
    thread.join()
    server.close()
    assert sent.outcome == Outcome.DEFERRED


def test_nothing_is_said_after_a_refusal() -> None:
    with relay(HELLO, OK, "550 nobody here") as script:
        mailer(script.url)(LETTER, SENDER, NOOR)
    assert [line.split()[0] for line in script.heard] == [b"ehlo", b"mail", b"rcpt"]


def test_a_letter_goes_byte_for_byte_with_its_dots_doubled() -> None:
    with relay(HELLO, OK, OK, GO, "250 taken") as script:
        assert mailer(script.url)(LETTER, SENDER, NOOR) == Sent(Outcome.ACCEPTED, "250 taken")
    assert script.heard[1:3] == [
        b"mail FROM:<pijplijn@enschede.example>\r\n",
        b"rcpt TO:<noor@enschede.example>\r\n",
    ]
    assert script.body == [b"Subject: x\r\n", b"\r\n", b"..punt\r\n", b"slot\r\n"]


@pytest.mark.parametrize(
    "recipient",
    [
        "noör@enschede.example",
        "noor@x.example>\r\nRCPT TO:<evil@x.example",
        "noor@x.example\r\nDATA",
        "noor",
        "",
    ],
)
def test_an_address_smtp_cannot_say_is_refused_unsaid(recipient: str) -> None:
    sent = mailer("smtp://127.0.0.1:9")(LETTER, SENDER, recipient)
    assert sent.outcome == Outcome.REFUSED
    assert sent.reply.endswith("is no address for SMTP.")


def test_a_reply_is_made_fit_for_the_database() -> None:
    with relay(HELLO, OK, OK, GO, "250 ta\x00ken\x1b[31m" + "x" * 3000) as script:
        sent = mailer(script.url)(LETTER, SENDER, NOOR)
    assert sent.reply.startswith("250 ta\ufffdken\ufffd[31m")
    assert len(sent.reply) == 500


def test_a_relay_that_is_slower_than_the_lease_gets_no_final_dot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "PATIENCE", -1)
    with relay(HELLO, OK, OK, GO) as script:
        sent = mailer(script.url)(LETTER, SENDER, NOOR)
    assert sent.outcome == Outcome.DEFERRED
    assert "too slow" in sent.reply


def test_a_relay_that_says_nothing_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sent = mailer(f"smtp://127.0.0.1:{silent.getsockname()[1]}")(LETTER, SENDER, NOOR)
    assert sent.outcome == Outcome.DEFERRED


def test_what_nobody_foresaw_is_unanswered(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> Sent:
        raise RuntimeError

    monkeypatch.setattr(mailers, "transmit", breaks)
    assert mailer("smtp://127.0.0.1")(LETTER, SENDER, NOOR).outcome == Outcome.UNANSWERED


def test_a_stop_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*_: object) -> Sent:
        raise KeyboardInterrupt

    monkeypatch.setattr(mailers, "transmit", stops)
    with pytest.raises(KeyboardInterrupt):
        mailer("smtp://127.0.0.1")(LETTER, SENDER, NOOR)


@pytest.mark.parametrize("option", ["?starttls=yes", ""])
def test_a_relay_that_refuses_our_sign_in_defers_the_letter(option: str) -> None:
    with relay("250-hello\r\n250-STARTTLS\r\n250 AUTH PLAIN", "535 no") as script:
        sent = mailer(script.url.replace("smtp://", "smtp://noor:s3cret@") + option)(LETTER, SENDER, NOOR)
    assert sent.outcome == Outcome.DEFERRED
    assert "the relay refuses us" in sent.reply
    assert "s3cret" not in sent.reply


def test_a_relay_that_does_not_speak_tls_defers_the_letter() -> None:
    with relay() as script:
        sent = mailer(script.url.replace("smtp://", "smtps://"))(LETTER, SENDER, NOOR)
    assert sent.outcome == Outcome.DEFERRED


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", Relay("mail.example", 25)),
        ("smtp://mail.example:587?starttls=yes", Relay("mail.example", 587, starttls=True)),
        ("smtp://mail.example?starttls=no", Relay("mail.example", 25)),
        (
            "smtps://no%40or:a%2Fb@mail.example",
            Relay("mail.example", 465, tls=True, user="no@or", password="a/b"),
        ),
    ],
)
def test_a_relay_is_read_from_its_address(url: str, expected: Relay) -> None:
    assert relay_of(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://x",
        "smtp://",
        "smtp://u:s3cret@host:port",
        "smtp://u:s3cret@[host",
        "smtp://u:s3cret@host?starttls=ja",
    ],
)
def test_an_address_that_is_no_relay_is_a_sentence_without_the_password(url: str) -> None:
    with pytest.raises(PijplijnError, match="PIJPLIJN_SMTP_URL should look like") as told, connected(url):
        pass
    assert "s3cret" not in str(told.value)
    assert told.value.__cause__ is None


def test_a_password_is_not_shown() -> None:
    shown = relay_of("smtp://noor:s3cret@mail.example")
    letter = mailers._Letter(line=Line(shown), mime=b"", sender="", recipient="")
    assert "s3cret" not in f"{shown!r} {letter.url()} {letter!r}"


def test_a_round_of_letters_goes_over_one_line_and_a_long_one_over_a_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp, "LETTERS", 3)
    with smtp_sink() as sink, connected(sink.url) as by:
        assert [by(b"Subject: x\n\nx", SENDER, NOOR).outcome for _ in range(7)] == [Outcome.ACCEPTED] * 7
        assert (len(sink.taken), sink.lines) == (7, 3)


@pytest.mark.parametrize("answer", ["550 5.1.1 gone", "451 later", "421 closing"])
def test_whatever_goes_wrong_with_one_letter_the_next_gets_a_new_line(answer: str) -> None:
    with smtp_sink() as sink, connected(sink.url) as by:
        assert by(b"Subject: x\n\nx", SENDER, NOOR).outcome == Outcome.ACCEPTED
        sink.at_rcpt = [answer]
        assert by(b"Subject: x\n\nx", SENDER, NOOR).outcome != Outcome.ACCEPTED
        assert by(b"Subject: x\n\nx", SENDER, NOOR).outcome == Outcome.ACCEPTED
        assert (len(sink.taken), sink.lines) == (2, 2)


@pytest.mark.parametrize("fault", ["421 idle too long", "drop"])
def test_a_relay_that_hung_up_between_two_letters_is_called_again(fault: str) -> None:
    with smtp_sink() as sink, connected(sink.url) as by:
        by(b"Subject: x\n\nx", SENDER, NOOR)
        sink.at_mail = [fault]
        assert by(b"Subject: x\n\nx", SENDER, NOOR).outcome == Outcome.ACCEPTED
        assert (len(sink.taken), sink.lines) == (2, 2)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("550 no such sender", Outcome.REFUSED), ("451 later", Outcome.DEFERRED), ("drop", Outcome.DEFERRED)],
)
def test_a_sender_that_is_refused_is_no_fault_of_the_address(answer: str, outcome: Outcome) -> None:
    with smtp_sink() as sink, connected(sink.url) as by:
        sink.at_mail = [answer]
        sent = by(b"Subject: x\n\nx", SENDER, NOOR)
        assert (sent.outcome, sent.gone) == (outcome, False)
