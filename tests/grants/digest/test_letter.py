# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from config.settings import Settings
from grants.digest import DigestFacts, facts, preview, write_digests
from grants.digest.news import Why
from grants.looks import mark_looked
from grants.matching import match_all
from models.call import Call, CallChange, ChangeKind, Significance
from models.colleague import Colleague, Rhythm
from models.match import Match
from models.message import Message, MessageState
from models.obligation import Obligation
from models.session import Begin
from models.source import HarvestRun, Look
from models.values import Completeness
from tests.builders import NOW, application, call, colleague, deadline, milestone, office, source, theme

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
SETTINGS = Settings(mail_from="Pijplijn <p@enschede.example>", data_dir=Path("/nowhere"))


def an_office(begin: Begin, calls: int = 1) -> None:
    with begin() as session:
        session.add_all([office(), source(last_success_at=NOW)])
        session.flush()
        session.add_all([
            theme(), colleague(), colleague(name="Lena", email="lena@enschede.example", language="de"),
            colleague(name="Sam", email="sam@enschede.example", language="en", digest_rhythm=Rhythm.NEVER),
        ])  # fmt: skip
        session.add_all([call(key=str(number), deadlines=[deadline()]) for number in range(calls)])
    match_all(begin, now=NOW)


def digests(begin: Begin, now: datetime = NOW) -> list[Message]:
    with begin() as session:
        write_digests(session, now=now, settings=SETTINGS)
    with begin() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def told(begin: Begin, now: datetime = NOW, number: int = 1) -> DigestFacts:
    with begin() as session:
        return facts(session, session.get_one(Colleague, number), now=now)


def text_of(begin: Begin, number: int = 0, now: datetime = NOW) -> str:
    with begin() as session:
        return preview(session, now=now, settings=SETTINGS)[number][1].text


def test_everyone_who_wants_one_has_one_digest_a_week(begin: Begin) -> None:
    an_office(begin)
    assert [one.recipient for one in digests(begin)] == ["noor@enschede.example", "lena@enschede.example"]
    assert len(digests(begin)) == 2
    assert len(digests(begin, NOW + 3 * DAY)) == 2
    assert len(digests(begin, NOW + 7 * DAY)) == 4


def test_a_new_match_is_told_with_its_literal_words_and_its_deadline(begin: Begin) -> None:
    an_office(begin)
    text = text_of(begin)
    assert "Cities that stay cool" in text
    assert "– Heat stress and [climate adaptation] in cities." in text
    assert "nog 21 dagen, dinsdag 15 december 2026 (tijd onbekend)" in text
    assert "http://localhost:8000/calls/1" in text


def test_a_digest_is_in_the_language_of_its_reader(begin: Begin) -> None:
    an_office(begin)
    text = text_of(begin, 1)
    assert "noch 21 Tage, Dienstag, 15. Dezember 2026 (Uhrzeit unbekannt)" in text
    assert "Klimaanpassung und Wasser" in text


def test_a_week_with_nothing_still_says_what_was_read(begin: Begin) -> None:
    an_office(begin, calls=0)
    text = text_of(begin)
    assert "Deze week niets nieuws; 1 bron gelezen, 0 rood." in text
    assert "EU Funding & Tenders: laatst goed gelezen op dinsdag 24 november 2026" in text


def test_more_than_fit_are_counted_and_closed_ones_left_out(begin: Begin) -> None:
    an_office(begin, calls=30)
    with begin() as session:
        session.add(call(key="old", deadlines=[deadline(date(2026, 11, 1))]))
        session.add(call(key="else", title="Nothing", text="Nothing"))
    match_all(begin, now=NOW)
    with begin() as session:
        news = facts(session, session.get_one(Colleague, 1), now=NOW).news
    assert (len(news.new), news.counts["new"]) == (25, 30)
    assert news.left_out == {Why.BEYOND: 5, Why.CLOSED: 1, Why.BELOW: 1}
    text = text_of(begin)
    assert "Nog 5 openstellingen: http://localhost:8000/calls?order=newest" in text
    assert (
        "* 5 openstellingen die niet meer in deze mail pasten\n  http://localhost:8000/calls?order=newest"
        in text
    )
    assert "* 1 openstelling die al gesloten is\n  http://localhost:8000/calls?status=closed" in text
    assert "* 1 nieuwe die bij geen thema past\n  http://localhost:8000/calls?everything=1" in text


