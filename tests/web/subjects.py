# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the routes are about: things of two offices, and who may know of each."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import applications, source_settings, themes
from grants.calendars import make
from grants.digest import unsubscribe_token
from grants.people import invite
from grants.reminders import seen
from grants.rounds import version
from grants.stages import ways
from models.application import Application, Milestone, StageChange
from models.base import Row
from models.calendar import Scope
from models.call import Call
from models.colleague import Access, Colleague
from models.office import Office, PlanStep
from models.source import Source
from models.theme import Theme
from tests.web.conftest import NOW
from web.application_form import PARTS

PEOPLE = {  # in this order they are 1, 2, 3 …; insiders are in the team of Enschede's confidential application
    "Noor, administrator": (1, Access.ADMINISTRATOR),
    "editor": (1, Access.EDITOR),
    "reader": (1, Access.READER),
    "inside editor": (1, Access.EDITOR),
    "inside reader": (1, Access.READER),
    "Almelo's administrator": (2, Access.ADMINISTRATOR),
    "Almelo's editor": (2, Access.EDITOR),
    "Almelo's reader": (2, Access.READER),
}
ENSCHEDE = frozenset(name for name, (office, _) in PEOPLE.items() if office == 1)
ALMELO = frozenset(PEOPLE) - ENSCHEDE
INSIDE = frozenset({"Noor, administrator", "inside editor", "inside reader"})
EVERYONE = frozenset(PEOPLE)
VIEWS = ("a" * 12, "b" * 12, "c" * 12)
SUBMISSION_ON = date(2027, 1, 14)
SECRET = "hush"  # what the site signs with
OPEN, CONFIDENTIAL, ELSEWHERE = 1, 3, 7  # applications; apply_for() makes 1 to 6, of which 3 is confidential


class Subject(NamedTuple):
    """What a route is about: the words of its path and form, and who may know that it exists."""

    name: str
    words: dict[str, Any]
    known_to: frozenset[str]
    only: str = ""  # only asked of routes with this word
    of: frozenset[str] = EVERYONE  # only they ask


