# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.catalogue import FACTORY, load
from grants.matching import match_all
from grants.scoring.model import Band
from grants.scoring.thresholds import LINES
from grants.seed import seed
from grants.themes import LATEST, others, try_words
from grants.themes.trial import Trial
from grants.themes.vocabulary import Lists
from models.call import Call
from models.match import Match
from models.session import Begin
from models.theme import Theme
from tests.builders import NOW, call, source
from tests.grants.applications.test_lists import statements

WATER = "Wateroverlast en waterbeheer in de stad."
TEXTS = [
    ("nl", "Waterbeheer", WATER),
    ("nl", "Klimaatbestendige wijken", "Hittestress en droogte in de wijk."),
    ("nl", "Waterstof", "Elektrolyse met waterstof."),
    ("de", "Hochwasserschutz", "Starkregen und Hochwasser."),
    ("en", "Flood protection", "Cities adapt to floods."),
    ("en", "Energy", "Solar energy for homes."),
    ("en", "Nothing", ""),
]


def words(**kinds: list[str]) -> Lists:
    found: Lists = {kind: {} for kind in ("core", "terms", "weak", "not")}
    for name, terms in kinds.items():
        kind, language = name.rsplit("_", 1)
        found["not" if kind == "hide" else kind][language] = terms
    return found


def add(begin: Begin, *texts: tuple[str, str, str]) -> None:
    with begin() as session:
        if session.scalars(select(Call)).first() is None:
            session.add(source())
            session.flush()
        number = len(session.scalars(select(Call.id)).all())
        for language, title, text in texts:
            number += 1
            one = call(key=f"k{number}", title=title, text=text, language=language, deadlines=[])
            one.first_seen_at = NOW + timedelta(minutes=number)
            session.add(one)


@pytest.fixture
def calls(begin: Begin) -> None:
    add(begin, *TEXTS)


def tried(begin: Begin, before: Lists | None, after: Lists) -> Trial:
    with begin() as session:
        return try_words(session, before, after)


@pytest.mark.usefixtures("calls")
def test_a_trial_tells_what_is_gained_kept_and_lost_and_why(begin: Begin) -> None:
    before = words(core_nl=["waterbeheer", "elektrolyse"])
    trial = tried(begin, before, words(core_nl=["waterbeheer"], core_de=["hochwasser*"]))
    assert (trial.calls, trial.kept) == (len(TEXTS), 1)
    (gained,), (lost,) = trial.gained, trial.lost
    assert (gained.title, lost.title) == ("Hochwasserschutz", "Waterstof")
    assert gained.title_spans == [(0, 16)]
    assert [passage.text for passage in lost.passages] == ["Elektrolyse met waterstof."]
    assert lost.passages[0].spans == [(0, 11)]


@pytest.mark.usefixtures("calls")
def test_a_new_theme_gains_all_it_finds(begin: Begin) -> None:
    trial = tried(begin, None, words(core_en=["flood*"]))
    assert ([one.title for one in trial.gained], trial.kept, trial.lost) == (["Flood protection"], 0, [])


@pytest.mark.usefixtures("calls")
def test_words_that_find_nothing_are_told_each_where_it_is_sought(begin: Begin) -> None:
    after = words(
        core_nl=["zebra", "hittestress"], terms_en=["giraffe"], hide_en=["solar", "lynx"], weak_de=["Gnu"]
    )
    assert [(one.kind, one.language, one.term, one.calls) for one in tried(begin, None, after).silent] == [
        ("core", "nl", "zebra", 3),
        ("terms", "en", "giraffe", 3),
        ("weak", "de", "Gnu", 1),
        ("not", "en", "lynx", 7),
    ]


def test_a_word_in_more_than_a_fifth_of_the_calls_is_too_much(begin: Begin) -> None:
    add(begin, *[("en", f"Call {number}", "project" if number < 5 else "plan") for number in range(20)])
    after = words(terms_en=["project", "plan", "call"], hide_en=["plan*"])
    loud = tried(begin, None, after).loud
    assert [(one.term, one.found, one.calls, one.percent) for one in loud] == [
        ("project", 5, 20, 25),
        ("plan", 15, 20, 75),
        ("call", 20, 20, 100),
    ]
    assert tried(begin, None, words(terms_en=["project"])).loud
    add(begin, *[("en", f"Plan {number}", "") for number in range(5)])
    assert tried(begin, None, words(terms_en=["project"])).loud == []


