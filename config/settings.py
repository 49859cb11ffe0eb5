# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The environment, read once: the only reader of os.environ. docs/operating.md lists every setting."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, FilePath, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

HOME = Path(__file__).resolve().parent.parent
SECRETS = [Path("/run/secrets"), Path(os.environ.get("CREDENTIALS_DIRECTORY", "/run/secrets"))]
"""Where Docker and Podman lay secrets, and systemd its credentials: a file per setting, named like it."""


class Settings(BaseSettings):
    """What differs from one machine to the next; each is PIJPLIJN_<NAME> in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="PIJPLIJN_", env_ignore_empty=True, frozen=True,
        secrets_dir=[folder for folder in SECRETS if folder.is_dir()],
    )  # fmt: skip

    database_url: str = f"sqlite:///{HOME / 'data' / 'pijplijn.db'}"
    config_dir: Path = HOME / "config"
    data_dir: Path = HOME / "data"
    journal: Path | None = None
    backup_dir: Path | None = None
    postgres_bin: Path | None = None
    smtp_url: str = "smtp://localhost:25"
    archive_url: SecretStr = SecretStr("")
    archive_address: str = ""
    relay_log: Path | None = None
    bounce_url: SecretStr = SecretStr("")
    return_path: str = ""
    mail_from: str = "Pijplijn <pijplijn@localhost>"
    alert_urls: Annotated[tuple[str, ...], NoDecode] = ()
    public_url: str = "http://localhost:8000"
    trusted_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    source_keys: Annotated[dict[str, SecretStr], NoDecode] = {}
    secret_key: SecretStr = SecretStr("")
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    theme_file: FilePath | None = None
    web_port: int = 8000
    prefect_port: int = 4200
    prefect_url: str = ""
    prefect_pages: str = ""
    prefect_database: SecretStr = SecretStr("")
    listen: str = "127.0.0.1"
    web_processes: int = Field(default=min(os.cpu_count() or 1, 4), ge=1)
    worker_port: int = 0
    runs_at_once: int = Field(default=4, ge=1)
    silent_seconds: int = Field(default=75, ge=35)
    part_size: int = Field(default=0, ge=0)
    readers: int = Field(default=min(os.cpu_count() or 1, 4), ge=1)
    prefect_auth: SecretStr = SecretStr("")
    metrics_token: SecretStr = SecretStr("")
    log: Literal["json", "text"] = "text"
    keep_sign_ins_days: int = Field(default=90, ge=8)
    keep_failures_days: int = Field(default=7, ge=1)
    keep_bounces_days: int = Field(default=180, ge=30)
    keep_letters_days: int = Field(default=730, ge=90)
    security_contact: str = ""
    require_code: bool | None = None

    @property
    def prefect_api(self) -> str:
        """Where Prefect's API answers: on this machine, or at a server of its own."""
        return f"{self.prefect_url.rstrip('/') or f'http://127.0.0.1:{self.prefect_port}'}/api"

    @property
    def journal_file(self) -> Path:
        """Where the acceptances of mail servers are kept, outside the database."""
        return self.journal or self.data_dir / "journal" / "accepted"

    @property
    def envelope_sender(self) -> str:
        """Where a letter that cannot be delivered goes back to."""
        return self.return_path or self.mail_from

    @property
    def backup_folder(self) -> Path:
        """Where backups are kept; another disk than the database's is better."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def asks_for_codes(self) -> bool:
        """Whether a password alone lets nobody in: as it is said, else where there is HTTPS."""
        return self.public_url.startswith("https://") if self.require_code is None else self.require_code

    @property
    def running_folder(self) -> Path:
        """Where the running office keeps its lock and its logs."""
        return self.data_dir / "running"

    @model_validator(mode="after")
    def _archive_whole(self) -> Self:
        """An archive that gets nothing would say of every letter that it did not go."""
        if bool(self.archive_url.get_secret_value()) != bool(self.archive_address):
            sentence = "PIJPLIJN_ARCHIVE_URL and PIJPLIJN_ARCHIVE_ADDRESS are set together or not at all"
            raise ValueError(sentence)
        return self

    @field_validator("alert_urls", "trusted_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Several values are separated by commas or white space."""
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("source_keys", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        """`slug=key`, several separated by white space."""
        if not isinstance(value, str):
            return value
        pairs = [one.partition("=") for one in value.split()]
        nameless = [slug for slug, equals, key in pairs if not (slug and equals and key)]
        if nameless:
            sentence = f"PIJPLIJN_SOURCE_KEYS should hold slug=key pairs; {nameless[0]!r} is none"
            raise ValueError(sentence)
        return {slug: key for slug, _, key in pairs}


@lru_cache
def settings() -> Settings:
    """This process's settings."""
    return Settings()


def environment(**more: str) -> dict[str, str]:
    """Our environment for a program of others, and `more` over it."""
    return {**os.environ, **more}


def child_environment(own: Settings, **more: str) -> dict[str, str]:
    """The environment for a process we start: ours, these settings, and `more` over both."""
    return {**environment(), **_as_environment(own), **more}


def _as_environment(own: Settings) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, value in own:
        said[f"PIJPLIJN_{name.upper()}"] = _plain(value)
    return said


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, dict):
        return " ".join(f"{name}={_plain(one)}" for name, one in value.items())
    return " ".join(value) if isinstance(value, tuple | frozenset) else str(value)
