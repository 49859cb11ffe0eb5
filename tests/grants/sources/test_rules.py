# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The rules of the factory's own sources are sound."""

import pytest

from config.catalogue import load
from config.settings import HOME
from config.specs import SourceSpec
from grants.sources.feed_entries import FeedRules
from grants.sources.html_watch import WatchRules
from grants.sources.interreg import IndexRules
from grants.sources.reading import SourceConfig
from grants.sources.rules import Rules, rules_of
from grants.sources.rvo import SchemeRules

KINDS: dict[str, type[Rules]] = {
    "rss": FeedRules,
    "json_feed": FeedRules,
    "html_watch": WatchRules,
    "interreg": IndexRules,
    "rvo": SchemeRules,
}
SPECS = [
    spec for folder in ("config", "demo/config") for spec in load(HOME / folder).sources if spec.kind in KINDS
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.slug)
def test_the_rules_of_a_factory_source_are_sound(spec: SourceSpec) -> None:
    source = SourceConfig(spec.slug, spec.kind, spec.url, spec.language, spec.zone, spec.rules)
    assert rules_of(KINDS[spec.kind], source).at_least == 0


def test_a_page_whose_address_nobody_confirmed_is_off() -> None:
    assert {spec.slug for spec in SPECS if not spec.enabled} == {"euregio-agenda", "urbact", "eucf"}
