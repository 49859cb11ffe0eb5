# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a digest tells, what it leaves out, and that it says so."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from grants.digest import preview
from grants.digest.changes import STEPS
from grants.digest.news import MOST, Why, divided
from grants.following import assign, follow
from grants.judging import decide, judge
from grants.rendering import Letter
from grants.themes import draw_line
from models.application import Stage
from models.call import Call, ChangeKind, Significance
from models.colleague import Colleague
from models.interest import Choice
from models.match import Match, Verdict
from models.session import Begin
from models.source import Source
from models.theme import Theme, Threshold
from models.values import CallStatus
from tests import builders
from tests.grants.desk import a_call, change, furnish, person
from tests.grants.digest.post import DAY, NOW, SETTINGS, news, run, told

LONG_AGO = NOW - timedelta(days=60)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def session(begin: Begin) -> Any:
    with begin() as opened:
        furnish(opened, calls=0)
        yield opened


def known(session: Session, **facts: Any) -> Call:
    """A call that was told long ago."""
    return a_call(session, first_seen_at=LONG_AGO, **facts)


def letter_of(session: Session, one: Colleague, now: datetime) -> Letter:
    return next(letter for who, letter in preview(session, now=now, settings=SETTINGS) if who is one)


def relevant(session: Session, call: Call, *, yes: bool, now: Any = NOW) -> Verdict:
    facts = {"relevant": yes, "reason": None, "note": ""}
    return judge(session, call.id, **facts, by=person(session, "Sam"), now=now, over=0)


def go(session: Session, call: Call, choice: Choice) -> None:
    decide(session, call.id, choice=choice, leads=False, why="", by=person(session, "Sam"), now=NOW, over=0)


def keys(rows: Any) -> list[str]:
    return [getattr(one, "line", one).call.key for one in rows]


def test_what_the_office_put_aside_is_left_out_and_counted(session: Session) -> None:
    a_call(session, key="new")
    relevant(session, a_call(session, key="not ours"), yes=False)
    go(session, a_call(session, key="no-go"), Choice.NO_GO)
    go(session, a_call(session, key="go"), Choice.GO)
    a_call(session, key="shut", deadlines=[builders.deadline(date(2026, 11, 1))])
    seen = news(session)
    assert keys(seen.new) == ["new", "go"]
    assert seen.left_out == {Why.CLOSED: 1, Why.NOT_RELEVANT: 1, Why.NO_GO: 1}
    assert len(news(session, 4).left_out) == 1, "Almelo judged nothing; only its themes find nothing"


def test_what_was_put_aside_comes_back_once_when_it_changes_materially(session: Session) -> None:
    for key, choice in (("a", None), ("b", Choice.NO_GO)):
        call = known(session, key=key)
        if choice:
            go(session, call, choice)
        else:
            relevant(session, call, yes=False)
        change(session, call.id, ChangeKind.DEADLINE_MOVED, before="2026-12-01", after="2027-01-12")
    aside = known(session, key="c")
    change(session, aside.id, ChangeKind.REOPENED)
    relevant(session, aside, yes=False, now=LATER + DAY)
    change(session, known(session, key="d").id, ChangeKind.TEXT, significance=Significance.MINOR)
    change(session, known(session, key="e").id, ChangeKind.OPENED)
    seen = news(session, now=LATER + 2 * DAY)
    assert [(one.line.call.key, one.again) for one in seen.changed] == [
        ("a", True),
        ("b", True),
        ("e", False),
    ]
    assert seen.left_out == {Why.NOT_RELEVANT: 1}


def test_chosen_themes_and_programmes_narrow_and_the_rest_is_counted(session: Session) -> None:
    session.add(builders.theme(slug="wonen"))
    session.flush()
    other = session.scalars(select(Theme.id).where(Theme.slug == "wonen")).one()
    noor = person(session, "Noor")
    a_call(session, key="water", programme="Horizon Europe")
    both = a_call(session, key="both", programme="LIFE Programme")
    facts = {"score": Decimal("0.5"), "band": "likely", "reasons": [], "text_version": 1, "theme_version": 1}
    moments = {"first_matched_at": NOW - 9 * DAY, "matched_at": NOW}
    session.add(Match(call_id=both.id, theme_id=other, **facts, **moments))
    session.flush()
    noor.digest_themes = [1]
    assert keys(news(session).new) == ["water", "both"], "new to this theme, known to the other"
    noor.digest_themes = [other]
    assert (news(session).new, news(session).left_out) == ((), {Why.NOT_YOURS: 1})
    noor.digest_themes, noor.digest_programmes = [1], ["life", "interreg"]
    seen = news(session)
    assert (keys(seen.new), seen.left_out) == (["both"], {Why.NOT_YOURS: 1})
    noor.digest_themes = []
    assert keys(news(session).new) == [], "both matched long ago, by another theme"


