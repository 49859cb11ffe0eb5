# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Who may do what: every route of the site, a line each. The tests walk the site and miss none.

A new route needs a line in RULES, a new kind of form a line in FORMS, a thing that belongs to an office or to a
person a line in tests/web/subjects.py. Three tests then know it: the matrix, bad input and accessibility.
"""

from collections.abc import Iterator
from datetime import date, time
from typing import Any, NamedTuple

from fastapi import FastAPI

from grants.drafts import Draft, as_fields
from grants.timetable import Step
from models.values import Due
from web import theme_form
from web.application_form import MAIN, PARTS

# Who: anyone, or a colleague who is at least a reader, an editor, an administrator.
# Of what: "shared" is the same for all offices, or one's own; the others are in subjects.py.
# Answer: to who may. Who may not gets the door (not signed in), 403 (too low a role) or 404 (not to be known of).
RULES = """
who            of what      answer  route
anyone         shared       200     GET  /health
anyone         shared       503     GET  /ready
anyone         shared       404     GET  /metrics
anyone         shared       200     GET  /theme.css
anyone         shared       200     GET  /accessibility
anyone         shared       200     GET  /.well-known/security.txt
anyone         shared       200     GET  /sign-in
anyone         shared       422     POST /sign-in
anyone         shared       303     POST /sign-out
anyone         shared       404     GET  /sign-in/service
anyone         shared       400     GET  /sign-in/service/back
anyone         invitation   200     GET  /invitation/{token}
anyone         invitation   303     POST /invitation/{token}
anyone         calendar     200     GET  /calendar/{secret}.ics

anyone         unsubscribe  200     GET  /unsubscribe/{token}
anyone         unsubscribe  200     POST /unsubscribe/{token}
anyone         unsubscribe  303     POST /unsubscribe/{token}/undo

reader         shared       200     GET  /
reader         shared       200     GET  /me
reader         shared       303     POST /me
reader         shared       200     GET  /me/digest
reader         shared       303     POST /me/digest
reader         shared       422     POST /me/password
reader         shared       422     POST /me/code
reader         shared       200     POST /me/calendar
reader         shared       303     POST /me/calendar/end
reader         shared       200     POST /me/data
reader         sign_in      303     POST /me/browsers/{sign_in_id}/end

administrator  shared       200     GET  /people
administrator  shared       200     POST /people
administrator  colleague    303     POST /people/{colleague_id}
administrator  colleague    200     POST /people/{colleague_id}/invitation
administrator  colleague    303     POST /people/{colleague_id}/sign-out
administrator  shared       200     GET  /audit
administrator  shared       200     GET  /operations
administrator  shared       200     GET  /messages
administrator  letter       200     GET  /messages/{message_id}
administrator  letter       200     GET  /messages/{message_id}/letter
administrator  shared       303     POST /messages/reconcile
administrator  suppression  303     POST /messages/suppressed/{suppression_id}/lift
administrator  letter       303     POST /messages/{message_id}/release
administrator  waiting      303     POST /messages/{message_id}/hold
administrator  shared       200     GET  /reminders
administrator  steps        303     POST /reminders
administrator  shared       200     POST /audit/export

reader         shared       200     GET  /search
reader         shared       200     GET  /calls
reader         call         200     GET  /calls/{call_id}
editor         call         303     POST /calls/{call_id}/links
editor         link         303     POST /links/{link_id}/undo
reader         call         303     POST /calls/{call_id}/follow
reader         call         303     POST /calls/{call_id}/unfollow
editor         call         303     POST /calls/{call_id}/verdict
editor         call         303     POST /calls/{call_id}/decision
editor         given_call   303     POST /calls/{call_id}/assignment
editor         judgement    303     POST /verdicts/{row_id}/undo
editor         judgement    303     POST /decisions/{row_id}/undo
editor         judgement    303     POST /assignments/{row_id}/end
reader         shared       200     GET  /inbox
reader         shared       303     POST /views
reader         view         303     GET  /views/{slug}
reader         own_view     303     POST /views/{slug}
reader         own_view     303     POST /views/{slug}/remove
reader         shared       200     GET  /rounds
editor         shared       200     GET  /rounds/new
editor         shared       303     POST /rounds/new
editor         kept         200     GET  /calls/{call_id}/edit
editor         kept         303     POST /calls/{call_id}/edit
editor         kept         303     POST /calls/{call_id}/copy

