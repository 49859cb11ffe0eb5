# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, event

from grants.applications import (
    Next,
    Wanted,
    applications,
    board,
    call_to_apply_for,
    next_date,
    partners,
    staff,
    tasks,
)
from models.application import Application, Participation, Role, Stage
from models.colleague import Colleague
from models.obligation import Obligation
from models.office import Task
from models.partner import Partner
from models.session import Begin
from models.theme import Theme
from tests import builders

pytestmark = pytest.mark.usefixtures("both")


def ids(begin: Begin, wanted: Wanted, by: int = 5) -> list[int]:
    with begin() as session:
        lines, total = applications(session, session.get_one(Colleague, by), wanted)
        assert total == len(lines)
        return [line.application.id for line in lines]


def test_a_confidential_application_is_in_no_list_or_count_of_whoever_may_not_know(begin: Begin) -> None:
    for wanted in (Wanted(), Wanted(search="aan de grens"), Wanted(stage=Stage.PREPARING), Wanted(owner=2)):
        assert ids(begin, wanted) == [1]
        assert ids(begin, wanted, by=4) == [1, 2]
        assert ids(begin, wanted, by=6) == []
    with begin() as session:
        columns, _ = board(session, session.get_one(Colleague, 5), Wanted())
        assert [len(lines) for lines in columns.values()] == [0, 0, 0, 1, 0, 0]


def test_a_list_is_narrowed_by_stage_owner_theme_and_words(begin: Begin) -> None:
    with begin() as session:
        extra = builders.application(slug="rail", title="Euregiorail 100%", stage=Stage.IDEA, owner_id=3)
        extra.themes = [session.get_one(Theme, 2)]
        session.add(extra)
    assert ids(begin, Wanted(stage=Stage.IDEA)) == [3]
    assert ids(begin, Wanted(owner=3)) == [3]
    assert ids(begin, Wanted(theme="wonen")) == [3]
    assert ids(begin, Wanted(theme="niets")) == []
    assert ids(begin, Wanted(search="100% EUREGIO")) == [3]
    assert ids(begin, Wanted(search="%\0")) == [1, 3]


def test_what_is_due_first_comes_first_and_what_ended_last(begin: Begin) -> None:
    with begin() as session:
        for slug, stage, on in [
            ("a", Stage.RUNNING, date(2027, 3, 1)),
            ("b", Stage.RUNNING, date(2026, 12, 1)),
            ("c", Stage.REJECTED, date(2026, 11, 1)),
        ]:
            steps = [builders.milestone(on), builders.milestone(date(2026, 1, 1), done_on=date(2026, 1, 1))]
            session.add(builders.application(slug=slug, stage=stage, milestones=steps))
            session.flush()
    with begin() as session:
        lines, total = applications(session, session.get_one(Colleague, 5), Wanted(), size=2)
        assert ([line.application.slug for line in lines], total) == (["b", "a"], 4)
        assert lines[0].next_on == date(2026, 12, 1)
    assert ids(begin, Wanted()) == [4, 3, 1, 5]


def test_the_first_date_is_of_a_milestone_or_of_an_obligation_and_is_told_once(begin: Begin) -> None:
    day = date(2026, 12, 1)
    with begin() as session:
        session.add(Obligation(application_id=1, title="Rapport", kind="audit", on=day))
        session.add_all(builders.milestone(day, application_id=1, title=title) for title in ("A", "B"))
        session.add(builders.milestone(day, application_id=1, done_on=day))
    with begin() as session:
        me, one = session.get_one(Colleague, 4), session.get_one(Application, 1)
        lines, total = applications(session, me, Wanted())
        assert [line.next for line in lines] == [Next("milestones", 1, "A", day), None]
        assert (total, lines[0].next_on, lines[1].next_on) == (2, day, None)
        assert next_date(session, one) == lines[0].next
        assert next_date(session, session.get_one(Application, 2)) is None
        for row in one.milestones:
            row.done_on = day
        session.flush()
        assert next_date(session, one) == Next("obligations", 1, "Rapport", day)