def test_of_few_calls_no_word_is_called_too_much(begin: Begin) -> None:
    add(begin, *[("en", f"Call {number}", "project") for number in range(19)])
    assert tried(begin, None, words(terms_en=["project"])).loud == []


def test_of_a_language_without_a_call_nothing_is_said(begin: Begin) -> None:
    add(begin, ("en", "Flood", ""))
    trial = tried(begin, None, words(core_de=["Gnu"], core_en=["flood"]))
    assert (trial.unread, trial.silent) == ({"de"}, [])


def test_without_a_call_there_is_nothing_to_try(begin: Begin) -> None:
    trial = tried(begin, None, words(core_en=["flood"]))
    assert (trial.calls, trial.silent, trial.loud) == (0, [], [])


def test_only_the_latest_calls_are_read_and_each_group_once(begin: Begin) -> None:
    add(begin, *[("en", f"Flood {number}", "") for number in range(LATEST + 3)])
    with begin() as session:
        last = session.get_one(Call, LATEST + 3)
        last.folded_into_id = 1
    trial = tried(begin, None, words(core_en=["flood"]))
    assert (trial.calls, len(trial.gained)) == (LATEST, LATEST)
    assert [one.id for one in trial.gained[:2]] == [LATEST + 2, LATEST + 1]


@pytest.mark.usefixtures("calls")
def test_what_a_trial_promises_is_what_matching_then_finds(begin: Begin) -> None:
    with begin() as session:
        seed(session, load(FACTORY), now=NOW)
    match_all(begin, now=NOW)
    with begin() as session:
        theme = session.scalars(select(Theme).where(Theme.slug == "klimaat_water")).first()
        assert theme is not None
        before = _matched(session, theme)
        after = words(core_nl=["hittestress", "wat*"], core_en=["solar energy"], hide_nl=["waterstof*"])
        beside = others(session, theme.office_id, but=theme)
        trial = try_words(session, theme.words, after, beside=beside)
        theme.words, theme.version = after, theme.version + 1
        number = theme.id
    match_all(begin, now=NOW)
    with begin() as session:
        now_there = _matched(session, session.get_one(Theme, number))
        assert {one.id: one.band for one in trial.gained} == {
            one: band for one, band in now_there.items() if one not in before
        }
        assert {one.id for one in trial.lost} == set(before) - set(now_there)
        assert trial.kept == len(set(before) & set(now_there))


def _matched(session: Session, theme: Theme) -> dict[int, Band]:
    found = select(Match).where(Match.theme_id == theme.id, Match.score >= LINES[theme.threshold])
    return {row.call_id: Band(row.band) for row in session.scalars(found)}


def test_a_trial_asks_one_question_however_many_calls(begin: Begin, engine: Engine) -> None:
    add(begin, *TEXTS)
    few = statements(engine, lambda: tried(begin, None, words(core_en=["flood"])))
    add(begin, *TEXTS * 20)
    assert statements(engine, lambda: tried(begin, None, words(core_en=["flood"]))) == few


def test_a_trial_divides_a_call_among_the_other_themes_as_matching_does(begin: Begin) -> None:
    rest = "Zonnepanelen, windmolens en warmtenetten. " * 5
    wet = ["dijk", "rivier", "haven", "sluis", "polder", "sloot"]
    add(begin, *(("nl", "Zon en wind", f"De {' en '.join(wet[:many])}. {rest}") for many in range(1, 7)))
    after = words(terms_nl=wet)
    sun = words(core_nl=["zonnepaneel", "windmolen", "warmtenet", "zon", "wind"])
    energy = Theme(id=9, slug="energie", words=sun)
    with begin() as session:
        alone = try_words(session, None, after)
        beside = try_words(session, None, after, beside=[energy])
    strong = [sum(one.band == Band.STRONG for one in trial.gained) for trial in (alone, beside)]
    assert strong[0] > strong[1]
