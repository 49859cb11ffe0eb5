# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whom a call is for and where, each with the literal words that say so: facts beside the themes.

They are said, and hide a call only from who asks for that. A call that says nothing gives nothing: silence
is no answer.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal, Protocol

Field = Literal["title", "text", "source"]  # the last: a field of its own at the source

RULES: Final = 1  # raise it with the rules: every call is then read again (grants.marking)
LONGEST: Final = 200_000  # characters of a text that are read; longer is an attachment pasted into it


class Fact(StrEnum):
    """What a call may say of who can apply."""

    MUNICIPALITY = "municipality"  # a municipality, or a local or public authority
    NETHERLANDS = "netherlands"  # the source lists the Netherlands
    BORDER_REGION = "border_region"  # the source lists Twente or its neighbours across the border
    ELSEWHERE = "elsewhere"  # the source lists countries, and the Netherlands is not among them
    ONE_APPLICANT = "one_applicant"  # mono-beneficiary
    NAMED = "named"  # who gets it stands in the call
    THIRD_COUNTRIES = "third_countries"  # only for those outside the EU
    TENDER = "tender"  # the funder buys something


BARRING: Final = frozenset({Fact.ELSEWHERE, Fact.NAMED, Fact.THIRD_COUNTRIES, Fact.TENDER})
"""Where one of these is said, a Dutch municipality cannot apply itself."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact and the words for it as they stand there; the span counts in the title or the text."""

    fact: Fact
    field: Field
    words: str
    start: int = 0
    end: int = 0


_BODIES: Final = (
    r"(?:gemeenten?|waterschappen|provincies|decentrale overheden|lokale overheden"
    r"|gemeinden|kommunen|städte|landkreise|kommunale[nr]? gebietskörperschaften|gebietskörperschaften"
    r"|municipalit(?:y|ies)|local(?: and regional| or regional)? authorit(?:y|ies)|local governments?"
    r"|(?:local |regional |national )?public (?:authorities|bodies))"
)
_NEAR: Final = r"[^.;:!?\n]{0,80}?"
_NOT: Final = rf"(?!{_NEAR}\b(?:niet|geen|nicht|kein\w*|not)\b)"
_APPLY: Final = r"(?:aanvra\w+|indienen|beantrag\w+|antr[aä]g\w*|apply|applicants?|submit)"
_CAN: Final = (
    rf"(?:(?:kunnen|kan|mogen|können|dürfen|can|may)\b{_NEAR}\b{_APPLY}"
    r"|(?:are|is) eligible|kom(?:t|en) in aanmerking|(?:antrags|förder)berechtigt)"
)
_FOR: Final = (
    r"(?:bestemd voor|bedoeld voor|aanvragers? (?:is|zijn)|doelgroep(?:en)? (?:is|zijn)"
    r"|antragsberechtigt(?:e)? sind|förderberechtigt(?:e)? sind|zuwendungsempfänger sind|richtet sich an"
    r"|eligible (?:applicants|beneficiaries|entities|participants) (?:are|include)"
    r"|open to|applicants must be|intended for)"
)
_SAYING: Final = {
    Fact.MUNICIPALITY: (
        rf"{_FOR}{_NOT}{_NEAR}\b{_BODIES}",
        rf"{_BODIES}\b{_NOT}{_NEAR}\b{_CAN}",
        r"specifieke uitkering",
    ),
    Fact.ONE_APPLICANT: (
        r"mono-?beneficiar(?:y|ies)",
        r"single (?:applicants?|beneficiary)",
        r"één aanvrager",
        r"nur ein(?:e|em|en)? (?:antragsteller|antragstellenden?)",
    ),
    Fact.NAMED: (
        r"(?:named|identified|designated|pre-?defined) beneficiar(?:y|ies)",
        r"without a call for proposals",
        r"met name genoemde (?:begunstigden?|ontvangers?)",
        r"namentlich (?:benannte|genannte)\w*",
    ),
    Fact.THIRD_COUNTRIES: (
        rf"only\b{_NEAR}\b(?:established|registered|based) in (?:a |the )?(?:third|partner) countr(?:y|ies)",
        rf"(?:alleen|uitsluitend)\b{_NEAR}\b(?:buiten de EU|in derde landen)",
        rf"(?:nur|ausschließlich)\b{_NEAR}\b(?:in Drittstaaten|in Drittländern|außerhalb der EU)",
    ),
    Fact.TENDER: (
        r"calls? for tenders?",
        r"(?:procurement|contract) notice",
        r"invitation to tender",
        r"(?:europese|openbare) aanbesteding",
        r"aankondiging van (?:een )?opdracht",
        r"öffentliche ausschreibung",
        r"auftragsbekanntmachung",
    ),
}
_RULES: Final = {
    fact: re.compile(rf"\b(?:{'|'.join(said)})\b", re.IGNORECASE) for fact, said in _SAYING.items()
}
_AUDIENCES: Final = ("targetAudience", "targets", "beneficiaries")  # of `extra`, by source: who may apply
_PUBLIC: Final = re.compile(
    r"local public authority|gemeente|decentrale overheid|overheden|kommune|gemeinde|öffentliche einrichtung",
    re.IGNORECASE,
)
_BORDER: Final = ("NL213", "DEA34", "DEA37", "DE94B")  # Twente; Borken, Steinfurt; Grafschaft Bentheim
_COUNTRIES, _REGIONS = "callEligibleCountryNuts", "callEligibleRegionNuts"


class Told(Protocol):
    """A call, or what was asked of one."""

    title: Any
    text: Any
    extra: Any


def facts_of(call: Told) -> tuple[Evidence, ...]:
    """What a call says of who can apply and where, once a fact: the source's own fields before words."""
    found: dict[Fact, Evidence] = {}
    for evidence in (
        *_said_by_source(call.extra),
        *_said_in("title", call.title),
        *_said_in("text", call.text),
    ):
        found.setdefault(evidence.fact, evidence)
    return tuple(found[fact] for fact in Fact if fact in found)


def _said_by_source(extra: Mapping[str, object]) -> Iterator[Evidence]:
    for name in _AUDIENCES:
        for one in _words(extra.get(name)):
            if _PUBLIC.search(one):
                yield Evidence(Fact.MUNICIPALITY, "source", one)
    countries, regions = _words(extra.get(_COUNTRIES)), _words(extra.get(_REGIONS))
    near = [one for one in regions if any(one.startswith(code) or code.startswith(one) for code in _BORDER)]
    if near:
        yield Evidence(Fact.BORDER_REGION, "source", ", ".join(dict.fromkeys(near)))
    if countries:
        here = "NL" in countries
        yield Evidence(
            Fact.NETHERLANDS if here else Fact.ELSEWHERE, "source", "NL" if here else ", ".join(countries)
        )


def _words(value: object) -> list[str]:
    """The words of a field of a source, whatever shape it came in."""
    listed = value if isinstance(value, list) else [value]
    return [one.strip() for one in listed if isinstance(one, str) and one.strip()]


def _said_in(field: Field, text: str) -> Iterator[Evidence]:
    for fact, pattern in _RULES.items():
        if fact == Fact.TENDER and field == "text":
            continue  # calls for grants speak of the tenders their winners will launch
        if match := pattern.search(text[:LONGEST]):
            yield Evidence(fact, field, match[0], match.start(), match.end())
