#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

# Finds or installs the Chromium that tests/web/test_browser.py drives.
set -eu
cd "$(dirname "$0")/.."

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
        command -v "$name"
        exit 0
    fi
done

if .venv/bin/python -m tests.browser 2>/dev/null; then
    exit 0
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        as_root="none"
    fi
fi

# On Ubuntu the package `chromium` is an empty shell around a snap: Playwright's own build it is.
distribution=$(. /etc/os-release 2>/dev/null && echo "${ID:-}" || true)
if [ "$as_root" != "none" ] && [ "$distribution" != "ubuntu" ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq
    $as_root apt-get install -y --no-install-recommends chromium >/dev/null
    command -v chromium && exit 0
fi

if [ "$as_root" != "none" ] && command -v apt-get >/dev/null 2>&1; then
    .venv/bin/playwright install --with-deps chromium && exit 0
else
    .venv/bin/playwright install chromium && exit 0
fi

echo "No Chromium could be found or installed: install one (Debian: apt install chromium) and try again." >&2
exit 1
