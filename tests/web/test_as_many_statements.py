# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every page asks the database as much for a hundred rows of each kind as for ten: rules.py names them all."""

from collections.abc import Iterable
from datetime import date, timedelta

import httpx
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.application import ChecklistItem, Comment, Document, Participation, Role
from models.call import CallChange, ChangeKind, Significance
from models.colleague import Colleague, SavedView
from models.decision import Decision
from models.interest import Assignment, Choice, Follow, GoDecision
from models.match import Match, Verdict
from models.message import Attempt
from models.obligation import Obligation
from models.office import Closure, Office, PlanStep
from models.partner import Partner
from models.session import Begin
from models.source import Look
from tests import builders
from tests.grants.applications.test_lists import statements
from tests.web.conftest import NOW, a_run
from tests.web.rules import rules

FILLED = {  # what stands in a path for the one that is looked at
    "application_id": 1, "call_id": 1, "message_id": 1, "theme_id": 1, "slug": "ebb", "payload_id": 1,
}  # fmt: skip
ELSEWHERE = ("{token}", "{secret}", "/views/{", "/edit", "/plan", "{part_id}", "/stage", "/row", "/payload/")
PAGES = sorted(
    {rule.path.format(**FILLED) for rule in rules() if rule.method == "GET" and not any(one in rule.path for one in ELSEWHERE)}
    - {"/health", "/ready", "/metrics", "/.well-known/security.txt", "/theme.css", "/sign-in", "/sign-in/service", "/sign-in/service/back", "/messages/1/letter"}
    | {"/applications?view=board", "/applications/1/edit", "/applications/1/plan", "/applications/1/contributions/1", "/applications?edit=1", "/calls?everything=1", "/search?q=cool", "/calls?mine=followed"}
)  # fmt: skip


def rows(session: Session, numbers: Iterable[int]) -> None:
    """Of each kind that a page lists, as many as there are numbers."""
    noor = session.scalars(select(Colleague.id)).first()
    day, names = date(2026, 12, 1), {"nl": "Stap", "de": "Schritt", "en": "Step"}
    for number in numbers:
        word, later = f"n{number}", day + timedelta(days=number)
        source = builders.source(slug=word, name=word, last_success_at=NOW)
        theme = builders.theme(slug=word)
        other = builders.colleague(name=word, email=f"{word}@x.example")
        partner, office = Partner(slug=word, name=word, country="NL"), Office(slug=word, name=word)
        session.add_all([source, theme, other, partner, office])
        session.flush()
        call = builders.call(key=word, source_id=source.id, deadlines=[builders.deadline(later)])
        call.programme, call.language = word, "en"
        letter = builders.letter(recipient=other.email)
        letter.tries.append(Attempt(at=NOW, outcome="deferred", reply=word))
        one = builders.application(slug=word, title=f"Cool {word}", owner_id=other.id, themes=[theme])
        session.add_all([call, letter, one])
        session.flush()
        of, by = {"application_id": 1}, {"colleague_id": other.id, "call_id": call.id, "at": NOW}
        session.add_all([
            a_run(source.id), a_run(10),
            Look(source_id=source.id, url="https://x.example", title=word, before="a", after="b", at=NOW),
            Match(call_id=call.id, theme_id=1, band="strong", score=1, reasons=[], text_version=1, theme_version=1, first_matched_at=NOW, matched_at=NOW),
            CallChange(call_id=call.id, kind=ChangeKind.TITLE, significance=Significance.MAJOR, at=NOW, before="a", after="b"),
            CallChange(call_id=1, kind=ChangeKind.TITLE, significance=Significance.MAJOR, at=NOW, before="a", after=word),
            Verdict(office_id=office.id, relevant=True, **by | {"call_id": 1}),
            GoDecision(office_id=1, choice=Choice.GO, why=word, **by),
            Assignment(office_id=1, by=word, **by),
            Follow(colleague_id=noor, call_id=call.id, since=NOW - timedelta(days=1)),
            builders.suppression(address=other.email, message_id=letter.id),
            builders.milestone(later, **of), builders.milestone(later, application_id=one.id),
            Obligation(title=word, kind="audit", on=later, **of), Obligation(title=word, kind="audit", on=later, application_id=one.id),
            Participation(partner_id=partner.id, role=Role.PARTNER, **of),
            Decision(on=later, awarded=True, **of), Document(title=word, url="https://x.example", at=NOW, by=word, **of),
            ChecklistItem(title=word, **of), Comment(colleague_id=other.id, text=word, mentions=[noor, other.id], at=NOW, **of),
            SavedView(office_id=1, colleague_id=other.id, slug=word, name=word, page="calls", query="", shared=True, at=NOW),
            PlanStep(office_id=1, name=names, working_days=number, position=number), Closure(office_id=1, on=later, name=word),
        ])  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("portfolio")
def test_no_page_asks_more_of_the_database_for_a_hundred_rows_than_for_ten(
    web: httpx.Client, begin: Begin, engine: Engine
) -> None:
    def asked() -> dict[str, int]:
        return {page: statements(engine, lambda page=page: web.get(page)) for page in PAGES}  # type: ignore[misc]

    with begin() as session:
        rows(session, range(10))
    few = asked()
    with begin() as session:
        rows(session, range(10, 100))
    many = asked()
    assert {page: (few[page], many[page]) for page in PAGES if many[page] > few[page]} == {}
    assert {page: web.get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)
