# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Exports are shaped after sources.md: none was captured."""

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from grants.errors import FaultKind, SourceError
from grants.harvest import harvest
from grants.sources import foerderdatenbank
from grants.sources.reading import Entry, Reading, Response, SourceConfig, Validator
from models.call import Call
from models.session import Begin
from models.source import Payload
from models.values import Basis, CallStatus, Completeness, Due
from tests.builders import NOW
from tests.builders import source as source_row
from tests.conftest import CAPTURES, needs_captures
from tests.replay.direct import direct
from tests.replay.foerderdatenbank import ADDRESS, CONTENT, Foerderdatenbank, Programme, document

KLIMA = Programme("Land/NRW/klima")
SITE = "https://www.foerderdatenbank.de/FDB/Content/DE/Foerderprogramm"


def source(**rules: Any) -> SourceConfig:
    return SourceConfig("fdb", "foerderdatenbank", ADDRESS, "de", "Europe/Berlin", rules)


def read(site: Foerderdatenbank, known: Mapping[str, Validator] | None = None, **rules: Any) -> Reading:
    return foerderdatenbank.read(source(**rules), fetch=direct(site.answer), known=known or {})


def only(programme: Programme, **documents: bytes) -> Entry:
    (entry,) = read(Foerderdatenbank([programme])).entries
    return entry


def with_text(body: str) -> Entry:
    return only(Programme("Bund/BMUV/x", body=f"<p>{body}</p>"))


def test_a_programme_comes_with_its_page_its_text_and_the_words_behind_its_codes() -> None:
    entry = only(KLIMA)
    assert (entry.key, entry.url) == ("Land/NRW/klima", f"{SITE}/Land/NRW/klima.html")
    assert (entry.title, entry.language, entry.kind) == ("Klimaanpassung in Kommunen", "de", "Zuschuss")
    assert entry.extra["areas"] == ["Nordrhein-Westfalen"]
    assert entry.extra["beneficiaries"] == ["Kommune"]
    assert (entry.deadlines, entry.rolling, entry.stated_status) == ((), False, None)


def test_the_cdata_mark_is_escaped_and_taken_off() -> None:
    assert only(KLIMA).body == "<p>Gefördert werden kühle Plätze.</p>"


def test_a_control_character_that_xml_forbids_costs_no_programme() -> None:
    raw = KLIMA.xml().replace(b"Klima", b"Kli\x02ma")
    (entry,) = read(Foerderdatenbank([KLIMA], {KLIMA.path: raw})).entries
    assert entry.title == "Klimaanpassung in Kommunen"


def test_soft_hyphens_and_u_0090_are_no_letters() -> None:
    entry = only(Programme("Land/NRW/x", title="Klima\u00adanpassung\u0090", body="<p>kü\u00adhl\u0090</p>"))
    assert (entry.title, entry.body) == ("Klimaanpassung", "<p>kühl</p>")


def test_one_slug_in_two_places_is_two_programmes() -> None:
    places = ["Bund/BMUV/praemie", "Land/NRW/praemie"]
    assert [
        entry.key for entry in read(Foerderdatenbank([Programme(one) for one in places])).entries
    ] == places


@pytest.mark.parametrize(
    ("users", "areas", "wanted"),
    [
        (("kommune",), ("_bundesweit",), True),
        (("unternehmen", "kommune"), ("bayern", "de_ni"), True),
        (("unternehmen",), ("nordrhein_westfalen",), False),
        (("kommune",), ("bayern",), False),
        ((), (), False),
    ],
)
def test_only_what_a_municipality_in_our_region_may_use_is_taken_over(
    users: tuple[str, ...], areas: tuple[str, ...], *, wanted: bool
) -> None:
    reading = read(Foerderdatenbank([Programme("Land/X/x", users=users, areas=areas)]))
    assert bool(reading.entries) is wanted


def test_the_rules_of_the_source_say_which() -> None:
    bavarian = Programme("Land/BY/x", areas=("bayern",), users=("unternehmen",))
    reading = read(Foerderdatenbank([bavarian, KLIMA]), areas=["bayern"], beneficiaries=["unternehmen"])
    assert [entry.key for entry in reading.entries] == ["Land/BY/x"]


def test_what_the_database_hides_is_left_out() -> None:
    assert (
        read(Foerderdatenbank([Programme("Bund/X/x", values={"gsb:shouldNotBeIndexed": "1"})])).entries == ()
    )


def test_a_code_without_a_label_is_its_own_word() -> None:
    assert only(Programme("Land/NRW/x", sorts=("garantie", "zuschuss"))).kind == "garantie, Zuschuss"


@pytest.mark.parametrize("texts", [{"gsb:title": "<div>Garantie</div>"}, {"gsb:other": "Garantie"}])
def test_a_label_may_stand_in_another_property(texts: Mapping[str, str]) -> None:
    path = "BMWI/_config/ResourceBundleEntries/Labels/FDB/garantie.xml"
    site = Foerderdatenbank([Programme("Land/NRW/x", sorts=("garantie",))], {path: document(path, texts, {})})
    assert read(site).entries[0].kind == "Garantie"


