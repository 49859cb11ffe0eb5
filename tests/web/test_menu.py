# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Prefect's own pages are a word in the menu, where there is an address and for administrators only."""

import httpx
import pytest
from sqlalchemy import Engine

from config.settings import Settings
from models.session import reading, transactions
from tests.browser import serving
from tests.builders import NOW
from tests.web.offices import As
from web.app import create_app

PAGES = "https://prefect.enschede.example/dashboard"


@pytest.mark.parametrize("address", [PAGES, ""])
def test_administrators_find_prefect_in_the_menu_where_it_has_an_address(
    engine: Engine, as_: As, web: httpx.Client, address: str
) -> None:
    own = Settings(prefect_pages=address)
    with serving(create_app(own, reading(engine), transactions(engine), lambda: NOW)) as site:
        noor, others = web.cookies["sid"], as_("Sam").cookies["sid"]
        seen = [PAGES in httpx.get(f"{site}/calls", cookies={"sid": sid}).text for sid in (noor, others)]
    assert seen == [bool(address), False]
