# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The parts of a running office, each a command with its environment: in one group, or each by itself."""

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from config.settings import HOME, Settings, child_environment
from grants.errors import PijplijnError

POOL: Final = "pijplijn"


def prefect_environment(settings: Settings) -> dict[str, str]:
    """What Prefect must know: where its server is, its password, no telemetry."""
    api = settings.prefect_api
    password = settings.prefect_auth.get_secret_value() or (
        f"pijplijn:{_secret(settings.data_dir / 'prefect' / 'password')}"
    )
    key = settings.secret_key.get_secret_value() or _secret(settings.data_dir / "secret-key")
    own = settings.prefect_database.get_secret_value()
    return child_environment(
        settings,
        PIJPLIJN_SECRET_KEY=key,
        PREFECT_HOME=str(settings.data_dir / "prefect"),
        PREFECT_API_URL=api,
        PREFECT_API_AUTH_STRING=password,
        PIJPLIJN_PREFECT_AUTH=password,
        PREFECT_SERVER_API_AUTH_STRING=password,
        PREFECT_SERVER_CORS_ALLOWED_ORIGINS=api.removesuffix("/api"),
        PREFECT_SERVER_CSRF_PROTECTION_ENABLED="true",
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        DO_NOT_TRACK="1",
        PREFECT_SERVER_LOGGING_LEVEL="WARNING",
        PREFECT_LOGGING_SETTINGS_PATH=str(HOME / "ops" / "prefect-logging.yml"),
        PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED="events,flow_runs",  # what is older than 90 days goes
        PREFECT_CLI_PROMPT="false",
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY="30",
        PREFECT_WORKER_QUERY_SECONDS="3",
        PREFECT_WORKER_WEBSERVER_HOST="127.0.0.1",
        PREFECT_WORKER_WEBSERVER_PORT=str(settings.worker_port),
        PYTHONPATH=str(HOME),
        PWD=str(HOME),
        **({"PREFECT_API_DATABASE_CONNECTION_URL": own} if own else {}),
    )


def _secret(file: Path) -> str:
    """What the file holds; made the first time, for its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24))
    return file.read_text()


def server(settings: Settings) -> list[str]:
    """Prefect's own server."""
    return prefect("server", "start", "--host", settings.listen, "--port", str(settings.prefect_port))


def worker(settings: Settings) -> list[str]:
    """One that takes runs from the pool, so many at the same time; there may be any number of them."""
    most = str(settings.runs_at_once)
    told = ["--with-healthcheck"] if settings.worker_port else []
    return prefect("worker", "start", "--pool", POOL, "--type", "process", "--limit", most, *told)


def web(settings: Settings) -> list[str]:
    """The pages, in several processes."""
    return web_command(settings.web_port, listen=settings.listen, processes=settings.web_processes)


def web_command(
    port: int, *, listen: str = "127.0.0.1", processes: int = min(os.cpu_count() or 1, 4)
) -> list[str]:
    """The pages on a port, in as many processes as there are cores, up to four."""
    pages = [
        "uvicorn",
        "--factory",
        "web.app:app",
        "--host",
        listen,
        "--port",
        str(port),
        "--no-server-header",
    ]
    return [sys.executable, "-m", *pages, "--workers", str(processes)]


def schedules(_settings: Settings) -> list[str]:
    """Lays down the pool, the deployments and what Prefect does by itself, and ends; twice is the same."""
    return [sys.executable, "flows/lay_down.py"]


def up(_settings: Settings) -> list[str]:
    """All of them in one group, supervised by a process that knows nothing but that: it stays for years."""
    return [sys.executable, "-m", "ops.up"]


def prefect(*words: str) -> list[str]:
    """A prefect command of this environment."""
    return [sys.executable, "-m", "prefect", *words]


ROLES: Final[Mapping[str, Callable[[Settings], list[str]]]] = {
    "server": server,
    "worker": worker,
    "web": web,
    "schedules": schedules,
    "up": up,
}


def become(role: str, settings: Settings) -> None:
    """Turn this process into one part of the office: whoever supervises it sees that part itself.

    Raises:
        PijplijnError: there is no such part.
    """
    if role not in ROLES:
        raise PijplijnError(f"There is no part '{role}': choose one of {', '.join(ROLES)}.")
    command = ROLES[role](settings)
    os.chdir(HOME)
    sys.stdout.flush()
    os.execve(command[0], command, prefect_environment(settings))  # noqa: S606 - our own commands, no shell