def test_the_page_elsewhere_and_who_pays_are_in_documents_of_their_own() -> None:
    link, funder, bad = "ExternerLink/K/klima", "Foerdergeber/M/munv", "ExternerLink/B/boese"
    programme = Programme("Land/NRW/x", links=(link, funder, bad, "ExternerLink/N/nirgends"))
    pages = {
        f"{CONTENT}/{link}.xml": document(link, {}, {"gsb:url": "https://klima.example/antrag"}),
        f"{CONTENT}/{bad}.xml": document(bad, {}, {"gsb:url": "javascript:alert(1)"}),
        f"{CONTENT}/{funder}.xml": document(funder, {"gsb:title": "<p>Ministerium für Umwelt</p>"}, {}),
    }
    reading = read(Foerderdatenbank([programme], pages))
    (entry,) = reading.entries
    assert entry.organisation == "Ministerium für Umwelt"
    assert entry.extra["pages"] == ["https://klima.example/antrag"]
    assert (reading.completeness, reading.warnings) == (Completeness.COMPLETE, ())


def test_the_end_in_its_own_field_is_a_date_whose_words_are_shown() -> None:
    entry = only(Programme("Bund/X/x", values={"gsb:dateOfExpiration": "2026-12-31T23:30:00+00:00"}))
    text = "gsb:dateOfExpiration: 2026-12-31T23:30:00+00:00"
    assert entry.deadlines == (Due(date(2027, 1, 1), zone="Europe/Berlin", basis=Basis.ASSUMED, text=text),)


def test_an_end_that_is_no_date_is_none() -> None:
    assert only(Programme("Bund/X/x", values={"gsb:dateOfExpiration": "offen"})).deadlines == ()


def test_the_day_of_issue_is_the_day_of_publication() -> None:
    entry = only(Programme("Bund/X/x", values={"gsb:dateOfIssue": "2026-07-01T00:00:00.000+02:00"}))
    assert entry.published_at == datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Anträge sind bis zum 30. September eines Jahres zu stellen.",
        "Der Förderantrag ist spätestens bis zum 30.09. jeden Jahres einzureichen.",
        "Die Antragsfrist endet am 15. März 2027.",
    ],
)
def test_a_deadline_in_the_text_keeps_its_words_and_gets_no_date(sentence: str) -> None:
    entry = with_text(f"Wir helfen. {sentence} Viel Erfolg.")
    assert entry.deadlines == (Due(None, zone="Europe/Berlin", basis=Basis.UNKNOWN, text=sentence),)
    assert not entry.rolling


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Richtlinie vom 04.11.2024 gilt.",
        "Anträge stellen Sie bei der Bezirksregierung.",
        "Der Verwendungsnachweis zum Antrag ist bis zum 30.09. vorzulegen.",
        "Bis zum 30.09. läuft die Ausstellung.",
    ],
)
def test_other_dates_in_the_text_are_no_deadline(sentence: str) -> None:
    assert with_text(sentence).deadlines == ()


@pytest.mark.parametrize(
    "sentence", ["Anträge können jederzeit gestellt werden.", "Sie können laufend beantragen."]
)
def test_a_programme_that_is_always_open_is_rolling(sentence: str) -> None:
    assert with_text(sentence).rolling


def test_a_banner_that_bars_applications_closes_the_programme_and_opens_its_text() -> None:
    banner = "<p><strong>Förderprogramm aktiv, Antragstellung nicht mehr möglich</strong></p>"
    entry = only(
        Programme("Bund/X/x", texts={"gsb:header": banner, "gsb:regulatoryFWork": "<p>Richtlinie</p>"})
    )
    assert entry.stated_status == CallStatus.CLOSED
    assert entry.body.startswith(
        "<p><strong>Förderprogramm aktiv, Antragstellung nicht mehr möglich</strong></p>"
    )
    assert entry.body.endswith("<h2>Rechtsgrundlage</h2><p>Richtlinie</p>")
    assert only(Programme("Bund/X/x", texts={"gsb:header": "<p>Neu</p>"})).stated_status is None


def test_a_redirect_to_the_home_page_is_a_sentence() -> None:
    with pytest.raises(
        SourceError, match=r"gives a web page \(https://www.foerderdatenbank.de/FDB/WS/exp"
    ) as caught:
        read(Foerderdatenbank([KLIMA], redirected=True))
    assert caught.value.temporary


