# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One programme of the Förderdatenbank -> one Entry: a list of properties, and links into other documents.

Texts are HTML in a CDATA mark that is itself escaped; categories are paths whose last part is a code.
Deadlines stand in the text: their words are kept, and no date is read from them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from lxml import etree

from grants.sources import dates
from grants.sources.clean import clean_html, one_line, plain_text, web_address
from grants.sources.documents import name
from grants.sources.reading import Entry
from models.values import Basis, CallStatus, Due

SITE = "https://www.foerderdatenbank.de"
CONTENT = "BMWI/FDB/Content/DE/"
PROGRAMMES = f"{CONTENT}Foerderprogramm/"
HREF = "{http://www.w3.org/1999/xlink}href"
BERLIN = "Europe/Berlin"
KEPT = {"areas": "Foerdergebiet", "beneficiaries": "Foerderberechtigte", "fields": "Foerderbereich"}
MOST = 3  # sentences about a deadline that are kept

CLOSED = re.compile(
    r"nicht\s+(?:\w+\s+)?möglich|ausgelaufen|beendet|eingestellt|antragsstopp|keine\s+(?:neuen\s+)?anträge",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?:(?<=[a-zäöüß)]\.)|(?<=\d{4}\.))\s+(?=[A-ZÄÖÜ])|\n")
MONTH = "januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
DATED = re.compile(rf"\b\d{{1,2}}\.\s?(?:\d{{1,2}}\.|(?:{MONTH})\b)", re.IGNORECASE)
APPLYING = re.compile(
    r"antrag|anträge|bewerb|einreich|einzureichen|skizze|interessenbekundung", re.IGNORECASE
)
UNTIL = re.compile(
    r"frist|stichtag|\bbis\b|spätestens|einreichungstermin|bewerbungsschluss|jährlich", re.IGNORECASE
)
OTHER = re.compile(r"verwendungsnachweis|in kraft|außer kraft|auszahlung|bewilligungszeitraum", re.IGNORECASE)
ALWAYS = re.compile(
    r"(?:antr[aä]g\w*|einreich\w*)[^.]{0,80}\b(?:jederzeit|laufend|fortlaufend|ganzjährig)\b"
    r"|\b(?:jederzeit|laufend|fortlaufend|ganzjährig)\b[^.]{0,80}(?:antr[aä]g|beantrag|einreich)",
    re.IGNORECASE,
)

Find = Callable[[str], "Document | None"]
"""A document of the export by its path without ".xml"; None when there is none."""
Label = Callable[[str], str]
"""What people call the code of a category."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its plain values and HTML texts by property, its links by classifier."""

    facts: Mapping[str, str]
    links: Mapping[str, tuple[str, ...]]  # paths without "target:"

    def codes(self, classifier: str) -> list[str]:
        """The codes of a category: "kommune", "nordrhein_westfalen"."""
        paths = self.links.get(classifier, ())
        return list(dict.fromkeys(path.rpartition("/")[2] for path in paths if "/Categories/" in f"/{path}"))


def properties(root: etree._Element) -> Document:
    """The properties of one document, the escaped CDATA mark taken off its texts."""
    facts: dict[str, str] = {}
    links: dict[str, tuple[str, ...]] = {}
    for one in root.iter("{*}property"):
        said = next((part for part in one if name(part) in {"text", "value"}), None)
        if said is not None:
            text = str(said.xpath("string()"))
            facts[one.get("name", "")] = text.replace("<![CDATA[", "").replace("]]>", "").strip()
    for group in root.iter("{*}classifiedLinkList"):
        by_role = {name(part): tuple(_targets(part)) for part in group}
        for path in by_role.get("classifierLinks", ())[:1]:
            key = path.rpartition("/")[2]
            links[key] = links.get(key, ()) + by_role.get("links", ())
    return Document(facts, links)


def _targets(node: etree._Element) -> Iterator[str]:
    return (link.get(HREF, "").removeprefix("target:").lstrip("/") for link in node.iter("{*}link"))


