# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The demo's mailbox takes real letters, shows them without harm, and goes when told."""

import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from demo.inbox import page


def a_letter(
    subject: str = "Weekoverzicht <b>", html: str = "<p>Hallo<script>alert(1)</script>"
) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        "pijplijn@enschede.example",
        "noor@enschede.example",
        subject,
    )
    letter.set_content("Hallo & dag")
    letter.add_alternative(html, subtype="html")
    return letter


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except OSError:
        return False


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[tuple[int, str, Path, subprocess.Popen[bytes]]]:
    smtp, http = free_port(), free_port()
    ports = ["--smtp-port", str(smtp), "--http-port", str(http), "--folder", str(tmp_path / "in")]
    process = subprocess.Popen([sys.executable, "-m", "demo.inbox", *ports], stderr=subprocess.PIPE)
    url = f"http://127.0.0.1:{http}"
    patience = time.monotonic() + 20
    while not answers(url) and time.monotonic() < patience:
        time.sleep(0.05)
    yield smtp, url, tmp_path / "in", process
    process.kill()
    process.communicate()


def test_a_letter_is_kept_and_shown_and_the_inbox_goes_when_told(
    inbox: tuple[int, str, Path, subprocess.Popen[bytes]],
) -> None:
    smtp, url, folder, process = inbox
    with urlopen(url) as empty:
        assert b"Nog geen post" in empty.read()
    with smtplib.SMTP("127.0.0.1", smtp) as server:
        for subject in ("Eerste", "Tweede"):
            server.send_message(a_letter(subject))
    assert sorted(file.name for file in folder.iterdir()) == ["0001.eml", "0002.eml"]
    with urlopen(url) as shown:
        listed = shown.read().decode()
        assert listed.index("Tweede") < listed.index("Eerste")
    with urlopen(f"{url}/0001.eml/html") as shown:
        assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert b"Hallo" in shown.read()
    with pytest.raises(HTTPError, match="404") as missing:
        urlopen(f"{url}/0009.eml")
    missing.value.close()
    process.send_signal(signal.SIGTERM)
    _, complaints = process.communicate(timeout=10)
    assert (process.returncode, complaints) == (0, b"")


def test_a_letter_is_shown_in_a_sandbox_with_its_text_and_heads(tmp_path: Path) -> None:
    (tmp_path / "0001.eml").write_bytes(a_letter().as_bytes())
    shown = page(tmp_path, "0001.eml")
    assert '<iframe sandbox title="HTML" src="/0001.eml/html">' in shown
    assert "Hallo &amp; dag" in shown
    assert "To: noor@enschede.example" in shown
    assert "Weekoverzicht &lt;b&gt;" in shown
    assert "<script>" not in shown


@pytest.mark.parametrize("path", ["0002.eml", "../secret.eml", "..", "secret.txt", "\x00.eml"])
def test_nothing_but_the_letters_is_shown(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.eml").write_text("Subject: x\n\nx")
    (folder / "secret.txt").write_text("x")
    assert page(folder, path) == ""


def test_a_letter_without_html_has_an_empty_frame(tmp_path: Path) -> None:
    (tmp_path / "0001.eml").write_text("Subject: plain\n\nx")
    assert page(tmp_path, "0001.eml/html") == ""