def test_a_board_has_a_column_for_each_stage_a_card_can_go_to(begin: Begin) -> None:
    with begin() as session:
        session.add(builders.application(slug="s", stage=Stage.SETTLEMENT_REQUESTED))
    with begin() as session:
        columns, _ = board(session, session.get_one(Colleague, 5), Wanted())
        assert [(stage.value, len(cards)) for stage, cards in columns.items()] == [
            ("idea", 0), ("exploring", 0), ("deciding", 0), ("preparing", 1), ("submitted", 0),
            ("reporting", 0), ("settlement_requested", 1), ("settled", 0), ("withdrawn", 0),
        ]  # fmt: skip


def statements(engine: Engine, ask: Callable[[], object]) -> int:
    asked: list[str] = []

    def keep(*facts: object) -> None:
        asked.append(str(facts[2]))

    event.listen(engine, "before_cursor_execute", keep)
    ask()
    event.remove(engine, "before_cursor_execute", keep)
    return len(asked)


@pytest.mark.parametrize("way", ["list", "board"])
def test_ten_or_a_hundred_applications_take_as_many_statements(
    begin: Begin, engine: Engine, way: str
) -> None:
    def add(many: range) -> None:
        with begin() as session:
            themes = [session.get_one(Theme, 1)]
            for number in many:
                one = builders.application(slug=f"n{number}", owner_id=2, themes=themes)
                one.milestones = [builders.milestone(date(2027, 1, 1))]
                session.add(one)

    def ask() -> None:
        with begin() as session:
            me = session.get_one(Colleague, 5)
            if way == "list":
                lines = applications(session, me, Wanted(), size=100)[0]
            else:
                lines = [line for column in board(session, me, Wanted())[0].values() for line in column]
            for line in lines:
                assert line.application.owner is not None
                assert len(line.application.themes) <= 1

    add(range(10))
    few = statements(engine, ask)
    add(range(10, 100))
    assert statements(engine, ask) == few


def test_a_colleague_chooses_from_people_tasks_and_partners_they_may_know_of(begin: Begin) -> None:
    with begin() as session:
        session.add_all(Partner(slug=slug, name=slug, country="NL") for slug in ("vrij", "geheim", "open"))
        session.add(Task(office_id=1, slug="groen", name={"nl": "Groen"}))
        session.get_one(Colleague, 2).active = False
        session.flush()
        session.add_all(
            Participation(application_id=one, partner_id=partner_id, role=Role.PARTNER)
            for one, partner_id in [(2, 2), (1, 3)]
        )
    with begin() as session:
        els, kim = session.get_one(Colleague, 5), session.get_one(Colleague, 4)
        assert [one.slug for one in partners(session, els)] == ["open", "vrij"]
        assert [one.slug for one in partners(session, kim)] == ["geheim", "open", "vrij"]
        assert [one.name for one in staff(session, 1)] == ["Els", "Kim", "Lena", "Noor"]
        assert ([one.slug for one in tasks(session, 1)], tasks(session, 2)) == (["groen"], [])


def test_a_call_to_apply_for_comes_with_its_deadlines_and_its_moved_one_is_ahead(begin: Begin) -> None:
    from grants.applications import application_page  # noqa: PLC0415

    with begin() as session:
        session.add(builders.call())
        session.flush()
        session.get_one(Application, 1).call_id = 1
    with begin() as session:
        call = call_to_apply_for(session, 1)
        assert call is not None
        assert len(call.deadlines) == 1
        assert call_to_apply_for(session, 2) is None
        page = application_page(session, session.get_one(Colleague, 5), 1)
        assert page is not None
        assert [(row.kind, row.due.on) for row in page.ahead] == [("call", date(2026, 12, 15))]