def subjects(session: Session) -> dict[str, list[Subject]]:
    """By their word in tests/web/rules.py; the first of each is Noor's to see."""
    kept = session.scalars(select(Call.id).where(Call.key == "a" * 16)).one()
    twin = session.scalars(select(Call.id).where(Call.key == "twin")).one()
    ebb = source_settings.seen(session.scalars(select(Source).where(Source.slug == "ebb")).one())
    none, nobody = 999, frozenset[str]()
    return {
        "shared": [Subject("", {}, EVERYONE)],
        "steps": [
            Subject(f"of office {number}", {"seen_office": seen(session.get_one(Office, number))}, EVERYONE, of=of)
            for number, of in ((1, ENSCHEDE), (2, ALMELO))
        ],
        "call": [Subject("a call", {"call_id": 1, "other": twin}, EVERYONE),
            Subject("none", {"call_id": none, "other": twin}, nobody),
        ],
        "given_call": [
            Subject("a call for Enschede's reader", {"call_id": 1, "colleague": 3}, EVERYONE, of=ENSCHEDE),
            Subject("a call for Almelo's reader", {"call_id": 1, "colleague": 8}, EVERYONE, of=ALMELO),
            Subject("none", {"call_id": none, "colleague": 3}, nobody, of=ENSCHEDE),
        ],
        "judgement": [
            Subject("Enschede's", {"row_id": 1}, ENSCHEDE),
            Subject("Almelo's", {"row_id": 2}, ALMELO),
            Subject("none", {"row_id": none}, nobody),
        ],
        "view": [
            Subject("Noor's, shared", {"slug": VIEWS[0]}, ENSCHEDE),
            Subject("Enschede's editor's own", {"slug": VIEWS[1]}, frozenset({"editor"})),
            Subject("Almelo's, shared", {"slug": VIEWS[2]}, ALMELO),
            Subject("none", {"slug": "0" * 12}, nobody),
        ],
        "own_view": [
            Subject("Noor's, shared", {"slug": VIEWS[0]}, frozenset({"Noor, administrator"})),
            Subject("Enschede's editor's own", {"slug": VIEWS[1]}, frozenset({"editor"})),
            Subject("Almelo's, shared", {"slug": VIEWS[2]}, frozenset({"Almelo's editor"})),
            Subject("none", {"slug": "0" * 12}, nobody),
        ],
        "kept": [
            Subject("a call kept by hand", {"call_id": kept, "seen": version(session, kept)}, EVERYONE),
            Subject("a call that is read", {"call_id": 1, "seen": ""}, nobody),
        ],
        "link": [Subject("a link", {"link_id": 1}, EVERYONE), Subject("none", {"link_id": none}, nobody)],
        "look": [Subject("a look", {"look_id": 2}, EVERYONE), Subject("none", {"look_id": none}, nobody)],
        "source": [
            Subject("a source", {"slug": "ebb", "payload_id": 1, "seen": ebb}, EVERYONE),
            Subject("none", {"slug": "none", "payload_id": 1, "seen": ebb}, nobody),
        ],
        "invitation": [
            Subject("an invitation", {"token": invite(session, session.get_one(Colleague, 2), by="x", now=NOW)}, EVERYONE)
        ],
        "calendar": [
            Subject("of Enschede's reader", {"secret": _calendar(session, 3)}, EVERYONE),
            Subject("of Enschede", {"secret": _calendar(session, 0)}, EVERYONE),
        ],
        "unsubscribe": [Subject("Enschede's editor's", {"token": unsubscribe_token(SECRET, 2)}, EVERYONE)],
        **{
            word: [
                Subject("Enschede's", {"message_id": first}, ENSCHEDE),
                Subject("Almelo's", {"message_id": first + 1}, ALMELO),
                Subject("none", {"message_id": none}, nobody),
            ]
            for word, first in (("letter", 1), ("waiting", 3))
        },
        "suppression": [
            Subject("Enschede's", {"suppression_id": 1}, ENSCHEDE),
            Subject("Almelo's", {"suppression_id": 2}, ALMELO),
            Subject("none", {"suppression_id": none}, nobody),
        ],
        "colleague": [
            Subject("Enschede's", {"colleague_id": 3}, ENSCHEDE),
            Subject("Almelo's", {"colleague_id": 8}, ALMELO),
            Subject("none", {"colleague_id": none}, nobody),
        ],
        "sign_in": [Subject(f"of {name}", {"sign_in_id": n}, frozenset({name})) for n, name in enumerate(PEOPLE, 1)],
        "theme": [
            Subject("Enschede's", _theme(session, 1), ENSCHEDE),
            Subject("Almelo's", _theme(session, 3), ALMELO),
            Subject("none", _theme(session, 1) | {"theme_id": none}, nobody),
        ],
        "lesson": [
            Subject("Enschede's", {"theme_id": 1, "number": 1}, ENSCHEDE),
            Subject("Almelo's", {"theme_id": 3, "number": 1}, ALMELO),
            Subject("none", {"theme_id": 1, "number": none}, nobody),
        ],
        "plan_step": [
            Subject("Enschede's", _plan_step(session, 1), ENSCHEDE),
            Subject("Almelo's", _plan_step(session, 2), ALMELO),
            Subject("Enschede's, taken out", _plan_step(session, 3), ENSCHEDE),
            Subject("none", _plan_step(session, 1) | {"step_id": none}, nobody),
        ],
        "closure": [
            Subject("Enschede's", {"closure_id": 1}, ENSCHEDE),
            Subject("Almelo's", {"closure_id": 2}, ALMELO),
            Subject("none", {"closure_id": none}, nobody),
        ],
        "application": [
            Subject("Enschede's", _application(session, OPEN), ENSCHEDE),
            Subject("Enschede's confidential", _application(session, CONFIDENTIAL), INSIDE),
            Subject("Almelo's", _application(session, ELSEWHERE), ALMELO),
            Subject("none", _application(session, OPEN) | {"application_id": none}, nobody),
            Subject("Enschede's, with a part of Almelo's", _application(session, ELSEWHERE) | {"application_id": OPEN},
                nobody,
                only="{part_id}",
            ),
        ],
    }  # fmt: skip


def _calendar(session: Session, number: int) -> str:
    """The secret of a colleague's, or of Enschede's own."""
    noor = session.get_one(Colleague, 1)
    whose = session.get_one(Colleague, number) if number else noor.office
    return make(session, whose, Scope.WHOLE, by=noor, now=NOW)


def _theme(session: Session, number: int) -> dict[str, Any]:
    theme = session.get_one(Theme, number)
    return {"theme_id": number, "seen": themes.seen(theme), "line": theme.threshold.value}


def _plan_step(session: Session, number: int) -> dict[str, Any]:
    return {"step_id": number, "seen": applications.step_seen(session.get_one(PlanStep, number))}


def _application(session: Session, number: int) -> dict[str, Any]:
    """Its number, version, last step, next stage and planning, and each part with what a form saw of it."""
    one = session.get_one(Application, number)
    steps = select(StageChange.id).where(StageChange.application_id == number).order_by(StageChange.id.desc())
    words: dict[str, Any] = {
        "application_id": number, "version": one.version, "step": session.scalars(steps).first(),
        "onward": ways(one.stage)[0], "owner": one.owner_id or "", "confidential": "1" if one.confidential else "",
    }  # fmt: skip
    for kind, row in applications.PARTS.items():
        part: Row = session.scalars(select(row).where(row.application_id == number).order_by(row.id)).first()
        names = [one.name for one in PARTS[kind]]
        words |= {kind: part.id, f"seen_{kind}": applications.fingerprint(part, names)}
    day = applications.fingerprint(session.get_one(Milestone, words["milestones"]), ["on"])
    plan = applications.preview(session, one, on=SUBMISSION_ON, today=NOW.date())
    last = applications.last_planning(session, one)
    return words | {
        "seen_day": day, "submission": SUBMISSION_ON, "seen_plan": plan.seen, "planning": last and last.id,
    }  # fmt: skip
