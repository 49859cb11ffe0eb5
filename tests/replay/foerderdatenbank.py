# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The Förderdatenbank's export as a replayed source: a builder of its ZIP, shaped after sources.md.

No export was captured. Paths, properties and oddities are those of sources.md and of public readers of the real
one; every programme and every sentence is ours.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Said = tuple[int, Mapping[str, str], bytes]
ADDRESS = "https://www.foerderdatenbank.de/FDB/WS/export"
CONTENT = "BMWI/FDB/Content/DE"
CATEGORIES = "BMWI/SiteGlobals/Categories/FDB"
LABELS = "_config/ResourceBundleEntries/Labels/FDB"
NAMES = {
    "kommune": "Kommune",
    "unternehmen": "Unternehmen",
    "_bundesweit": "bundesweit",
    "nordrhein_westfalen": "Nordrhein-Westfalen",
    "de_ni": "Niedersachsen",
    "bayern": "Bayern",
    "zuschuss": "Zuschuss",
    "darlehen": "Darlehen",
    "umwelt_naturschutz": "Umwelt- & Naturschutz",
}


@dataclass(frozen=True)
class Programme:
    """One programme; `links` are paths below Content/DE ("ExternerLink/E/seite")."""

    place: str  # "Land/NRW/klima"
    title: str = "Klimaanpassung in Kommunen"
    body: str = "<p>Gefördert werden kühle Plätze.</p>"
    users: tuple[str, ...] = ("kommune",)
    areas: tuple[str, ...] = ("nordrhein_westfalen",)
    sorts: tuple[str, ...] = ("zuschuss",)
    links: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)  # property -> value
    texts: Mapping[str, str] = field(default_factory=dict)  # property -> HTML

    @property
    def path(self) -> str:
        """Where it stands in the export."""
        return f"{CONTENT}/Foerderprogramm/{self.place}.xml"

    def xml(self) -> bytes:
        """The document."""
        texts = {
            "gsb:title": f"<div>{self.title}</div>",
            "gsb:bodyText": f"<div>{self.body}</div>",
            **self.texts,
        }
        groups = [
            _group("Foerderberechtigte", [f"{CATEGORIES}/Foerderberechtigte/{one}" for one in self.users]),
            _group("Foerdergebiet", [f"{CATEGORIES}/Foerdergebiet/{one}" for one in self.areas]),
            _group("Foerderart", [f"{CATEGORIES}/Foerderart/{one}" for one in self.sorts]),
            *(_group(link.partition("/")[0], [f"{CONTENT}/{link}"]) for link in self.links),
        ]
        lists = f'<property name="gsb:cl2Processes" type="ClassifiedLinkLists"><classifiedLinkLists>{"".join(groups)}'
        return document(self.path, texts, self.values, f"{lists}</classifiedLinkLists></property>")


def document(path: str, texts: Mapping[str, str], values: Mapping[str, str], more: str = "") -> bytes:
    """A document of the export: the CDATA mark of a text is itself escaped."""
    folder, _, name = path.removesuffix(".xml").rpartition("/")
    rich = "".join(
        f'<property name="{key}" type="RichText"><text>{escape(f"<![CDATA[{text}]]>")}</text></property>'
        for key, text in texts.items()
    )
    plain = "".join(
        f'<property name="{key}" type="String"><value>{escape(value)}</value></property>'
        for key, value in values.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><document name="{name}" path="/{folder}" type="gsb:ServiceOffer" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink">{rich}{plain}{more}</document>'
    ).encode()


def _group(classifier: str, paths: list[str]) -> str:
    links = "".join(f'<link xlink:href="target:/{path}"/>' for path in paths)
    return (
        f'<classifiedLinkList><classifierLinks><link xlink:href="target:/{CATEGORIES}/Common/{classifier}"/>'
        f"</classifierLinks><links>{links}</links></classifiedLinkList>"
    )


def labels() -> dict[str, bytes]:
    """The label documents of the codes we use."""
    return {
        f"{LABELS}/{code}.xml": document(f"{LABELS}/{code}.xml", {}, {"gsb:value": words})
        for code, words in NAMES.items()
    }


def zipped(documents: Mapping[str, bytes], *, day: int = 1) -> bytes:
    """The documents as a ZIP made on some day: its bytes differ from day to day."""
    whole = BytesIO()
    with ZipFile(whole, "w") as archive:
        for path, body in documents.items():
            archive.writestr(ZipInfo(path, (2026, 7, day, 3, 0, 0)), body, ZIP_DEFLATED)
    return whole.getvalue()


@dataclass
class Foerderdatenbank:
    """What the export holds now, and what is to go wrong.

    Args:
        programmes: its programmes.
        documents: path -> further documents, or other bytes for a programme's.
        day: of July, on which the export was made.
        redirected: the address leads to the home page, as on 5 July 2026.
        fault: the answer given instead.
    """

    programmes: list[Programme] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    day: int = 1
    redirected: bool = False
    fault: Said | None = None

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Said:
        """One answer of the source; the home page stands for the end of the redirect."""
        if self.fault:
            return self.fault
        if method != "GET" or path.partition("?")[0] != "/FDB/WS/export":
            return 404, {}, b""
        if self.redirected:
            return (
                200,
                {"Content-Type": "text/html"},
                b"<!DOCTYPE html><html><title>Startseite</title></html>",
            )
        whole = self.archive()
        tag = f'"{hashlib.sha256(whole).hexdigest()[:16]}"'
        if headers.get("if-none-match") == tag:
            return 304, {"ETag": tag}, b""
        return 200, {"Content-Type": "application/zip", "ETag": tag}, whole

    def archive(self) -> bytes:
        """The ZIP of this day."""
        own = {one.path: one.xml() for one in self.programmes}
        return zipped(labels() | own | self.documents, day=self.day)
