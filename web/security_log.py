# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What an investigator asks for: who came in or did not, what was refused, what broke; a line of JSON each.

Nobody stands in it by name or address: a colleague by number, who is not known by the hash their failures are
counted by. JSON keeps every line one line, whatever was typed (docs/security/rules.md: what is logged where).
"""

import json
import logging
from typing import Final

from fastapi import Request

from grants import clock
from grants.credentials import Tried, counted

LOG: Final = logging.getLogger("pijplijn.security")


def tell(event: str, request: Request, **facts: object) -> None:
    """Write an event down; the colleague is who is signed in, where somebody is."""
    me = getattr(request.state, "colleague", None)
    told = {"at": clock.now().isoformat(), "event": event, "method": request.method, "route": _route(request)}
    told |= {"colleague": me.id} if me else {}
    LOG.info(json.dumps(told | facts, default=str))


def tried(one: Tried) -> dict[str, str]:
    """As whom and from where a sign-in was tried: enough to see that two are the same, and no more."""
    account, address = counted(one)
    return {"account": account[:16], "address": address[:16]}


def _route(request: Request) -> str:
    """The pattern of an address, never what stands in it: that may be a secret."""
    return str(getattr(request.scope.get("route"), "path", "-"))