reader         shared       200     GET  /looks
editor         look         303     POST /looks/{look_id}
reader         shared       200     GET  /sources
reader         source       200     GET  /sources/{slug}
editor         source       303     POST /sources/{slug}/read
administrator  source       303     POST /sources/{slug}/normal
administrator  source       303     POST /sources/{slug}/settings
reader         source       200     GET  /sources/{slug}/payload/{payload_id}

reader         shared       200     GET  /applications
editor         shared       200     GET  /applications/new
editor         shared       303     POST /applications
reader         application  200     GET  /applications/{application_id}
editor         application  200     GET  /applications/{application_id}/edit
editor         application  303     POST /applications/{application_id}/edit
reader         shared       200     GET  /applications/calendar
reader         shared       200     GET  /applications/timeline
reader         application  303     GET  /applications/{application_id}/row
editor         application  303     POST /applications/{application_id}/row
reader         application  303     GET  /applications/{application_id}/stage
editor         application  303     POST /applications/{application_id}/stage
reader         application  303     GET  /applications/{application_id}/stage/undo
editor         application  303     POST /applications/{application_id}/stage/undo
editor         application  200     GET  /applications/{application_id}/plan
editor         application  303     POST /applications/{application_id}/plan
editor         application  303     POST /applications/{application_id}/plan/undo
editor         application  200     GET  /applications/{application_id}/{kind}/new
editor         application  303     POST /applications/{application_id}/{kind}
editor         application  200     GET  /applications/{application_id}/{kind}/{part_id}
editor         application  303     POST /applications/{application_id}/{kind}/{part_id}
editor         application  303     POST /applications/{application_id}/{kind}/{part_id}/{deed}

reader         shared       200     GET  /themes
editor         shared       200     GET  /themes/new
editor         shared       303     POST /themes
editor         shared       200     POST /themes/try
reader         shared       200     GET  /themes/file.toml
editor         shared       200     GET  /themes/file
editor         shared       200     POST /themes/file
editor         shared       409     POST /themes/file/keep
reader         theme        200     GET  /themes/{theme_id}
editor         theme        303     POST /themes/{theme_id}
editor         theme        200     POST /themes/{theme_id}/try
editor         theme        303     POST /themes/{theme_id}/threshold
reader         theme        200     GET  /themes/{theme_id}/suggestions
editor         theme        303     POST /themes/{theme_id}/suggestions
editor         theme        303     POST /themes/{theme_id}/{switch}
editor         lesson       303     POST /themes/{theme_id}/lessons/{number}/{turn}

