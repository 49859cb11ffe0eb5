# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""From verdicts to a lesson in force, and back: staff want rail only of a theme that is all of transport."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grants import lessons
from grants.errors import MissingError
from grants.judging import judge, take_back
from grants.lessons.judgements import judgements
from grants.matching import match_all, match_and_learn
from grants.scoring.semantic import SIZE, Vector
from grants.themes import draw_line
from models.audit import AuditEntry
from models.call import Call
from models.colleague import Colleague
from models.lesson import Lesson
from models.match import Match, Verdict, VerdictReason
from models.session import Begin
from models.theme import Theme, Threshold
from tests import builders
from tests.builders import NOW

WORDS = {
    "core": {"nl": ["trein*"]}, "terms": {"nl": ["luchthaven*", "vervoer*", "spoor*"]}, "weak": {}, "not": {}
}  # fmt: skip
TOMORROW = NOW + timedelta(days=1)
TRAIN, PLANE = "Vervoer per spoor", "Luchthaven en vervoer"
NOT_OURS = VerdictReason.NOT_OUR_THEME


def add(session: Session, number: int, title: str, text: str = "") -> None:
    body = text or f"Ronde {number} van de regeling voor vervoer."
    session.add(builders.call(key=f"k{number}", identifier="", title=title, text=body, language="nl"))
    session.flush()


@pytest.fixture
def desk(begin: Begin) -> None:
    """Theme 1 and calls 1 to 12: the odd ones are of trains, the even ones of planes; Noor judges."""
    with begin() as session:
        session.add_all([builders.office(), builders.office(slug="almelo", name="Almelo"), builders.source()])
        session.flush()
        session.add_all(
            [builders.colleague(), builders.theme(words=WORDS), builders.theme(words=WORDS, office_id=2)]
        )
        for number in range(1, 13):
            add(session, number, TRAIN if number % 2 else PLANE)
    match_all(begin, now=NOW)


def say(begin: Begin, number: int, *, relevant: bool, reason: VerdictReason | None = NOT_OURS) -> None:
    with begin() as session:
        noor = session.get_one(Colleague, 1)
        judge(session, number, relevant=relevant, reason=reason, note="", by=noor, now=NOW, over=0)


def say_all(begin: Begin, numbers: range = range(1, 13)) -> None:
    for number in numbers:
        say(begin, number, relevant=number % 2 == 1)


def learn(begin: Begin, *, now: object = TOMORROW, after: int = 1) -> int:
    made = lessons.learn_all(begin, now=now, after=after)
    match_all(begin, now=now)
    return made


def versions(begin: Begin, theme: int = 1) -> list[Lesson]:
    with begin() as session:
        return list(session.scalars(select(Lesson).where(Lesson.theme_id == theme).order_by(Lesson.number)))


def match_of(begin: Begin, title: str, theme: int = 1) -> Match:
    with begin() as session:
        wanted = select(Match).join(Call).where(Call.title == title, Match.theme_id == theme)
        return session.scalars(wanted.order_by(Match.id.desc()).limit(1)).one()


def act(begin: Begin, deed: str, number: int, *, theme: int = 1) -> None:
    with begin() as session:
        noor = session.get_one(Colleague, 1)
        getattr(lessons, deed)(session, noor, session.get_one(Theme, theme), number, now=TOMORROW)
    match_all(begin, now=TOMORROW)


def deeds(begin: Begin) -> list[tuple[str, str]]:
    with begin() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.subject == "lesson").order_by(AuditEntry.id)
        )
        return [(row.actor, row.action) for row in rows]


def page(begin: Begin) -> lessons.LessonPage:
    with begin() as session:
        return lessons.page(session, session.get_one(Theme, 1))


def test_verdicts_lift_what_is_like_the_relevant_and_lower_what_is_not(desk: None, begin: Begin) -> None:
    say_all(begin)
    train, plane = match_of(begin, TRAIN), match_of(begin, PLANE)
    assert learn(begin) == 1
    (lesson,) = versions(begin)
    assert (lesson.number, lesson.made_by, len(lesson.judged), lesson.relevant) == (1, "learning", 12, 6)
    assert match_of(begin, TRAIN).score > train.score == match_of(begin, TRAIN).unlearned
    assert match_of(begin, PLANE).score < plane.score
    assert deeds(begin) == [("learning", "learned")]