def test_moved_deadlines_and_what_closes_soon_are_told(begin: Begin) -> None:
    an_office(begin)
    later = NOW + timedelta(days=8)
    with begin() as session:
        session.add(CallChange(
            call_id=1, at=later, kind=ChangeKind.DEADLINE_MOVED, significance=Significance.MAJOR,
            before="2026-12-01", after="2026-12-15",
        ))  # fmt: skip
    news = told(begin, later).news
    assert (len(news.new), len(news.changed), len(news.closing)) == (0, 1, 0)
    assert "sluitingsdatum gewijzigd: was dinsdag 1 december 2026, is nu dinsdag 15 december 2026" in text_of(
        begin, now=later
    )


def test_a_confidential_application_is_told_to_its_team_alone(begin: Begin) -> None:
    an_office(begin)
    with begin() as session:
        session.add_all([
            application(owner_id=1, milestones=[milestone(date(2026, 12, 7)), milestone(date(2026, 11, 30), done_on=TODAY)]),
            application(slug="secret", title="Geheim", confidential=True, owner_id=1),
            application(slug="other", title="Van niemand"),
        ])  # fmt: skip
        session.flush()
        session.add(Obligation(application_id=1, title="Rapport", kind="finance", on=date(2026, 12, 1)))
    assert "Geheim" in text_of(begin, 0)
    assert "Geheim" not in text_of(begin, 1)
    text = text_of(begin, 0)
    assert (
        "  – Rapport (verantwoording), dinsdag 1 december 2026\n  – Indienen, maandag 7 december 2026\n"
        in text
    )
    assert "* Geheim (in uitvoering)\n  geen datum gepland\n  http://localhost:8000/applications/2" in text
    assert "Van niemand" not in text


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({"outcome": Completeness.FAILED}, "laatste lezing niet volledig"),
        ({"outcome": Completeness.COMPLETE, "held": True}, "laatste lezing wacht op een collega"),
    ],
)
def test_a_source_that_did_not_go_well_is_told(begin: Begin, run: dict[str, object], words: str) -> None:
    an_office(begin)
    with begin() as session:
        session.add(HarvestRun(source_id=1, started_at=NOW, finished_at=NOW, warnings=[], **run))
    assert words in text_of(begin)


def test_a_digest_of_many_calls_asks_the_database_no_more_than_one_of_few(begin: Begin) -> None:
    def asked() -> int:
        with begin() as session:
            reader = session.get_one(Colleague, 1)
            count: list[str] = []
            engine = session.get_bind()
            event.listen(engine, "before_cursor_execute", lambda *words: count.append(words[2]))
            facts(session, reader, now=NOW)
            return len(count)

    an_office(begin, calls=3)
    few = asked()
    with begin() as session:
        session.add_all([call(key=f"m{number}", deadlines=[deadline()]) for number in range(60)])
    match_all(begin, now=NOW)
    assert asked() == few


def test_a_digest_that_came_late_leaves_no_gap_and_repeats_nothing(begin: Begin) -> None:
    an_office(begin)
    with begin() as session:
        for one in write_digests(session, now=NOW, settings=SETTINGS):
            one.state = MessageState.SENT
    later = NOW + timedelta(days=9)
    with begin() as session:
        session.add(call(key="gap", title="Found the day after", first_seen_at=NOW + timedelta(days=1)))
    match_all(begin, now=NOW + timedelta(days=1))
    assert [one.call.title for one in told(begin, later).news.new] == ["Found the day after"]