administrator  shared       200     GET  /settings/planning
administrator  shared       303     POST /settings/planning/steps
administrator  plan_step    303     POST /settings/planning/steps/{step_id}
administrator  plan_step    303     POST /settings/planning/steps/{step_id}/{deed}
administrator  shared       303     POST /settings/planning/closures
administrator  closure      303     POST /settings/planning/closures/{closure_id}/remove
administrator  shared       200     POST /settings/calendar
administrator  shared       303     POST /settings/calendar/end
"""

ROUND = as_fields(
    Draft(
        "Ronde",
        deadlines=(Due(date(2027, 5, 17), time(23, 59), "Europe/Amsterdam"),),
        steps=(Step("Stukken", date(2027, 6, 14)),),
    )
)
THEMES = '[[theme]]\nid = "nieuw"\nname = "Nieuw"\ncore.nl = ["iets"]\n'
THEME = dict.fromkeys(theme_form.FIELDS, "") | {
    "name_nl": "Water", "name_de": "Wasser", "name_en": "Water", "core_nl": "waterberging", "not_en": "tap water",
}  # fmt: skip
PLAN_STEP = {
    "name_nl": "Concept", "name_de": "Entwurf", "name_en": "Draft", "working_days": "5", "german_too": "1",
}  # fmt: skip
# What a form needs to be taken; {words} come from the subject. A field that may be empty is named as well.
FORMS: dict[str, dict[str, str]] = {
    "/sign-in": {"email": "noor@enschede.example", "password": "wrong", "code": "", "next": "/calls"},
    "/invitation/{token}": {"password": "een heel lang wachtwoord"},
    "/unsubscribe/{token}": {"List-Unsubscribe": "One-Click"},
    "/unsubscribe/{token}/undo": {"rhythm": "weekly"},
    "/me": {"language": "nl"},
    "/me/calendar": {"scope": "whole"},
    "/me/digest": {
        "rhythm": "weekly", "weekday": "", "hour": "7", "language": "nl", "programmes": "LIFE\nInterreg",
    },
    "/me/password": {"old": "wrong", "password": "een heel lang wachtwoord"},
    "/me/code": {"secret": "A" * 32, "code": "000000"},
    "/people": {"name": "Nieuw", "email": "nieuw@enschede.example", "language": "nl", "access": "editor"},
    "/people/{colleague_id}": {"access": "editor", "active": "1"},
    "/reminders": {
        "days": "30, 14, 7", "milestone": "", "obligation": "21", "call": "", "partners": "1", "seen": "{seen_office}",
    },
    "/audit/export": {"format": "csv", "actor": "", "subject": "", "on": ""},
    "/calls/{call_id}/links": {"other": "{other}"},
    "/links/{link_id}/undo": {"call": "1"},
    "/calls/{call_id}/verdict": {
        "verdict": "not_relevant", "reason": "too_late", "note": "", "over": "", "from": "", "back": "",
    },
    "/calls/{call_id}/decision": {"choice": "go", "why": "past", "leads": "1", "over": ""},
    "/calls/{call_id}/assignment": {"colleague": "{colleague}", "over": ""},
    "/verdicts/{row_id}/undo": {"from": "inbox", "back": "theme=wonen"},
    "/decisions/{row_id}/undo": {"from": "", "back": ""},
    "/views": {"page": "calls", "query": "theme=wonen&page=2", "key": "d" * 12, "name": "Wijken", "shared": "1"},
    "/views/{slug}": {"name": "Anders", "shared": ""},
    "/rounds/new": ROUND | {"source": "dnl", "key": "b" * 16, "seen": ""},
    "/calls/{call_id}/edit": ROUND | {"seen": "{seen}"},
    "/looks/{look_id}": {"note": "gezien"},
    "/sources/{slug}/read": {"accept_size": "1"},
    "/sources/{slug}/settings": {
        "every_hours": "24", "at_least": "1", "at_most": "", "news_every_days": "", "enabled": "1",
        "seen": "{seen}",
    },
    "/applications": dict.fromkeys((one.name for one in MAIN), "") | {"title": "Nieuw", "call": "", "key": "c" * 12},
    "/applications/{application_id}/edit": dict.fromkeys((one.name for one in MAIN), "")
    | {"title": "Anders", "confidential": "{confidential}", "owner_id": "{owner}", "version": "{version}"},
    "/applications/{application_id}/stage": {"stage": "{onward}", "why": "", "version": "{version}"},
    "/applications/{application_id}/stage/undo": {"step": "{step}", "from": ""},
    "/applications/{application_id}/row": {
        "owner_id": "", "reference": "2026-7", "kind": "milestones", "date": "{milestones}", "on": "2026-11-30",
        "version": "{version}", "seen": "{seen_day}",
    },
    "/applications/{application_id}/plan": {"on": "{submission}", "seen": "{seen_plan}"},
    "/applications/{application_id}/plan/undo": {"planning": "{planning}"},
    "/themes": THEME,
    "/themes/file": {"text": THEMES},
    "/themes/file/keep": {"text": THEMES, "seen": "x"},
    "/themes/try": THEME,
    "/themes/{theme_id}": THEME | {"seen": "{seen}"},
    "/themes/{theme_id}/try": THEME | {"seen": "{seen}"},
    "/themes/{theme_id}/suggestions": {"deed": "approve", "kind": "terms", "language": "de", "term": "deich"},
    "/themes/{theme_id}/threshold": {"threshold": "narrow", "seen": "{line}"},
    "/settings/planning/steps": PLAN_STEP,
    "/settings/planning/steps/{step_id}": PLAN_STEP | {"seen": "{seen}"},
    "/settings/planning/closures": {"on": "2026-12-31", "name": "Oudjaar"},
}  # fmt: skip

KINDS = {  # of the parts of an application: a form that is taken
    "milestones": {"title": "Indienen", "on": "2027-01-15", "at": "", "kind": "submission"},
    "obligations": {"title": "Verslag", "on": "2027-01-15", "kind": "content", "partner_id": "", "note": ""},
    "partners": {
        "partner_id": "",
        "name": "Saxion",
        "country": "NL",
        "role": "partner",
        "share": "",
        "contact": "",
    },
    "contributions": {"partner_id": "", "party": "Rijk", "kind": "cash", "amount": "1000", "certain": ""},
    "decisions": {
        "on": "2027-01-15",
        "awarded": "awarded",
        "amount": "1000",
        "reference": "B-7",
        "conditions": "",
        "url": "",
    },
    "documents": {"title": "Begroting", "url": "https://dms.example/8", "kind": ""},
    "checklist": {"title": "Handtekening"},
    "comments": {"text": "Goed bezig"},
}
DEEDS = [(kind, "remove") for kind in KINDS if kind != "comments"] + [
    (kind, deed) for kind in ("milestones", "obligations", "checklist") for deed in ("done", "reopen")
]
CHOICES = {
    "deed": ("up", "down", "remove", "return"),
    "switch": ("on", "off"),
    "turn": ("undo", "restore"),
}  # of other things


class Rule(NamedTuple):
    """One line of the table, with a word for each {kind}, {deed}, {switch} and {turn} in its route."""

    who: str
    subject: str
    answer: int
    method: str
    route: str  # as the site has it
    path: str  # with kind and deed filled in
    form: dict[str, str]


def rules() -> list[Rule]:
    """Every line, a part of an application as often as there are kinds of parts."""
    lines = [line.split() for line in RULES.strip().splitlines()[1:] if line]
    return [
        Rule(who, subject, int(answer), method, route, path, form if method == "POST" else {})
        for who, subject, answer, method, route in lines
        for path, form in _spelled_out(route)
    ]


def _spelled_out(route: str) -> Iterator[tuple[str, dict[str, str]]]:
    if "{kind}" in route and "{deed}" in route:
        yield from (
            (route.replace("{kind}", kind).replace("{deed}", deed), {"from": ""}) for kind, deed in DEEDS
        )
    elif "{part_id}" in route:
        for kind, form in KINDS.items():
            names = {one.name for one in PARTS[kind]}
            if kind != "comments":  # what was said stays as it was said
                known = {name: value for name, value in form.items() if name in names}
                yield route.replace("{kind}", kind), known | {"seen": "{seen_" + kind + "}"}
    elif "{kind}" in route:
        yield from ((route.replace("{kind}", kind), form) for kind, form in KINDS.items())
    elif chosen := next((name for name in CHOICES if f"{{{name}}}" in route), ""):
        yield from ((route.replace(f"{{{chosen}}}", word), {}) for word in CHOICES[chosen])
    else:
        yield route, FORMS.get(route, {})


def routes(app: FastAPI) -> set[tuple[str, str]]:
    """Every method and path the site answers to, but its static files."""
    return {(method, one.path) for one in _walk(app) for method in one.methods if method != "HEAD"}


def queries_of(app: FastAPI, path: str) -> list[str]:
    """What can be asked in the address of a page."""
    pages = [one for one in _walk(app) if one.path == path and "GET" in one.methods]
    return [asked.alias for one in pages for asked in one.dependant.query_params]


def _walk(app: FastAPI) -> Iterator[Any]:
    waiting: list[Any] = list(app.routes)
    while waiting:
        one = waiting.pop()
        if inner := getattr(one, "original_router", None):
            waiting += inner.routes
        elif getattr(one, "methods", None):
            yield one
        else:
            assert one.path == "/static", f"{one} is neither a route nor the folder of static files."