def test_a_chosen_theme_that_is_off_widens_nothing_and_the_letter_says_so(session: Session) -> None:
    """GOST: a criterion that could not be read was dropped, and the digest silently told of everything."""
    session.add(builders.theme(slug="wonen", enabled=False))
    session.flush()
    off = session.scalars(select(Theme).where(Theme.slug == "wonen")).one()
    person(session, "Noor").digest_themes = [off.id, 99]
    a_call(session)
    seen = told(session)
    assert (seen.news.new, seen.off, seen.news.left_out) == ((), (off,), {Why.NOT_YOURS: 1})


def test_what_a_colleague_follows_or_looks_into_comes_first_whatever_its_theme(session: Session) -> None:
    noor = person(session, "Noor")
    followed, given, twin = known(session, key="a"), known(session, key="b"), known(session, key="c")
    unmatched = builders.call(key="d", first_seen_at=LONG_AGO)
    session.add(unmatched)
    session.flush()
    twin.folded_into_id = given.id
    noor.digest_programmes = ["none of these"]
    follow(session, followed.id, by=noor, now=NOW)
    follow(session, unmatched.id, by=noor, now=NOW)
    assign(session, given.id, noor.id, by=noor, now=NOW, over=0)
    relevant(session, followed, yes=False)
    for call in (followed, twin, unmatched):
        change(session, call.id, ChangeKind.TEXT, significance=Significance.MINOR)
        change(session, call.id, ChangeKind.TITLE, significance=Significance.COSMETIC)
    change(session, followed.id, ChangeKind.DEADLINE_MOVED, before="2026-12-01", after="2026-12-15")
    seen = news(session, now=LATER)
    assert [(one.line.call.key, len(one.changes)) for one in seen.followed] == [("a", 2), ("b", 1), ("d", 1)]
    assert (seen.changed, seen.new) == ((), ())
    assert news(session, 2, now=LATER).followed == ()


def test_two_calls_from_just_below_the_line_are_shown_to_learn_from(session: Session) -> None:
    for number, score in enumerate(["0.110", "0.050", "0.090", "0.000", "0.115"]):
        call = a_call(session, key=str(number))
        match = session.scalars(select(Match).where(Match.call_id == call.id)).one()
        match.band, match.score = "none", Decimal(score)
        if number == 4:
            relevant(session, call, yes=False)
    session.flush()
    seen = news(session)
    assert (keys(seen.nearly), seen.left_out) == (["0", "2"], {Why.BELOW: 5})
    person(session, "Noor").digest_programmes = ["LIFE"]
    assert news(session).nearly == ()


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ([0, 0], [0, 0]),
        ([1, 2], [1, 2]),
        ([60, 2, 10], [13, 2, 10]),
        ([60, 60, 60], [9, 8, 8]),
        ([25], [25]),
        ([26], [25]),
    ],
)
def test_a_long_list_crowds_out_no_short_one(wanted: list[int], given: list[int]) -> None:
    assert divided(wanted, MOST) == given


def test_a_letter_has_at_most_twenty_five_calls_and_counts_the_rest(session: Session) -> None:
    for number in range(20):
        a_call(session, key=f"new {number}")
        call = known(session, key=f"moved {number}")
        change(session, call.id, ChangeKind.REOPENED)
        relevant(session, known(session, key=f"decide {number}"), yes=True)
    seen = news(session, now=LATER)
    lists = (seen.followed, seen.new, seen.changed, seen.closing, seen.decide, seen.nearly)
    assert sum(map(len, lists)) == MOST
    assert seen.counts == {"followed": 0, "new": 20, "changed": 20, "closing": 20, "decide": 20}
    assert seen.left_out == {Why.BEYOND: 80 - MOST}


def test_every_new_call_is_told_or_left_out_for_a_reason_that_is_said(session: Session) -> None:
    for number in range(40):
        call = a_call(session, key=str(number), programme=("LIFE", "EFRO")[number % 2])
        match = session.scalars(select(Match).where(Match.call_id == call.id)).one()
        if number % 5 == 0:
            match.band, match.score = "none", Decimal("0.1")
        if number % 7 == 0:
            relevant(session, call, yes=False)
        if number % 11 == 0:
            call.all_deadlines[0].on = date(2026, 11, 1)
    session.flush()
    for chosen in ([], ["life"], ["nothing"]):
        person(session, "Noor").digest_programmes = chosen
        seen = news(session)
        assert len(seen.new) + sum(seen.left_out.values()) == 40


