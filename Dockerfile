# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2
#
# One image for every part of the office; compose.yaml says which part a container is (docs/servers.md).
# It runs as nobody in particular (10001), on a root that may be read-only: only /data and /tmp are written.

FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
ENV UV_PROJECT_ENVIRONMENT=/app/.venv UV_LINK_MODE=copy PIP_DISABLE_PIP_VERSION_CHECK=1
COPY tools/uv.txt tools/uv.txt
RUN ["pip", "install", "--no-cache-dir", "--require-hashes", "--only-binary", ":all:", "-r", "tools/uv.txt"]
COPY pyproject.toml uv.lock ./
RUN ["uv", "sync", "--frozen", "--no-cache", "--no-python-downloads", "--compile-bytecode", "--extra", "semantic"]

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore, for backups: of version 15, as the server in compose.yaml
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin pijplijn \
    && install --directory --owner pijplijn --group pijplijn --mode 0700 /data
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY manage.py prefect.yaml LICENSE ./
COPY config config
COPY models models
COPY grants grants
COPY flows flows
COPY ops ops
COPY web web
COPY templates templates
COPY locale locale
COPY migrations migrations
RUN ["/app/.venv/bin/python", "-m", "compileall", "-q", "config", "models", "grants", "flows", "ops", "web", "migrations"]
ENV PATH=/app/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    PIJPLIJN_DATA_DIR=/data PIJPLIJN_LISTEN=0.0.0.0
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-m", "ops.healthy", "8000"]
ENTRYPOINT ["python", "manage.py"]
CMD ["start", "web"]
