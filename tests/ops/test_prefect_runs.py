# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What Prefect says of its runs; that it says nothing is no error."""

from pydantic import SecretStr

from config.settings import Settings
from grants.watch import Sign
from ops.prefect_runs import PrefectSays, asker
from tests.builders import NOW
from tests.prefect_api import PASSWORD, answering


def test_prefect_counts_what_failed_and_what_waits() -> None:
    with answering() as api:
        ask = asker(Settings(prefect_port=api.port, prefect_auth=SecretStr(PASSWORD)))
        assert (ask(NOW), ask(NOW).signs) == (PrefectSays(reachable=True), [])
        api.counts = {"FAILED": 3, "Late": 1}
        assert ask(NOW).signs == [Sign("crashed", "#runs", count=3), Sign("waiting", "#runs", count=1)]


def test_a_prefect_that_is_broken_gone_or_shut_is_not_reachable() -> None:
    with answering() as api:
        ask = asker(Settings(prefect_port=api.port, prefect_auth=SecretStr(PASSWORD)))
        assert not asker(Settings(prefect_port=api.port))(NOW).reachable
        api.broken = True
        assert not ask(NOW).reachable
    assert ask(NOW).signs == [Sign("prefect", "#runs")]
