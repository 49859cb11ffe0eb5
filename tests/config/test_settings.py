# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import os
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config.settings import HOME, Settings, child_environment, settings

OPERATING = HOME / "docs" / "operating.md"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIJPLIJN_")]:
        monkeypatch.delenv(name)


def test_a_bare_environment_gives_a_local_office() -> None:
    own = Settings()
    assert own.database_url == f"sqlite:///{HOME}/data/pijplijn.db"
    assert (own.config_dir, own.data_dir) == (HOME / "config", HOME / "data")
    assert (own.alert_urls, own.trusted_hosts) == ((), frozenset())
    assert (own.web_port, own.prefect_port) == (8000, 4200)


@pytest.mark.parametrize(
    "said", ["a.example b.example:81", "a.example,b.example:81", " a.example,  b.example:81\n"]
)
def test_several_values_are_parted_by_commas_or_white_space(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("PIJPLIJN_TRUSTED_HOSTS", said)
    monkeypatch.setenv("PIJPLIJN_ALERT_URLS", said)
    assert Settings().trusted_hosts == {"a.example", "b.example:81"}
    assert Settings().alert_urls == ("a.example", "b.example:81")


def test_source_keys_are_named_hidden_and_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIJPLIJN_SOURCE_KEYS", "interreg-eu=abc=  other=x")
    own = Settings()
    assert {slug: key.get_secret_value() for slug, key in own.source_keys.items()} == {
        "interreg-eu": "abc=", "other": "x",
    }  # fmt: skip
    assert "abc" not in repr(own)
    assert child_environment(own)["PIJPLIJN_SOURCE_KEYS"] == "interreg-eu=abc= other=x"
    monkeypatch.setenv("PIJPLIJN_SOURCE_KEYS", "interreg-eu")
    with pytest.raises(ValidationError, match="'interreg-eu' is none"):
        Settings()


def test_the_journal_lies_in_the_data_folder_unless_it_is_told_where() -> None:
    assert Settings(data_dir=HOME).journal_file == HOME / "journal" / "accepted"
    assert Settings(journal=HOME / "x").journal_file == HOME / "x"


def test_an_archive_has_both_its_addresses_or_none() -> None:
    url = SecretStr("imaps://u:p@x.example")
    assert Settings(archive_url=url, archive_address="a@x.example").archive_address == "a@x.example"
    with pytest.raises(ValidationError, match="together or not at all"):
        Settings(archive_url=url)


def test_values_given_in_python_stand_as_they_are() -> None:
    assert Settings(alert_urls=("ntfy://a b",)).alert_urls == ("ntfy://a b",)


def test_settings_cannot_be_changed_and_a_wrong_port_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError):
        Settings().web_port = 1
    monkeypatch.setenv("PIJPLIJN_WEB_PORT", "http")
    with pytest.raises(ValidationError, match="web_port"):
        Settings()


def test_the_secret_key_does_not_show() -> None:
    assert "hush" not in repr(Settings(secret_key="hush"))


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.cache_clear()
    first = settings()
    monkeypatch.setenv("PIJPLIJN_WEB_PORT", "9")
    assert settings() is first
    settings.cache_clear()


def test_a_child_process_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Settings(
        config_dir=Path("/c"),
        alert_urls=("json://a", "json://b"),
        trusted_hosts=frozenset({"h:1"}),
        secret_key="hush",
    )
    for name, value in child_environment(own).items():
        monkeypatch.setenv(name, value)
    assert Settings() == own


def test_a_child_process_gets_our_environment_and_what_is_said_over_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHELL_SAYS", "hello")
    child = child_environment(Settings(), PIJPLIJN_WEB_PORT="81", PREFECT_HOME="/p")
    assert (child["SHELL_SAYS"], child["PIJPLIJN_WEB_PORT"], child["PREFECT_HOME"]) == ("hello", "81", "/p")


@pytest.mark.skipif(not OPERATING.exists(), reason="there is no operating guide yet")
@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_named_in_the_operating_guide(name: str) -> None:
    assert f"`PIJPLIJN_{name.upper()}`" in OPERATING.read_text(encoding="utf-8")
