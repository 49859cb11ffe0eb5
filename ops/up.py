# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The whole office on one machine: Prefect's server, a worker and the web, bound to loopback."""

import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import HOME, Settings, child_environment
from ops.supervisor import Group, supervised

POOL = "pijplijn"
Tell = Callable[[str], None]


def prefect_environment(settings: Settings) -> dict[str, str]:
    """What Prefect must know: loopback only, a password of its own, no telemetry."""
    api = f"http://127.0.0.1:{settings.prefect_port}"
    password = f"pijplijn:{_secret(settings.data_dir / 'prefect' / 'password')}"
    key = settings.secret_key.get_secret_value() or _secret(settings.data_dir / "secret-key")
    return child_environment(
        settings,
        PIJPLIJN_SECRET_KEY=key,
        PREFECT_HOME=str(settings.data_dir / "prefect"),
        PREFECT_API_URL=f"{api}/api",
        PREFECT_API_AUTH_STRING=password,
        PIJPLIJN_PREFECT_AUTH=password,
        PREFECT_SERVER_API_AUTH_STRING=password,
        PREFECT_SERVER_CORS_ALLOWED_ORIGINS=api,
        PREFECT_SERVER_CSRF_PROTECTION_ENABLED="true",
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        DO_NOT_TRACK="1",
        PREFECT_SERVER_LOGGING_LEVEL="WARNING",
        PREFECT_CLI_PROMPT="false",
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY="30",
        PREFECT_WORKER_QUERY_SECONDS="3",
        PYTHONPATH=str(HOME),
        PWD=str(HOME),
    )


def _secret(file: Path) -> str:
    """What the file holds; made the first time, for its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24))
    return file.read_text()


@contextmanager
def office(settings: Settings, *, tell: Tell) -> Iterator[Group]:
    """The running office; `tell` hears each step. Raises PijplijnError when a step fails."""
    started = time.monotonic()
    environment = prefect_environment(settings)
    with supervised(settings.running_folder, environment) as group:
        tell("The database is made ready …")
        group.run([sys.executable, "manage.py", "migrate"])
        group.run([sys.executable, "manage.py", "seed"])
        tell("Prefect's server starts (about 20 seconds the first time) …")
        port = str(settings.prefect_port)
        group.start("server", prefect("server", "start", "--host", "127.0.0.1", "--port", port))
        group.wait_for(f"http://127.0.0.1:{port}/api/health", seconds=120)
        tell("The schedules are laid down …")
        group.run(prefect("work-pool", "create", POOL, "--type", "process", "--overwrite"))
        group.run(prefect("--no-prompt", "deploy", "--all"))
        group.run([sys.executable, "flows/settle.py"])
        tell("The worker and the web pages start …")
        group.start("worker", prefect("worker", "start", "--pool", POOL, "--type", "process"))
        group.start("web", web_command(settings.web_port))
        group.wait_for(f"http://127.0.0.1:{settings.web_port}/health", seconds=60)
        tell(f"The office is open at {settings.public_url} (after {time.monotonic() - started:.0f} s).")
        yield group


def web_command(port: int) -> list[str]:
    """The pages, in as many processes as there are cores, up to four."""
    web = ["uvicorn", "--factory", "web.app:app", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--no-server-header"]
    return [sys.executable, "-m", *web, "--workers", str(min(os.cpu_count() or 1, 4))]


def prefect(*words: str) -> list[str]:
    """A prefect command of this environment."""
    return [sys.executable, "-m", "prefect", *words]
