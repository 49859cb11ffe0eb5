# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Officiële bekendmakingen as a replayed source: the RSS of a search, and the XML of each announcement.

The feed has the form of captures/officielebekendmakingen; the XML is shaped after sources.md and the public
element names, for no announcement was captured. Facts of two real ones are kept, their sentences are ours.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

Said = tuple[int, Mapping[str, str], bytes]
ADDRESS = "https://zoek.officielebekendmakingen.nl"
SEARCH = f"{ADDRESS}/rss?q=(c.product-area==%22officielepublicaties%22)"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Announcement:
    """One announcement; `text` is what stands inside its paper's element, None when there is no XML."""

    key: str
    organisation: str
    title: str
    text: str | None = "<al>Bekendmaking.</al>"
    day: tuple[int, int, int] = (2026, 7, 15)
    paper: str = "provinciaalblad"

    def item(self) -> str:
        """The item of the feed: midnight in Amsterdam, and no guid."""
        moment = format_datetime(datetime(*self.day, tzinfo=AMSTERDAM))
        return (
            f"<item><link>{ADDRESS}/{self.key}.html</link><category>Provinciaal blad</category>"
            f"<title>{self.key} : {escape(self.organisation)}</title>"
            f"<description>{escape(self.title)}</description><pubDate>{moment}</pubDate></item>"
        )

    def xml(self) -> bytes:
        """The announcement itself."""
        return (
            '<?xml version="1.0" encoding="UTF-8"?><officiele-publicatie>'
            f'<metadata><meta name="DC.title" content="{escape(self.title)}"/></metadata><{self.paper}>'
            f"<zakelijke-mededeling><zakelijke-mededeling-tekst><tekst>{self.text}</tekst>"
            f"</zakelijke-mededeling-tekst></zakelijke-mededeling></{self.paper}></officiele-publicatie>"
        ).encode()


AMENDMENT = Announcement(
    "prb-2025-17163",
    "Overijssel",
    "Wijziging van het Uitvoeringsbesluit subsidies Overijssel 2022",
    "<wijzig-artikel><kop><label>Artikel</label> <nr>2.8.10</nr> <titel>Looptijd</titel></kop>"
    "<al>'2025' wordt vervangen door: 2027</al></wijzig-artikel>",
    (2025, 11, 20),
)
CEILINGS = Announcement(
    "prb-2015-8466",
    "Overijssel",
    "Provincie Overijssel - vaststelling subsidieplafonds 2016",
    "<al>Gedeputeerde Staten stellen voor 2016 een subsidieplafond van € 750.000 vast.</al>"
    "<al>Een aanvraag kan vanaf 1 mei worden gedaan en is uiterlijk op 1 juni binnen.</al>",
    (2015, 12, 18),
)


@dataclass
class Bekendmakingen:
    """What is published now, and what is to go wrong.

    Args:
        announcements: newest first, as the feed gives them.
        diagnostic: (uri, message) of an SRU diagnostic, given as HTTP 200 instead of the feed.
        faults: path -> the answer given instead.
        asked: the paths that were asked for, in order.
    """

    announcements: list[Announcement] = field(default_factory=list)
    diagnostic: tuple[str, str] | None = None
    faults: dict[str, Said] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Said:
        """One answer of the source."""
        self.asked.append(path)
        plain = path.partition("?")[0]
        if plain in self.faults:
            return self.faults[plain]
        if method != "GET":
            return 405, {}, b""
        if plain == "/rss":
            return self._listed(headers)
        texts = {f"/{one.key}.xml": one for one in self.announcements if one.text is not None}
        return (200, {"Content-Type": "text/xml"}, texts[plain].xml()) if plain in texts else (404, {}, b"")

    def _listed(self, headers: Mapping[str, str]) -> Said:
        if self.diagnostic:
            return 200, {"Content-Type": "application/xml"}, diagnostic(*self.diagnostic)
        feed = self.feed()
        tag = f'"{hashlib.sha256(feed).hexdigest()[:16]}"'
        if headers.get("if-none-match") == tag:
            return 304, {"ETag": tag}, b""
        return 200, {"Content-Type": "application/rss+xml; charset=utf-8", "ETag": tag}, feed

    def feed(self) -> bytes:
        """The whole result in one feed."""
        items = "".join(one.item() for one in self.announcements)
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            "<title>Officiële bekendmakingen - RSS feed</title><language>nl-NL</language>"
            f"{items}</channel></rss>"
        ).encode()


def diagnostic(uri: str, message: str, *, prefixed: bool = True) -> bytes:
    """An SRU error: the namespace of the diagnostic comes with and without a prefix."""
    space = "http://docs.oasis-open.org/ns/search-ws/diagnostic"
    mark, declared = ("d:", f' xmlns:d="{space}"') if prefixed else ("", "")
    plain = "" if prefixed else f' xmlns="{space}"'
    return (
        f'<searchRetrieveResponse xmlns="http://docs.oasis-open.org/ns/search-ws/sruResponse"{declared}>'
        f"<version>2.0</version><diagnostics><{mark}diagnostic{plain}><{mark}uri>{uri}</{mark}uri>"
        f"<{mark}message>{escape(message)}</{mark}message></{mark}diagnostic></diagnostics>"
        "</searchRetrieveResponse>"
    ).encode()
