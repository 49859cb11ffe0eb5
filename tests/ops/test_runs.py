# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A reading is asked of Prefect in its own words; when that fails the sentence names the way by hand."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from config.settings import Settings
from grants.errors import PijplijnError
from ops.runs import StartReading, starters
from tests.prefect_api import PASSWORD, PrefectApi, answering


@pytest.fixture
def api() -> Iterator[PrefectApi]:
    with answering() as api:
        yield api


def starter(port: int, password: str = PASSWORD) -> StartReading:
    return starters(Settings(prefect_port=port, prefect_auth=SecretStr(password)))[0]


def test_a_reading_is_one_run_of_that_source_alone(api: PrefectApi) -> None:
    start = starter(api.port)
    start("rvo", False)
    start("eu-portal", True)
    assert api.started == [
        {"slugs": ["rvo"], "accept_size": False},
        {"slugs": ["eu-portal"], "accept_size": True},
    ]
    assert len(api.tokens) == 2


def test_matching_is_one_run_of_its_own_and_named_by_hand_when_it_fails(api: PrefectApi) -> None:
    _, start = starters(Settings(prefect_port=api.port, prefect_auth=SecretStr(PASSWORD)))
    start()
    assert api.started == [{}]
    api.broken = True
    with pytest.raises(PijplijnError, match=r"did not start the matching .* By hand: manage\.py match\.$"):
        start()


def test_a_proxy_of_the_machine_is_not_asked(api: PrefectApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    starter(api.port)("rvo", False)
    assert len(api.started) == 1


def test_a_refusal_names_the_way_by_hand_and_no_password(api: PrefectApi) -> None:
    start = starter(api.port, "wrong:one")
    for accept_size, by_hand in ((False, "harvest rvo."), (True, "harvest rvo --accept-size.")):
        with pytest.raises(PijplijnError) as refused:
            start("rvo", accept_size)
        assert str(refused.value) == (
            f"Prefect did not start the reading (HTTP Error 401: Unauthorized). By hand: manage.py {by_hand}"
        )
    assert api.started == []


def test_a_prefect_that_is_away_or_not_itself_is_a_sentence(api: PrefectApi) -> None:
    api.broken = True
    with pytest.raises(PijplijnError, match="503"):
        starter(api.port)("rvo", False)
    with pytest.raises(PijplijnError, match="refused"):
        starter(1)("rvo", False)