def label_in(document: Document) -> str:
    """The words of a label document: its value or title, and else the only text it has."""
    facts = document.facts
    return one_line(facts.get("gsb:value") or facts.get("gsb:title") or next(iter(facts.values()), ""))


def understand(path: str, programme: Document, *, find: Find, label: Label) -> Entry:
    """One programme.

    Args:
        path: where it stands in the export; its slug is not unique, so this is its key.
        programme: its own document.
        find: the documents it links to: who pays, and the pages elsewhere.
        label: the words behind its codes.
    """
    place = path.removeprefix(PROGRAMMES).removesuffix(".xml")
    url = f"{SITE}/{path.removeprefix('BMWI/').removesuffix('.xml')}.html"
    facts = programme.facts
    body = clean_html(_body(facts), url)
    banner = plain_text(facts.get("gsb:header", ""))
    dues = _deadlines(facts.get("gsb:dateOfExpiration", ""), plain_text(body))
    pages = [web_address(one.facts.get("gsb:url", "")) for one in _linked(programme, "ExternerLink", find)]
    return Entry(
        key=place[:300],
        title=one_line(facts.get("gsb:title", "")),
        url=url,
        body=body,
        language="de",
        organisation=_organisation(programme, find, label)[:300],
        kind=", ".join(label(code) for code in programme.codes("Foerderart"))[:60],
        stated_status=CallStatus.CLOSED if CLOSED.search(banner) else None,
        published_at=dates.instant(facts.get("gsb:dateOfIssue", ""), BERLIN),
        deadlines=dues,
        rolling=not dues and bool(ALWAYS.search(plain_text(body))),
        extra={
            **{name: [label(code) for code in programme.codes(key)] for name, key in KEPT.items()},
            "pages": [one for one in dict.fromkeys(pages) if one],
            "banner": one_line(banner),
        },
    )


def _body(facts: Mapping[str, str]) -> str:
    """The banner first, for it says when nobody may apply any more; the legal text last."""
    banner, legal = one_line(facts.get("gsb:header", "")), facts.get("gsb:regulatoryFWork", "")
    parts = (
        f"<p><strong>{escape(banner)}</strong></p>" if banner else "",
        facts.get("gsb:summary") or facts.get("gsb:teaserText", ""),
        facts.get("gsb:bodyText", ""),
        f"<h2>Rechtsgrundlage</h2>{legal}" if legal else "",
    )
    return "".join(parts)


def _linked(programme: Document, tree: str, find: Find) -> Iterator[Document]:
    """The documents a programme links to in one tree, whatever classifier leads there."""
    for path in dict.fromkeys(path for paths in programme.links.values() for path in paths):
        if path.startswith(f"{CONTENT}{tree}/") and (linked := find(path)):
            yield linked


def _organisation(programme: Document, find: Find, label: Label) -> str:
    named = (one_line(one.facts.get("gsb:title", "")) for one in _linked(programme, "Foerdergeber", find))
    levels = ", ".join(label(code) for code in programme.codes("Foerdergeber"))
    return next((one for one in named if one), levels)


def _deadlines(expires: str, text: str) -> tuple[Due, ...]:
    """The end the export states in its own field, and the sentences that name another.

    Nobody says whether that field ends the programme or its page: ASSUMED, so that its words are shown.
    """
    day, text_of_field = dates.local_day(expires, BERLIN), f"gsb:dateOfExpiration: {expires}"
    stated = [Due(day, zone=BERLIN, basis=Basis.ASSUMED, text=text_of_field)] if day else []
    named = [one for one in dict.fromkeys(SENTENCE.split(text)) if _names_a_deadline(one)][:MOST]
    return (*stated, *(Due(None, zone=BERLIN, basis=Basis.UNKNOWN, text=one[:300]) for one in named))


def _names_a_deadline(sentence: str) -> bool:
    wanted = all(pattern.search(sentence) for pattern in (DATED, APPLYING, UNTIL))
    return wanted and not OTHER.search(sentence)