def test_the_digest_of_a_past_day_knows_nothing_of_later(begin: Begin) -> None:
    an_office(begin)
    earlier = NOW - timedelta(days=1)
    news = told(begin, earlier).news
    assert (news.new, news.changed, news.left_out) == ((), (), {})


@pytest.mark.parametrize(
    ("number", "words"), [(0, "Lijkt op uw omschrijving: “Heat"), (1, "Ähnelt Ihrer Beschreibung: “Heat")]
)
def test_the_sentence_that_resembles_the_description_is_quoted_while_it_stands(
    begin: Begin, number: int, words: str
) -> None:
    an_office(begin)
    with begin() as session:
        session.get_one(Match, 1).sentence = {
            "field": "text",
            "start": 0,
            "end": 11,
            "phrase": "Heat\nstress",
            "mark": "",
        }
    assert f"{words} stress”" in text_of(begin, number)
    with begin() as session:
        html = preview(session, now=NOW, settings=SETTINGS)[number][1].html
        assert '<q lang="en">Heat\nstress</q>' in html
        session.scalars(select(Call)).one().text_version = 2
    assert words not in text_of(begin, number)


def test_reasons_of_an_older_text_are_not_pointed_at(begin: Begin) -> None:
    an_office(begin)
    with begin() as session:
        row = session.get_one(Call, 1)
        row.text, row.text_version = "Quite another text.", 2
    assert told(begin).news.new[0].reasons == ()


def test_the_html_marks_the_phrase_names_the_language_and_escapes_the_source(begin: Begin) -> None:
    an_office(begin)
    with begin() as session:
        row = session.get_one(Call, 1)
        row.title, row.language = "Städte <script>alert(1)</script> \x01\ufffe & {{ 7 * 7 }}", "de"
    with begin() as session:
        html = preview(session, now=NOW, settings=SETTINGS)[0][1].html
    assert "<script>alert" not in html
    assert 'lang="de">Städte &lt;script&gt;alert(1)&lt;/script&gt;  &amp; {{ 7 * 7 }}</a>' in html
    assert "<mark>climate adaptation</mark>" in html
    assert "prefers-color-scheme: dark" in html


def test_a_full_digest_stays_below_where_mail_programs_cut(begin: Begin) -> None:
    an_office(begin, calls=60)
    with begin() as session:
        html = preview(session, now=NOW, settings=SETTINGS)[0][1].html
    assert len(html.encode()) < 100_000


def test_pages_that_changed_are_told_with_their_first_lines_until_someone_looked(begin: Begin) -> None:
    an_office(begin, calls=0)
    with begin() as session:
        facts = {"source_id": 1, "url": "https://x.example/agenda", "before": "tot 1 mei"}
        lines = "\n".join(f"<b>nieuw</b> {number}" for number in range(5))
        session.add_all(
            [Look(at=NOW, title=f"Agenda {number}", after=lines, **facts) for number in range(11)]
        )
    with begin() as session:
        letter = preview(session, now=NOW, settings=SETTINGS)[0][1]
    assert "KIJK ZELF EVEN: GEWIJZIGDE PAGINA'S" in letter.text
    assert "  – weg: tot 1 mei\n  – nieuw: <b>nieuw</b> 0\n" in letter.text
    assert "  en nog 2 gewijzigde regels\n  https://x.example/agenda\n" in letter.text
    assert "Nog 1 gewijzigde pagina. Klaar met kijken? http://localhost:8000/looks" in letter.text
    assert "<del>tot 1 mei</del>" in letter.html
    assert "<ins>&lt;b&gt;nieuw&lt;/b&gt; 0</ins>" in letter.html
    with begin() as session:
        for number in range(1, 12):
            mark_looked(session, number, by="office", now=NOW)
    assert "KIJK ZELF" not in text_of(begin)
