# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

import pytest

from config.catalogue import ConfigError, load
from config.settings import Settings, child_environment
from config.specs import ColleagueSpec

GOOD = "- slug: a\n  name: A\n  kind: rss\n  url: https://x.example/\n"


def faults(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    with pytest.raises(ConfigError) as told:
        load(folder)
    return [line.replace(f"{folder}/", "") for line in str(told.value).splitlines()]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD + "  at_least: veel\n", "sources.yaml, line 5, a › at_least: should be a valid integer, unable to parse string as an integer, but is 'veel'."),
        (GOOD + "  at_leest: 5\n", "sources.yaml, line 5, a › at_leest: is not a field here; did you mean 'at_least'?"),
        (GOOD + "  zone: Europe/Nowhere\n", "sources.yaml, line 5, a › zone: should be a time zone such as Europe/Amsterdam, but is 'Europe/Nowhere'."),
        ("- slug: a\n  name: A\n  kind: rss\n", "sources.yaml, line 1, a › url: is missing."),
        (GOOD + GOOD, "sources.yaml: the slug 'a' stands twice."),
        ("slug: a\n", "sources.yaml: should be a list of entries, each beginning with '- slug:'."),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_field(tmp_path: Path, text: str, sentence: str) -> None:
    assert faults(tmp_path, sources=text) == [sentence]


def test_broken_yaml_names_its_line(tmp_path: Path) -> None:
    (sentence,) = faults(tmp_path, sources="- slug: [a\n- b: }\n")
    assert sentence.startswith("sources.yaml, line 2: is no good YAML:")


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    assert len(faults(tmp_path, sources=GOOD + "  at_least: -1\n  colour: red\n", themes="- slug: b\n")) == 4


def test_a_reference_that_leads_nowhere_is_told_with_its_neighbour(tmp_path: Path) -> None:
    portfolio = (
        "partners: []\napplications:\n- slug: x\n  office: enschede\n  title: X\n  stage: idea\n  task: groen-en-duurzam\n"
        "  owner: noor@enschede.example\n  partners: [{partner: gronau}]\n"
        "  backup: sam@enschede.example\n  themes: [niets]\n  contributions: [{partner: almelo, amount: 5}]\n"
        "  history: [{stage: ide, on: 2026-01-05, by: els@enschede.example}]\n"
        "  comments: [{by: kim@enschede.example, on: 2026-01-05, text: '@kim', mentions: [kim@enschede.example]}]\n"
    )
    assert faults(tmp_path, portfolio=portfolio) == [
        "portfolio.yaml › x › partners: 'gronau' is not known.",
        "portfolio.yaml › x › partners: 'almelo' is not known.",
        "portfolio.yaml › x › task: 'groen-en-duurzam' is not known; did you mean 'groen-en-duurzaam'?",
        "portfolio.yaml › x › owner and team: 'noor@enschede.example' is not known.",
        "portfolio.yaml › x › owner and team: 'sam@enschede.example' is not known.",
        "portfolio.yaml › x › history, documents and comments: 'els@enschede.example' is not known.",
        "portfolio.yaml › x › history, documents and comments: 'kim@enschede.example' is not known.",
        "portfolio.yaml › x › history, documents and comments: 'kim@enschede.example' is not known.",
        "portfolio.yaml › x › history (the last step): 'ide' is not known; did you mean 'idea'?",
        "portfolio.yaml › x › themes: 'niets' is not known.",
    ]


def test_a_step_of_the_planning_has_a_name_in_every_language(tmp_path: Path) -> None:
    offices = "- slug: x\n  name: X\n  planning: [{name: {nl: Concept, en: Draft}, working_days: 5}]\n"
    (fault,) = faults(tmp_path, offices=offices)
    assert "planning › 0 › name: should be given in nl, de and en" in fault


def test_a_portfolio_that_is_a_list_has_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "portfolio.yaml").write_text("[]\n")
    assert load(tmp_path).applications == ()


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="PIJPLIJN_CONFIG_DIR"):
        load(tmp_path / "nowhere")


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIJPLIJN_TRUSTED_HOSTS", "a:1, b")
    monkeypatch.setenv("PIJPLIJN_ALERT_URLS", "json://x ntfy://y")
    own = Settings()
    assert own.trusted_hosts == {"a:1", "b"}
    assert own.alert_urls == ("json://x", "ntfy://y")
    handed_on = child_environment(own, EXTRA="1")
    assert (handed_on["PIJPLIJN_ALERT_URLS"], handed_on["EXTRA"]) == ("json://x ntfy://y", "1")


@pytest.mark.parametrize(
    ("said", "rhythm"), [(True, "weekly"), (False, "never"), ("daily", "daily"), ("never", "never")]
)
def test_a_digest_is_said_by_its_rhythm_or_as_before_with_yes_or_no(said: object, rhythm: str) -> None:
    facts = {"name": "Noor", "email": "noor@enschede.example", "digest": said}
    assert ColleagueSpec.model_validate(facts).digest == rhythm
    assert ColleagueSpec.model_validate(facts | {"digest": "weekly"}) == ColleagueSpec.model_validate(
        {"name": "Noor", "email": "noor@enschede.example"}
    )
