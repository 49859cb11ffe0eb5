# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The municipality's own theme, in a browser."""

from pathlib import Path

import httpx
from playwright.sync_api import Browser
from pydantic import SecretStr
from sqlalchemy import Engine

from config.settings import Settings
from models.session import reading, transactions
from tests.browser import serving
from tests.prefect_api import PASSWORD, PrefectApi
from tests.web.conftest import NOW
from web.app import create_app

TOKENS = ":root { --basis-color-default-bg-subtle: rgb(1, 2, 3); }"


def test_without_a_theme_of_ones_own_there_is_none(web: httpx.Client) -> None:
    assert web.get("/theme.css").status_code == 404
    assert 'href="/theme.css"' not in web.get("/calls").text


def test_the_theme_of_the_municipality_colours_the_pages_in_light(
    engine: Engine, prefect: PrefectApi, tmp_path: Path, browser: Browser
) -> None:
    file = tmp_path / "theme.css"
    file.write_text(TOKENS)
    settings = Settings(prefect_port=prefect.port, prefect_auth=SecretStr(PASSWORD), theme_file=file)
    found = {}
    with serving(create_app(settings, reading(engine), transactions(engine), lambda: NOW)) as address:
        page = browser.new_page()
        page.goto(f"{address}/sign-in")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.close()
    assert found["light"] == "rgb(1, 2, 3)" != found["dark"]
