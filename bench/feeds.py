# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Made-up feeds and the server they come from, each on a loopback address of its own, as real hosts are.

The server is a process of its own and answers from memory, so that what is measured is the reader.
"""

import multiprocessing
import random
import re
import select
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from multiprocessing.sharedctypes import Synchronized
from typing import Any

SEED = 20261124
FEEDS = 200
FIELD_HOST = re.compile(rb"\r\nhost: *([^\r]+)", re.IGNORECASE)
FIELD_ETAG = re.compile(rb"\r\nif-none-match: *([^\r]+)", re.IGNORECASE)
FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
WORDS = (  # noqa: SIM905 - nobody reads this as a list
    "subsidie regeling gemeente openstelling aanvraag klimaat water energie wonen zorg mobiliteit cultuur "
    "innovatie ondernemers onderwijs grensregio samenwerking projecten budget termijn voorwaarden indienen "
    "Förderung Kommune Antrag Richtlinie Frist Zuwendung Digitalisierung Wärme Verkehr Quartier Bildung "
    "grant call proposal deadline municipality climate adaptation funding partners region budget programme "
    "voor van een de het met en in op naar über und für mit the of and for with to from between"
).split()


@dataclass(frozen=True, slots=True)
class Served:
    """One feed: where it is, and its bytes before and after one entry came in."""

    slug: str
    url: str
    bodies: tuple[bytes, bytes]

    @property
    def entries(self) -> int:
        """How many there are on one day."""
        return self.bodies[0].count(b"<item>") + self.bodies[0].count(b"<entry>")


def sentence(dice: random.Random, most: int = 16) -> str:
    """Six words or more."""
    return " ".join(dice.choices(WORDS, k=dice.randint(6, most))).capitalize() + "."


def markup(dice: random.Random, address: str) -> str:
    """A text as content systems write it: paragraphs, a list, a link, a picture and some leftovers."""
    parts = [
        f"<p>{sentence(dice)} <strong>{sentence(dice, 8)}</strong> {sentence(dice)}</p>"
        for _ in range(dice.randint(2, 4))
    ]
    points = "".join(f"<li>{sentence(dice, 9)}</li>" for _ in range(dice.randint(0, 4)))
    link = f'<p><a href="/meer/{dice.randint(1, 999)}" class="more">Lees meer</a> &amp; meld u aan.</p>'
    picture = f'<img src="{address}.png" alt="" style="width:100%">' if dice.random() < 0.3 else ""  # noqa: PLR2004
    return "\n".join([*parts, f"<ul>{points}</ul>" if points else "", link, picture])


def _item(dice: random.Random, host: str, number: int, *, atom: bool) -> str:
    address = f"https://{host}/nieuws/{number}"
    title, text = escape(sentence(dice, 10)[:-1]), markup(dice, address)
    at = FIRST + timedelta(hours=number)
    if atom:
        return (
            f'<entry><id>urn:{host}:{number}</id><title>{title}</title><link href="{address}"/>'
            f"<updated>{at.isoformat()}</updated><published>{at.isoformat()}</published>"
            f"<author><name>Redactie</name></author><summary>{escape(sentence(dice))}</summary>"
            f'<content type="html">{escape(text)}</content></entry>\n'
        )
    return (
        f"<item><title>{title}</title><link>{address}</link><guid isPermaLink='true'>{address}</guid>"
        f"<pubDate>{format_datetime(at)}</pubDate><category>{dice.choice(WORDS)}</category>"
        f"<category>{dice.choice(WORDS)}</category><description><![CDATA[{text}]]></description></item>\n"
    )


def _feed(dice: random.Random, host: str) -> tuple[bytes, bytes]:
    """The feed, and the feed a day later: one new entry on top, the oldest gone."""
    atom, count = dice.random() < 0.3, dice.randint(25, 30)  # noqa: PLR2004 - three in ten are Atom
    items = [_item(dice, host, number, atom=atom) for number in range(count + 1, 0, -1)]
    head = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:{host}</id><title>{host}</title>'
        f"<updated>{FIRST.isoformat()}</updated>\n"
        if atom
        else f'<rss version="2.0"><channel><title>{host}</title><link>https://{host}</link>'
        f"<description>{escape(sentence(dice))}</description><language>nl</language>\n"
    )
    tail = "</feed>" if atom else "</channel></rss>"
    documents = (
        f"<?xml version='1.0' encoding='utf-8'?>\n{head}{''.join(some)}{tail}"
        for some in (items[1:], items[:-1])
    )
    before, after = (document.encode() for document in documents)
    return before, after


def made(count: int = FEEDS, *, port: int) -> list[Served]:
    """The feeds; the same ones for the same count and port."""
    dice = random.Random(SEED)  # noqa: S311 - made-up texts, no secret
    return [
        Served(f"feed-{n}", f"http://127.1.0.{n}:{port}/feed.xml", _feed(dice, f"bron{n}.example"))
        for n in range(1, count + 1)
    ]


@dataclass(frozen=True, slots=True)
class Site:
    """The feeds as they are served now; the flags are shared with the server's process."""

    feeds: list[Served]
    later: "Synchronized[int]"  # 1: each feed has one new entry
    validators: "Synchronized[int]"  # 1: ETag and Last-Modified are given and honoured
    answers: "Synchronized[int]"  # how many were given

    @property
    def hosts(self) -> frozenset[str]:
        """Every host with its port."""
        return frozenset(feed.url.split("/")[2] for feed in self.feeds)


