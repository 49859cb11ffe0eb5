# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How the office itself is doing, for administrators: red is what asks for a person."""

from collections import Counter

from fastapi import APIRouter, Request
from fastapi.responses import Response

from grants import queries, suppressing, watch
from grants.audit_walk import last_walk
from web.auth import Administrator
from web.deps import desk, language, shown
from web.threads import Route, waits

router = APIRouter(route_class=Route)


@router.get("/operations")
@waits
def show(request: Request, me: Administrator) -> Response:
    """The state of what all share and of one's own office; Prefect is asked, and need not answer."""
    here = desk(request)
    now, tongue = here.now(), language(request)
    asked = here.ask_prefect(now)
    with here.look() as session:
        red = watch.red(session, now=now, settings=here.settings, office_id=me.office_id)
        flows = watch.flow_lines(session, now=now)
        letters = queries.letter_counts(session, me.office_id)
        counted = Counter(one.state for one in queries.sources(session, now))
        refused = suppressing.in_force(session, me.office_id)
        walk, size = last_walk(session), watch.database_size(session)
    sources = {one: counted[one] for one in queries.SourceState if one in counted}
    here.red[me.office_id] = (now, len(red))
    signs = [(one.to, *watch.words(one, tongue)) for one in [*asked.signs, *red]]
    return shown(
        request, "operations.html", signs=signs, flows=flows, asked=asked, letters=letters, sources=sources,
        flow_word=lambda flow: watch.flow_word(flow, tongue), refused=len(refused), walk=walk, size=size,
        machine=watch.machine(here.settings), prefect_port=here.settings.prefect_port,
    )  # fmt: skip
