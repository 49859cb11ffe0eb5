# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The text of topics that only the portal's bulk file brought: asked for those that match, a few at a time.

The bulk file has titles and dates; text, conditions and budget stand in a document of each topic's own.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from grants.errors import FaultKind, SourceError
from grants.keeping import keep_payloads
from grants.scoring.model import Band
from grants.sources.clean import clean_html, plain_text
from grants.sources.reading import Fetch, Payload, Request, Response
from grants.sources.sedia_budget import budget
from models.call import Call, CallChange, ChangeKind, Significance
from models.link import CallLink
from models.match import Match
from models.session import Begin
from models.source import HarvestRun, Source

ADDRESS = "https://ec.europa.eu/info/funding-tenders/opportunities/data/topicDetails"
MISSING = (
    "details_missing_since"  # in Call.extra: there is no such document; asked again once the call changes
)
SPARED = (Band.STRONG, Band.LIKELY, Band.POSSIBLE)


@dataclass(frozen=True, slots=True)
class Detailed:
    """What one round gave: calls that got their text, calls that have none, and why it ended early."""

    told: int = 0
    missing: int = 0
    trouble: str = ""


def fetch_details(
    begin: Begin, *, fetch: Fetch, now: datetime, pause: Callable[[], object], most: int = 20
) -> Detailed:
    """Fetch the text of up to `most` matched calls that have none.

    Args:
        begin: opens a transaction; none is open while the portal answers.
        fetch: fetches one request.
        now: the moment of the round.
        pause: waits between two requests: clients keep to one a second.
        most: how many are asked for.
    """
    told = missing = 0
    for call_id, identifier in _wanting(begin, most):
        if told or missing:
            pause()
        try:
            answer = fetch(Request(f"{ADDRESS}/{quote(identifier.lower(), safe='')}.json"))
            facts = _facts(answer)
        except SourceError as error:
            if error.kind != FaultKind.MISSING:
                return Detailed(told, missing, f"{identifier}: {error}")
            missing += 1
            with begin() as session:
                call = session.get_one(Call, call_id, with_for_update=True)
                call.extra = {**call.extra, MISSING: now.date().isoformat()}
            continue
        with begin() as session:
            _tell(session, session.get_one(Call, call_id, with_for_update=True), facts, answer, now=now)
        told += 1
    return Detailed(told, missing)


def _wanting(begin: Begin, most: int) -> list[tuple[int, str]]:
    """Calls of a bulk source that match, have no text and no twin that has one; the best first."""
    twin = aliased(Call)
    linked = (
        select(CallLink.id)
        .join(twin, or_(twin.id == CallLink.call_id, twin.id == CallLink.other_id))
        .where(or_(CallLink.call_id == Call.id, CallLink.other_id == Call.id), CallLink.undone_at.is_(None))
        .where(twin.id != Call.id, twin.body != "")
        .correlate(Call)
    )
    wanted = (
        select(Call.id, Call.identifier, Call.extra)
        .join(Call.source)
        .join(Match, Match.call_id == Call.id)
        .where(Source.kind == "sedia_bulk", Call.body == "", Call.not_seen_since.is_(None))
        .where(Match.band.in_(SPARED), ~linked.exists())
        .order_by(Match.score.desc(), Call.id)
    )
    with begin() as session:
        rows = session.execute(wanted).all()
    once = {row.id: row.identifier for row in rows if MISSING not in row.extra}
    return list(once.items())[:most]


def _facts(answer: Response) -> Mapping[str, Any]:
    try:
        facts = json.loads(answer.body)["TopicDetails"]
    except (ValueError, LookupError, TypeError) as error:
        raise SourceError(
            "The portal's details are not what they should be.", kind=FaultKind.BROKEN
        ) from error
    if not isinstance(facts, dict):
        raise SourceError("The portal's details are no object.", kind=FaultKind.BROKEN)
    return facts


def _tell(session: Session, call: Call, facts: Mapping[str, Any], answer: Response, *, now: datetime) -> None:
    """Write what the document tells; the call waits to be matched again."""
    parts = [clean_html(str(facts.get(name) or ""), call.url) for name in ("description", "conditions")]
    pot = budget(facts.get("budgetOverviewJSONItem"), call.identifier)
    call.body = "\n".join(part for part in parts if part) or f"<p>{clean_html(call.title, call.url)}</p>"
    call.text = plain_text(call.body)
    call.budget, call.budget_shared_by = pot.total, pot.shared_by
    call.minimum, call.maximum, call.expected_grants = pot.minimum, pot.maximum, pot.expected
    call.text_version, call.facts_read = call.text_version + 1, 0
    run = session.scalars(
        select(HarvestRun)
        .where(HarvestRun.source_id == call.source_id)
        .order_by(HarvestRun.id.desc())
        .limit(1)
    ).one()
    session.add(
        CallChange(
            call_id=call.id, run_id=run.id, at=now, kind=ChangeKind.TEXT, significance=Significance.MINOR,
            before="", after="",
        )
    )  # fmt: skip
    keep_payloads(session, run, [Payload(answer.url, "application/json", answer.body)])
