# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The demo's mailbox: a real SMTP server that keeps each letter as a file, and a page to read them."""

import argparse
import html
import signal
import sys
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PAGE = """<!doctype html><html lang="nl"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:1rem/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}}
iframe{{width:100%;height:70vh;border:1px solid #888;background:#fff}}pre{{white-space:pre-wrap}}</style>
<h1>{title}</h1>{body}</html>"""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"


class Keep:
    """Keeps every letter as <number>.eml."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Write the letter down before saying yes."""
        number = len(list(self.folder.glob("*.eml"))) + 1
        content = envelope.content or b""
        (self.folder / f"{number:04}.eml").write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )
        return "250 Kept"


def page_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Pages on loopback: the list at /, a letter at /0001.eml, its HTML part at /0001.eml/html."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page(folder, unquote(urlsplit(self.path).path).strip("/"))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header(
                "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"
            )
            self.end_headers()
            self.wfile.write((body or "Not here.").encode())

        def log_message(self, format: str, *words: Any) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    return ThreadingHTTPServer(("127.0.0.1", port), Answers)


def page(folder: Path, path: str) -> str:
    """The list, a letter, or the HTML part of one; "" when there is no such thing."""
    if not path:
        return _list(folder)
    name, _, part = path.partition("/")
    file = folder / Path(name).name
    if file.suffix != ".eml" or not file.is_file():
        return ""
    letter = message_from_bytes(file.read_bytes(), policy=default)
    return _part(letter, "html") if part == "html" else _letter(name, letter)


def _list(folder: Path) -> str:
    rows = []
    for file in sorted(folder.glob("*.eml"), reverse=True):
        letter = message_from_bytes(file.read_bytes(), policy=default)
        told = html.escape(f"{letter['To']}: {letter['Subject']}")
        rows.append(f'<li><a href="/{file.name}">{told}</a></li>')
    return PAGE.format(title="Postvak", body=f"<ul>{''.join(rows)}</ul>" if rows else "<p>Nog geen post.</p>")


def _letter(name: str, letter: EmailMessage) -> str:
    heads = "\n".join(f"{key}: {value}" for key, value in letter.items())
    text = html.escape(_part(letter, "plain"))
    body = (
        f'<p><a href="/">Postvak</a></p><iframe sandbox title="HTML" src="/{name}/html">'
        f"</iframe><h2>Tekst</h2><pre>{text}</pre><h2>Kop</h2><pre>{html.escape(heads)}</pre>"
    )
    return PAGE.format(title=html.escape(str(letter["Subject"])), body=body)


def _part(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    return str(part.get_content()) if part else ""


def main() -> None:
    """Take letters and show them until told to stop."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--smtp-port", type=int, required=True)
    words.add_argument("--http-port", type=int, required=True)
    words.add_argument("--folder", type=Path, required=True)
    said = words.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    mailbox = Controller(Keep(said.folder), hostname="127.0.0.1", port=said.smtp_port)
    mailbox.start()
    pages = page_server(said.folder, said.http_port)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    try:
        signal.pause()
    finally:
        mailbox.stop()


if __name__ == "__main__":
    main()
