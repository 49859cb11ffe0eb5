# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the tasks of the harvest ask Prefect for, without Prefect's server; test_deployments.py has the whole."""

from typing import Any

import pytest

from grants.errors import SourceError
from grants.runs import Harvested
from models.values import Completeness


@pytest.fixture
def harvest(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of the flow, as far as reading goes: each source gives what its name says."""
    from flows import harvest  # noqa: PLC0415 - Prefect takes its time

    results = {
        "good": Harvested("good", Completeness.COMPLETE, new=2),
        "wrong": Harvested("wrong", Completeness.FAILED, error="It is gone."),
        "silent": Harvested("silent", Completeness.FAILED, error="It gave no answer.", temporary=True),
    }
    monkeypatch.setattr(harvest, "harvest_all", lambda _begin, slugs, **_: [results[slug] for slug in slugs])
    return harvest


def test_all_sources_are_one_task_that_never_fails_for_one_of_them(harvest: Any) -> None:
    read = harvest.read.fn(["good", "wrong", "silent"], None, None, accept_size=False)
    assert [one.source for one in read] == ["good", "wrong", "silent"]
    assert harvest.read.retries == 0


def test_only_a_source_that_may_do_better_fails_its_own_task_so_that_prefect_tries_again(
    harvest: Any,
) -> None:
    assert harvest.reread.fn("wrong", None, None, accept_size=False).error == "It is gone."
    with pytest.raises(SourceError, match=r"silent: It gave no answer\."):
        harvest.reread.fn("silent", None, None, accept_size=False)
    assert harvest.reread.retries == 1
