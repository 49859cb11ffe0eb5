# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.themes import Suggestion, approve, refuse, suggestions
from models.audit import AuditEntry
from models.colleague import Colleague
from models.match import Match, Verdict, VerdictReason
from models.session import Begin
from models.theme import Theme
from tests import builders
from tests.builders import NOW

WATER = {
    "core": {"nl": ["dijk*", "wateroverlast", "riool*"], "de": ["deich*"]},
    "not": {"en": ["waterborne"]},
}
SHIPPED: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = {
    "water": {
        "core": {
            "nl": ["dijk*", "wateroverlast", "riool*"],
            "de": ["hochwasser*", "deich*"],
            "en": ["flood*"],
        }
    },
    "energie": {"core": {"nl": ["windmolen*"], "en": ["energy"]}},
}


@pytest.fixture(autouse=True)
def office(begin: Begin) -> None:
    with begin() as session:
        session.add_all([builders.office(), builders.source()])
        session.flush()
        session.add_all([builders.colleague(), builders.theme(words=WATER)])


def told(
    session: Session, shipped: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = SHIPPED
) -> list[str]:
    found = suggestions(session, session.get_one(Theme, 1), shipped)
    return [f"{one.kind}.{one.language}.{one.term}" for one in found]


def calls(
    session: Session, text: str, *, many: int, score: str | None = None, band: str = "strong"
) -> list[int]:
    numbers = []
    for number in range(many):
        call = builders.call(key=f"{text}{number}", title=f"Call {number}", text=text)
        session.add(call)
        session.flush()
        numbers.append(call.id)
        if score:
            session.add(
                Match(
                    call_id=call.id, theme_id=1, score=Decimal(score), band=band, reasons=[], text_version=1,
                    theme_version=1, first_matched_at=NOW, matched_at=NOW,
                )
            )  # fmt: skip
    session.flush()
    return numbers


def test_the_shipped_theme_that_shares_most_words_gives_those_of_other_languages(begin: Begin) -> None:
    with begin() as session:
        assert told(session) == ["core.de.hochwasser*", "core.en.flood*"]
        session.get_one(Theme, 1).words = {"core": {"nl": ["dijk*"]}}
        assert told(session) == []
        session.get_one(Theme, 1).slug = "water"
        assert "core.nl.wateroverlast" in told(session)
        assert told(session, {}) == []


def test_words_that_stand_out_in_the_themes_calls_are_suggested_once_by_their_usual_form(
    begin: Begin,
) -> None:
    with begin() as session:
        calls(
            session,
            "The polders and the polders, a polder: waterborne with money.",
            many=6,
            score="0.9",
        )
        calls(session, "The music with money.", many=20)
        found = suggestions(session, session.get_one(Theme, 1), {})
        assert found == [Suggestion("terms", "en", "polders", 6)]


def test_calls_judged_relevant_count_as_well_until_the_verdict_is_another(begin: Begin) -> None:
    with begin() as session:
        numbers = calls(session, "The polders with money.", many=5, score="0.4", band="likely")
        calls(session, "The music with money.", many=20)
        assert told(session, {}) == []
        for number in numbers:
            session.add(Verdict(office_id=1, call_id=number, relevant=True, at=NOW))
        session.flush()
        assert told(session, {}) == ["terms.en.polders"]
        wrong = VerdictReason.NOT_OUR_THEME
        session.add(Verdict(office_id=1, call_id=numbers[0], relevant=False, reason=wrong, at=NOW))
        session.flush()
        assert told(session, {}) == []


def test_an_approved_word_is_in_the_theme_and_no_longer_suggested(begin: Begin) -> None:
    with begin() as session:
        theme, me = session.get_one(Theme, 1), session.get_one(Colleague, 1)
        flood = Suggestion("core", "en", "flood*")
        assert approve(session, me, theme, flood, now=NOW)
        assert approve(session, me, theme, flood, now=NOW)
        assert (theme.words["core"]["en"], theme.version) == (["flood*"], 2)
        assert told(session) == ["core.de.hochwasser*"]
        for kind, language, term in (
            ("weak", "en", "a"),
            ("core", "fr", "a"),
            ("core", "en", "a*b"),
            ("core", "en", ""),
        ):
            expected = kind == "core" and language == "en" and not term
            assert approve(session, me, theme, Suggestion(kind, language, term), now=NOW) == expected
        assert theme.version == 2


def test_a_refused_word_never_comes_back_and_is_in_the_log(begin: Begin) -> None:
    with begin() as session:
        theme, me = session.get_one(Theme, 1), session.get_one(Colleague, 1)
        for _ in range(2):
            assert refuse(session, me, theme, Suggestion("core", "en", "flood*"), now=NOW)
        assert (told(session), theme.version) == (["core.de.hochwasser*"], 1)
        (entry,) = session.scalars(select(AuditEntry))
        assert (entry.action, entry.facts) == ("refused", {"word": "flood*", "language": "en"})
        for language, term in (("fr", "a"), ("en", "…"), ("en", "a*b")):
            assert not refuse(session, me, theme, Suggestion("core", language, term), now=NOW)
