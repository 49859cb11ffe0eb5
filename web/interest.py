# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a list of calls is asked for by what the office and the colleague made of them."""

from typing import Annotated, Final, Literal

from fastapi import Depends

from grants.queries import Decided, Interest, Judged, Mine
from web.auth import Reader

CHOICES: Final = {"mine": list(Mine), "verdict": list(Judged), "decision": list(Decided)}


async def _interest(
    me: Reader,
    *,
    mine: Mine | Literal[""] = "",
    verdict: Judged | Literal[""] = "",
    decision: Decided | Literal[""] = "",
) -> Interest:
    return Interest(me, mine or None, verdict or None, decision or None)


Asked = Annotated[Interest, Depends(_interest)]
"""The parameter of a route whose list can be asked so: `def show(request: Request, asked: Asked)`."""