@needs_captures
def test_a_captured_page_instead_of_the_archive_is_a_sentence() -> None:
    page = (CAPTURES / "foerderdatenbank" / "overview.html").read_bytes()
    with pytest.raises(SourceError, match="gives a web page"):
        read(Foerderdatenbank(fault=(200, {}, page)))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "something that is no ZIP archive"),
        (b"PK\x03\x04 and then nothing", "is a broken ZIP archive"),
        (Foerderdatenbank([KLIMA]).archive()[:-40], "is a broken ZIP archive"),
        (Foerderdatenbank().archive(), "holds no programmes where they have always been"),
    ],
)
def test_what_is_no_export_is_a_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence) as caught:
        read(Foerderdatenbank(fault=(200, {}, body)))
    assert caught.value.kind is FaultKind.BROKEN


def test_a_document_that_is_no_xml_costs_itself_and_the_reading_is_partial() -> None:
    bad = {f"{CONTENT}/Foerderprogramm/Bund/X/{n}.xml": b"<document" for n in range(6)}
    reading = read(Foerderdatenbank([KLIMA], bad))
    assert [entry.key for entry in reading.entries] == ["Land/NRW/klima"]
    assert reading.completeness == Completeness.PARTIAL
    (warning,) = reading.warnings
    assert warning.startswith("6 documents of the export could not be read, the others were: BMWI/FDB/")
    assert warning.endswith("Bund/X/4.xml, ….")


def test_an_entity_bomb_costs_its_own_document() -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + KLIMA.xml()[38:]
    reading = read(Foerderdatenbank([KLIMA, Programme("Bund/X/x")], {KLIMA.path: bomb}))
    assert [entry.key for entry in reading.entries] == ["Bund/X/x"]


def test_a_path_out_of_the_archive_is_not_read() -> None:
    tricks = [f"{CONTENT}/Foerderprogramm/../../x.xml", f"/{KLIMA.path}", f"{CONTENT}\\x.xml", "C:/x.xml"]
    reading = read(Foerderdatenbank([KLIMA], dict.fromkeys(tricks, KLIMA.xml())))
    assert [entry.key for entry in reading.entries] == ["Land/NRW/klima"]
    assert reading.warnings == ("4 documents have a path out of the archive, and were not read.",)


def test_a_programme_without_a_title_is_left_out_aloud() -> None:
    reading = read(Foerderdatenbank([Programme("Bund/X/x", title=""), KLIMA]))
    assert [entry.key for entry in reading.entries] == ["Land/NRW/klima"]
    assert reading.warnings == (
        f"A programme without a title was left out: {CONTENT}/Foerderprogramm/Bund/X/x.xml.",
    )


def test_an_export_known_already_is_unchanged_by_its_etag_or_its_bytes() -> None:
    site = Foerderdatenbank([KLIMA])
    known = read(site).validators
    assert read(site, known).completeness == Completeness.UNCHANGED
    site.fault = (200, {}, site.archive())
    assert read(site, known).completeness == Completeness.UNCHANGED


def test_the_file_of_the_answer_is_closed() -> None:
    file = BytesIO(Foerderdatenbank([KLIMA]).archive())

    def fetch(request: Any) -> Response:
        assert request.large
        return Response(request.url, 200, {}, b"", file)

    foerderdatenbank.read(source(), fetch=fetch, known={})
    assert file.closed


def test_only_what_was_taken_over_is_kept_and_can_be_read_again() -> None:
    bavarian = Programme("Land/BY/x", areas=("bayern",))
    link = "ExternerLink/K/klima"
    pages = {f"{CONTENT}/{link}.xml": document(link, {}, {"gsb:url": "https://klima.example/"})}
    site = Foerderdatenbank([Programme("Land/NRW/klima", links=(link,)), bavarian], pages)
    first = read(site)
    (payload,) = first.payloads
    with ZipFile(BytesIO(payload.body)) as kept:
        assert [path.rpartition("/")[2] for path in kept.namelist()] == [
            "klima.xml", "klima.xml", "kommune.xml", "nordrhein_westfalen.xml", "zuschuss.xml",
        ]  # fmt: skip
    assert read(Foerderdatenbank(fault=(200, {}, payload.body))).entries == first.entries


def test_the_next_days_export_with_the_same_programmes_is_kept_once(begin: Begin) -> None:
    site = Foerderdatenbank([KLIMA])
    with begin() as session:
        session.add(
            source_row(slug="fdb", kind="foerderdatenbank", url=ADDRESS, language="de", zone="Europe/Berlin")
        )
    harvest(begin, "fdb", fetch=direct(site.answer), now=NOW)
    site.day = 2
    second = harvest(begin, "fdb", fetch=direct(site.answer), now=NOW)
    with begin() as session:
        assert (second.outcome, second.new, second.changed) == (Completeness.COMPLETE, 0, 0)
        assert len(session.scalars(select(Payload)).all()) == 1
        assert session.scalars(select(Call)).one().key == "Land/NRW/klima"


def test_rules_that_are_off_are_a_sentence() -> None:
    with pytest.raises(SourceError, match="The rules of this source are off: area"):
        read(Foerderdatenbank(), area="x")
