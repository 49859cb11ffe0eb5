# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A real IMAP server with one folder, as small as searching by Message-ID and reading what is new need (RFC 3501)."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer

HEADER = re.compile(r'SEARCH \(HEADER "Message-ID" "([^"]+)"\)')
SINCE = re.compile(r"SEARCH UID (\d+):\*")
FETCH = re.compile(r"FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)")
SIGN_IN = 'LOGIN "archive" "s3cret"'


@dataclass
class Box:
    """The letters it holds, and how many questions it was asked; `shut` hangs up on everyone.

    `validity` is what its letters are counted under, `gone` the numbers of those that were taken out meanwhile.
    """

    letters: Callable[[], list[bytes]] = list
    asked: list[str] = field(default_factory=list)
    shut: bool = False
    validity: int = 7
    gone: set[int] = field(default_factory=set)
    fetched: list[int] = field(default_factory=list)
    url: str = ""

    def talk(self, line: StreamRequestHandler) -> None:
        line.wfile.write(b"* OK ready\r\n")
        while not self.shut and (words := line.rfile.readline()):
            tag, _, said = words.decode().strip().partition(" ")
            answers = self.answers(tag, said.removeprefix("UID "))
            line.wfile.write(b"".join(answer.encode("latin-1") + b"\r\n" for answer in answers))
            if said == "LOGOUT":
                break

    def answers(self, tag: str, said: str) -> list[str]:  # noqa: PLR0911 - an answer a verb
        verb = said.split(" ", maxsplit=1)[0]
        if verb == "CAPABILITY":
            return ["* CAPABILITY IMAP4rev1", f"{tag} OK done"]
        if verb == "LOGIN" and said != SIGN_IN:
            return [f"{tag} NO [AUTHENTICATIONFAILED] wrong"]
        if verb in {"SELECT", "EXAMINE"}:
            known = said.endswith('"Sent"')
            return (
                [
                    f"* {len(self.letters())} EXISTS",
                    f"* OK [UIDVALIDITY {self.validity}] counted",
                    f"{tag} OK done",
                ]
                if known
                else [f"{tag} NO no such folder"]
            )
        if verb == "LOGOUT":
            return ["* BYE bye", f"{tag} OK done"]
        if found := HEADER.fullmatch(said):
            self.asked.append(found[1])
            return [f"* SEARCH {' '.join(self.search(found[1]))}".rstrip(), f"{tag} OK done"]
        if since := SINCE.fullmatch(said):
            every = range(1, len(self.letters()) + 1)
            new = [uid for uid in every if uid >= int(since[1])] or list(every)[-1:]
            return [f"* SEARCH {' '.join(map(str, new))}".rstrip(), f"{tag} OK done"]
        if asked := FETCH.fullmatch(said):
            return [*self.fetch(int(asked[1]), int(asked[2])), f"{tag} OK done"]
        return [f"{tag} OK done"] if verb == "LOGIN" else [f"{tag} BAD what"]

    def fetch(self, uid: int, size: int) -> list[str]:
        if uid in self.gone:
            return []
        self.fetched.append(uid)
        said = self.letters()[uid - 1][:size].decode("latin-1")
        return [f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(said)}}}\r\n{said})"]

    def search(self, number: str) -> list[str]:
        wanted = f"Message-ID: {number}\r\n".encode()
        return [str(uid) for uid, letter in enumerate(self.letters(), 1) if wanted in letter]


@contextmanager
def imap_box(letters: Callable[[], list[bytes]] = list) -> Iterator[Box]:
    """It runs in threads of its own and holds whatever `letters` gives at the moment it is asked."""
    box = Box(letters)

    class Talk(StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                box.talk(self)

    with ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        box.url = f"imap://archive:s3cret@127.0.0.1:{server.server_address[1]}/Sent"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield box
        server.shutdown()
        thread.join()