def test_the_reason_names_judged_calls_that_are_like_it_and_never_itself(desk: None, begin: Begin) -> None:
    say_all(begin)
    learn(begin)
    told = [one for one in match_of(begin, PLANE).reasons if one["field"] == "judged"]
    assert [(one["title"], one["relevant"], one["language"]) for one in told] == [(PLANE, False, "nl")] * 2
    assert all(one["log_odds"] < 0 for one in told)
    assert match_of(begin, PLANE).call_id not in {one["call"] for one in told}


def test_another_office_learns_nothing_of_it(desk: None, begin: Begin) -> None:
    say_all(begin)
    learn(begin)
    assert versions(begin, theme=2) == []
    other = match_of(begin, TRAIN, theme=2)
    assert (other.unlearned, other.score) == (None, match_of(begin, TRAIN).unlearned)


def test_fewer_than_ten_verdicts_teach_nothing(desk: None, begin: Begin) -> None:
    say_all(begin, range(1, 10))
    assert learn(begin) == 0
    assert (page(begin).relevant, page(begin).others, page(begin).lacking) == (5, 4, 1)


def test_no_other_reason_teaches(desk: None, begin: Begin) -> None:
    others = [one for one in VerdictReason if one != NOT_OURS]
    for number in range(1, 13):
        say(begin, number, relevant=number % 2 == 1, reason=others[number // 2 % len(others)])
    assert learn(begin) == 0
    assert (page(begin).relevant, page(begin).others) == (6, 0)


def test_a_verdict_that_was_taken_back_teaches_no_longer(desk: None, begin: Begin) -> None:
    say_all(begin)
    learn(begin)
    with begin() as session:
        noor = session.get_one(Colleague, 1)
        for number in range(1, 13, 2):
            take_back(session, Verdict, number, by=noor, now=NOW)
    assert learn(begin) == 0
    (ended,) = versions(begin)
    assert (ended.ended_by, ended.undone) == ("learning", False)
    assert match_of(begin, TRAIN).unlearned is None
    assert deeds(begin)[-1] == ("learning", "unlearned")
    say(begin, 1, relevant=True)
    say(begin, 3, relevant=True)
    say(begin, 5, relevant=True)
    say(begin, 7, relevant=True)
    assert learn(begin) == 1


def test_matching_learns_on_its_way(desk: None, begin: Begin) -> None:
    say_all(begin)
    match_and_learn(begin, now=TOMORROW)
    assert match_of(begin, TRAIN).unlearned is not None


def test_what_moves_hardly_names_no_judgement(desk: None, begin: Begin) -> None:
    with begin() as session:
        session.add(builders.lesson(weights=[{"trait": "=spoor*", "word": "spoor*", "weight": 0.01}]))
        session.get_one(Theme, 1).version += 1
    match_all(begin, now=NOW)
    assert [one for one in match_of(begin, TRAIN).reasons if one["field"] == "judged"] == []
    assert match_of(begin, TRAIN).unlearned is not None


def test_nothing_is_learned_twice_of_the_same_verdicts(desk: None, begin: Begin) -> None:
    say_all(begin)
    assert [learn(begin), learn(begin)] == [1, 0]


def test_few_new_verdicts_wait_for_the_morning(desk: None, begin: Begin) -> None:
    say_all(begin, range(1, 11))
    assert learn(begin, after=lessons.FEWEST) == 1
    say_all(begin, range(11, 13))
    assert learn(begin, after=lessons.FEWEST) == 0
    assert learn(begin) == 1
    first, second = versions(begin)
    assert (first.ended_by, second.number, len(second.judged)) == ("learning", 2, 12)


def test_other_words_of_the_theme_are_learned_of_anew(desk: None, begin: Begin) -> None:
    say_all(begin)
    learn(begin)
    with begin() as session:
        theme = session.get_one(Theme, 1)
        theme.words = {**WORDS, "terms": {"nl": ["vervoer*", "spoor*", "luchthaven*", "ronde"]}}
        theme.version += 1
    match_all(begin, now=TOMORROW)
    assert learn(begin) == 1


def test_where_new_verdicts_teach_nothing_the_old_lesson_stays(desk: None, begin: Begin) -> None:
    say_all(begin)
    learn(begin)
    with begin() as session:
        for number in range(13, 25):
            add(session, number, TRAIN if number % 2 else PLANE)
    match_all(begin, now=NOW)
    for number in range(13, 25):
        say(begin, number, relevant=number % 2 == 0)  # they say the contrary
    assert learn(begin) == 0
    assert [one.ended_at for one in versions(begin)] == [None]


def test_a_core_term_in_the_title_keeps_a_call_shown(desk: None, begin: Begin) -> None:
    say_all(begin)
    with begin() as session:
        add(session, 13, "Treinen", "Luchthaven." + " Woord." * 8000)
        add(session, 14, "Luchthaven", "De luchthaven en het vervoer." + " Woord." * 150)
    match_all(begin, now=NOW)
    before = {title: match_of(begin, title) for title in ("Treinen", "Luchthaven")}
    assert before["Luchthaven"].score >= Decimal("0.280")
    learn(begin)
    kept, gone = (match_of(begin, title) for title in before)
    assert kept.unlearned is not None
    assert kept.score == Decimal("0.120")
    assert gone.score < Decimal("0.280") <= gone.unlearned == before["Luchthaven"].score
    told = page(begin)
    titles = {one.call.title for one in told.lowered.some}
    assert (told.lowered.count, len(told.lowered.some), titles) == (7, 5, {PLANE})
    with begin() as session:
        assert [one.theme_id for one in lessons.hidden(session, 1, gone.call_id)] == [1]
        assert lessons.hidden(session, 2, gone.call_id) == []


def test_undone_is_as_if_nothing_was_learned_and_stays_so(desk: None, begin: Begin) -> None:
    say_all(begin)
    score = match_of(begin, TRAIN).score
    learn(begin)
    act(begin, "undo", 1)
    act(begin, "undo", 1)  # twice is once
    assert (match_of(begin, TRAIN).score, match_of(begin, TRAIN).unlearned) == (score, None)
    assert learn(begin) == 0
    assert page(begin).undone
    assert deeds(begin) == [("learning", "learned"), ("colleague:1", "undone")]


def test_put_back_it_counts_again_as_a_version_of_its_own(desk: None, begin: Begin) -> None:
    say_all(begin)
    learn(begin)
    learned = match_of(begin, TRAIN).score
    act(begin, "undo", 1)
    act(begin, "restore", 1)
    act(begin, "restore", 1)  # twice is once
    act(begin, "restore", 2)  # in force already
    first, second = versions(begin)
    assert (first.undone, second.restores_id, second.weights) == (True, first.id, first.weights)
    assert match_of(begin, TRAIN).score == learned
    assert deeds(begin)[-1] == ("colleague:1", "restored")


def test_what_was_put_back_stays_until_there_are_ten_new_verdicts(desk: None, begin: Begin) -> None:
    say_all(begin, range(1, 11))
    learn(begin)
    say_all(begin, range(11, 13))
    learn(begin)
    act(begin, "restore", 1)
    assert learn(begin) == 0
    third = versions(begin)[-1]
    assert (third.number, len(third.judged), versions(begin)[1].ended_by) == (3, 10, "noor@enschede.example")
    with begin() as session:
        for number in range(13, 23):
            add(session, number, TRAIN if number % 2 else PLANE)
        for verdict in session.scalars(select(Verdict)):
            verdict.at = NOW - timedelta(days=1)
    match_all(begin, now=NOW)
    with begin() as session:
        noor = session.get_one(Colleague, 1)
        later = TOMORROW + timedelta(days=1)
        for number in range(13, 23):
            judge(
                session,
                number,
                relevant=number % 2 == 1,
                reason=NOT_OURS,
                note="",
                by=noor,
                now=later,
                over=0,
            )
    assert learn(begin, now=later) == 1


@pytest.mark.parametrize("deed", ["undo", "restore"])
def test_there_is_no_lesson_of_that_number(desk: None, begin: Begin, deed: str) -> None:
    with pytest.raises(MissingError):
        act(begin, deed, 1)


def test_of_a_theme_one_lesson_is_in_force(desk: None, begin: Begin) -> None:
    with begin() as session:
        session.add(builders.lesson())
    with pytest.raises(IntegrityError), begin() as session:
        session.add(builders.lesson(number=2))


def test_the_page_tells_which_words_and_how_many_verdicts(desk: None, begin: Begin) -> None:
    nothing = page(begin)
    assert (nothing.lesson, nothing.versions, nothing.lacking, nothing.undone) == (None, (), 10, False)
    say_all(begin)
    learn(begin)
    told = page(begin)
    assert "spoor*" in told.up
    assert "luchthaven*" in told.down
    assert told.lacking == 0


def test_a_relevant_call_teaches_the_theme_it_likely_belongs_to_and_no_other(
    desk: None, begin: Begin
) -> None:
    with begin() as session:
        for_both = {"core": {"nl": ["fiets*"]}, "terms": {"nl": ["vervoer*"]}, "weak": {}, "not": {}}
        session.add(builders.theme(slug="fiets", words=for_both))
        add(session, 13, "Fietsen en fietspaden", "De fiets, en een fietsbrug voor vervoer.")
    match_all(begin, now=NOW)
    say(begin, 13, relevant=True)
    with begin() as session:
        taught = [judgements(session, session.get_one(Theme, number)) for number in (1, 3)]
    assert [[one.id for one in each] for each in taught] == [[], [13]]


def test_a_call_from_below_the_line_teaches_its_nearest_theme(desk: None, begin: Begin) -> None:
    with begin() as session:
        add(session, 13, "Bruggen", "Wegen en vervoer." + " Woord." * 300)
    match_all(begin, now=NOW)
    assert match_of(begin, "Bruggen").band == "none"
    say(begin, 13, relevant=False)
    with begin() as session:
        assert [one.id for one in judgements(session, session.get_one(Theme, 1))] == [13]


class Tongue:
    """An encoder that knows trains from planes."""

    name = "tongue 1"

    def encode(self, texts: list[str]) -> Vector:
        rows = np.zeros((len(texts), SIZE), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0 if "spoor" in text else 1] = 1
        return rows


def test_with_an_encoder_meaning_is_learned_of_and_counts_while_it_is_there(desk: None, begin: Begin) -> None:
    match_all(begin, now=NOW, encoder=Tongue())
    say_all(begin)
    assert lessons.learn_all(begin, now=TOMORROW, encoder=Tongue()) == 1
    match_all(begin, now=TOMORROW, encoder=Tongue())
    (lesson,) = versions(begin)
    assert (lesson.encoder, len(lesson.meaning or [])) == ("tongue 1", SIZE)
    assert match_of(begin, TRAIN).score > match_of(begin, TRAIN).unlearned
    match_all(begin, now=TOMORROW)  # without it the words are left
    assert match_of(begin, TRAIN).score > match_of(begin, TRAIN).unlearned
    assert learn(begin) == 1


def test_another_threshold_teaches_nothing(desk: None, begin: Begin) -> None:
    say_all(begin)
    learn(begin)
    with begin() as session:
        theme, noor = session.get_one(Theme, 1), session.get_one(Colleague, 1)
        draw_line(session, noor, theme, Threshold.WIDE, seen_as="normal", now=NOW)
    assert learn(begin) == 0


def selects_of_matching(begin: Begin) -> int:
    asked: list[str] = []

    def hear(*told: object) -> None:
        asked.append(str(told[2]))

    with begin() as session:
        bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", hear)
    match_all(begin, now=TOMORROW)
    event.remove(bind, "before_cursor_execute", hear)
    return sum(1 for one in asked if one.startswith("SELECT"))


def test_matching_with_lessons_asks_as_little_for_many_calls(desk: None, begin: Begin) -> None:
    say_all(begin)
    learn(begin)
    counts = []
    for many in (2, 20):
        with begin() as session:
            for number in range(100 * many, 101 * many):
                add(session, number, TRAIN)
        counts.append(selects_of_matching(begin))
    assert counts[0] == counts[1]