@contextmanager
def serving(feeds: list[Served]) -> Iterator[Site]:
    """The feeds on their addresses for the time of the block."""
    context = multiprocessing.get_context("fork")
    site = Site(feeds, *(context.Value("i", start) for start in (0, 1, 0)))
    ready = context.Event()
    server = context.Process(target=_serve, args=(site, ready), daemon=True)
    server.start()
    ready.wait(30)
    try:
        yield site
    finally:
        server.kill()
        server.join()


def _serve(site: Site, ready: object) -> None:
    """One thread that waits for the kernel's word: what is measured is who reads."""
    answers = {feed.url.split("/")[2].encode(): tuple(map(_answers, feed.bodies)) for feed in site.feeds}
    doors = [_door(*host.decode().split(":")) for host in answers]
    with select.epoll() as news:
        for door in doors:
            news.register(door, select.EPOLLIN)
        by_number = {door.fileno(): door for door in doors}
        ready.set()  # type: ignore[attr-defined]
        while True:
            for number, _ in news.poll():
                _converse(by_number[number].accept()[0], site, answers)


def _door(address: str, port: str) -> socket.socket:
    """Opens to who has asked something, not to who has only come."""
    door = socket.create_server((address, int(port)), backlog=64)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)
    return door


def _converse(client: socket.socket, site: Site, answers: Mapping[bytes, Any]) -> None:
    """One question and its answer."""
    with client:
        asked = client.recv(65_536)
        host = FIELD_HOST.search(asked)[1]  # type: ignore[index]
        known = FIELD_ETAG.search(asked) if site.validators.value else None
        etag, whole, bare, unchanged = answers[host][site.later.value]
        site.answers.value += 1
        said = whole if site.validators.value else bare
        client.sendall(unchanged if known and known[1] == etag else said)


def _answers(body: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """The ETag, and the answers: with validators, without, and 304."""
    etag = f'"{sha256(body).hexdigest()[:20]}"'
    said = {"ETag": etag, "Last-Modified": format_datetime(FIRST, usegmt=True)}
    kind = {"Content-Type": "application/xml; charset=utf-8", "Content-Length": str(len(body))}
    return (
        etag.encode(),
        _head("200 OK", kind | said) + body,
        _head("200 OK", kind) + body,
        _head("304 Not Modified", said),
    )


def _head(status: str, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