@pytest.mark.slow
def test_the_first_digest_of_an_office_has_thousands_of_new_calls_to_choose_from(session: Session) -> None:
    facts = {
        "source_id": 1,
        "title": "Call",
        "url": "u",
        "first_seen_at": NOW,
        "last_seen_at": NOW,
        "extra": {},
    }
    session.execute(insert(Call), [{"key": f"k{number}"} | facts for number in range(7000)])
    matched = {
        "theme_id": 1, "score": Decimal("0.7"), "band": "strong", "reasons": [], "text_version": 1, "theme_version": 1,
        "first_matched_at": NOW, "matched_at": NOW,
    }  # fmt: skip
    session.execute(
        insert(Match), [{"call_id": number} | matched for number in session.scalars(select(Call.id))]
    )
    relevant(session, session.get_one(Call, 1), yes=False)
    seen = news(session)
    assert (len(seen.new), seen.left_out) == (25, {Why.BEYOND: 6974, Why.NOT_RELEVANT: 1})


@pytest.mark.parametrize("step", STEPS)
def test_a_call_is_told_to_close_when_a_step_is_reached_though_the_day_itself_was_missed(
    begin: Begin, step: int
) -> None:
    """FundingFinder: one day was skipped, and `closing_soon` was never said."""
    with begin() as session:
        furnish(session, calls=0)
        known(session, deadlines=[builders.deadline((NOW + timedelta(days=step + 1)).date())], opens_on=None)
    run(begin, NOW)
    with begin() as session:
        assert news(session, now=NOW + DAY).closing != ()
        assert news(session, now=NOW + 2 * DAY).closing != ()


def test_who_was_never_told_anything_hears_of_all_that_close_in_thirty_days(session: Session) -> None:
    known(session, key="a", deadlines=[builders.deadline(NOW.date() + 20 * DAY)])
    known(session, key="b", deadlines=[builders.deadline(NOW.date() + 30 * DAY)])
    known(session, key="c", deadlines=[builders.deadline(NOW.date() + 31 * DAY)])
    known(session, key="d", deadlines=[builders.deadline(NOW.date())])
    assert keys(news(session).closing) == ["d", "a", "b"]


def test_what_waits_for_a_decision_is_told_what_one_was_given_first(session: Session) -> None:
    noor = person(session, "Noor")
    relevant(session, known(session, key="relevant"), yes=True)
    given = known(session, key="given")
    relevant(session, given, yes=True)
    shut = known(session, key="shut", stated_status=CallStatus.CLOSED, deadlines=[])
    shut.opens_on = None
    decided = known(session, key="decided")
    for call in (given, shut, decided):
        assign(session, call.id, noor.id, by=noor, now=NOW, over=0)
    go(session, decided, Choice.GO)
    session.add_all([
        builders.application(stage=Stage.DECIDING),
        builders.application(slug="b", title="Geheim", stage=Stage.DECIDING, confidential=True),
    ])  # fmt: skip
    session.flush()
    ask = told(session).decisions
    assert [(call.key, call.id in ask.given) for call in ask.calls] == [("given", True), ("relevant", False)]
    assert [one.title for one in ask.deciding] == ["Euregionale Doorlopende Leerlijn"]


def test_own_applications_come_with_what_is_late_and_near_else_with_what_comes_first(
    session: Session,
) -> None:
    near, far = NOW.date() + 14 * DAY, NOW.date() + 90 * DAY
    session.add_all([
        builders.application(slug="a", title="A", owner_id=1, milestones=[builders.milestone(far), builders.milestone(far + DAY)]),
        builders.application(slug="b", title="B", backup_id=1, milestones=[builders.milestone(near), builders.milestone(far)]),
        builders.application(slug="c", title="C", owner_id=1, milestones=[builders.milestone(NOW.date() - DAY, title="Te laat")]),
        builders.application(slug="d", title="D", owner_id=1),
        builders.application(slug="e", title="E", owner_id=1, stage=Stage.REJECTED),
    ])  # fmt: skip
    session.flush()
    found = [(one.application.title, [owed.on for owed in one.owed]) for one in told(session).applications]
    assert found == [("C", [NOW.date() - DAY]), ("B", [near]), ("A", [far]), ("D", [])]


def test_the_words_of_a_full_letter_stand_in_both_parts_and_every_language(session: Session) -> None:
    noor = person(session, "Noor")
    follow(session, known(session, key="f", title="Gevolgd").id, by=noor, now=NOW)
    change(session, 1, ChangeKind.DEADLINE_MOVED, before="2026-12-01", after="2026-12-15")
    a_call(session, key="n", title="Nieuw ding", language="de")
    change(session, known(session, key="m", title="Heropend ding").id, ChangeKind.REOPENED)
    relevant(session, session.get_one(Call, 3), yes=False, now=NOW - DAY)
    relevant(session, known(session, key="r", title="Te besluiten"), yes=True)
    noor.digest_themes = [1, 2]
    session.get_one(Theme, 2).enabled = False
    session.add(
        builders.application(
            owner_id=1, stage=Stage.DECIDING, milestones=[builders.milestone(date(2026, 11, 20))]
        )
    )
    session.flush()
    session.expire_all()
    heads = {
        "nl": [
            "Wat u volgt",
            "Nieuw",
            "Gewijzigd",
            "Sluit binnenkort",
            "Te beslissen",
            "Uw aanvragen",
            "Weggelaten",
        ],
        "de": [
            "Was Sie verfolgen",
            "Neu",
            "Geändert",
            "Schließt bald",
            "Zu entscheiden",
            "Ihre Anträge",
            "Weggelassen",
        ],
        "en": [
            "What you follow",
            "New",
            "Changed",
            "Closing soon",
            "To decide",
            "Your applications",
            "Left out",
        ],
    }
    for language, words in heads.items():
        noor.language = language
        letter = letter_of(session, noor, now=LATER)
        places = [letter.html.index(f"<h2>{word}</h2>") for word in words]
        assert places == sorted(places)
        assert [word.upper() in letter.text for word in words] == [True] * len(words)
    assert 'lang="de">Nieuw ding</a>' in letter.html
    assert "Your municipality put this call aside earlier; look again." in letter.text
    assert "4 days late: Indienen, Friday, 20 November 2026" in letter.text
    assert letter.subject == "Weekly digest 2026-W48: 1 new call, 2 changed, 1 closing soon"
    noor.digest_rhythm = "daily"
    assert letter_of(session, noor, now=LATER).subject.startswith("Daily digest Tuesday, 24 November 2026: ")


def test_a_quiet_week_says_in_its_subject_how_much_was_read(session: Session) -> None:
    for one in session.scalars(select(Source)):
        one.last_success_at = NOW - DAY * (1 if one.slug == "rvo" else 9)
    noor = session.get_one(Colleague, 1)
    letter = letter_of(session, noor, now=NOW)
    assert letter.subject == "Weekoverzicht 2026-W48: niets nieuws; 1 bron gelezen, 0 rood"
    assert letter.text.splitlines()[2] == "Deze week niets nieuws; 1 bron gelezen, 0 rood."


def test_the_letter_marks_who_can_apply_in_its_readers_language(session: Session) -> None:
    a_call(session, key="a", facts=["municipality", "netherlands"])
    a_call(session, key="b", facts=["elsewhere", "named"], barred=True)
    letter = letter_of(session, person(session, "Noor"), NOW)
    for body in (letter.text, letter.html):
        assert "open voor gemeenten" in body
        assert "niet voor Nederland; de begunstigde staat vast" in body
        assert "; voor Nederland" not in body


def test_what_a_theme_does_not_show_is_no_news_until_its_threshold_shows_it(session: Session) -> None:
    number = a_call(session, key="a", title="Music").id
    session.scalars(select(Match).where(Match.call_id == number)).one().score = Decimal("0.2")
    session.flush()
    seen = news(session)
    assert (keys(seen.new), keys(seen.nearly), seen.left_out) == ([], ["a"], {Why.BELOW: 1})
    theme = session.get_one(Theme, 1)
    draw_line(session, person(session, "Noor"), theme, Threshold.WIDE, seen_as="normal", now=NOW)
    session.expire_all()
    assert (keys(news(session).new), news(session).left_out) == (["a"], {})


def test_of_what_lies_below_the_line_what_verdicts_took_down_comes_first_and_says_so(
    session: Session,
) -> None:
    why = {
        "field": "judged",
        "call": 1,
        "title": "Luchthaven",
        "language": "nl",
        "relevant": False,
        "log_odds": -1,
    }
    scores = {"near": ("0.110", None), "taken down": ("0.060", "0.300"), "far": ("0.050", None)}
    for key, (score, unlearned) in scores.items():
        call = a_call(session, key=key)
        match = session.scalars(select(Match).where(Match.call_id == call.id)).one()
        match.band, match.score = "none", Decimal(score)
        match.unlearned, match.reasons = (Decimal(unlearned), [why]) if unlearned else (None, [])
    session.flush()
    assert keys(news(session).nearly) == ["taken down", "near"]
    text = letter_of(session, person(session, "Noor"), NOW).text
    assert "Lager, omdat uw gemeente ‘Luchthaven’ niet haar thema vond." in text
    assert text.count("zonder wat van uw oordelen is geleerd stond deze erboven") == 1
