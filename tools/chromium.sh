#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

# Finds or installs the Chromium that the browser tests drive. As root (or with sudo) it comes from Debian's
# packages; without, the same packages are unpacked into .chromium/, which needs nobody's leave.
set -eu
cd "$(dirname "$0")/.."
own="$PWD/.chromium"

for name in "$own/chromium" chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1 && "$name" --version >/dev/null 2>&1; then
        command -v "$name"
        exit 0
    fi
done
if .venv/bin/python -m tests.browser 2>/dev/null; then
    exit 0
fi

if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root="none"
fi

from_packages() {
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null &&
        command -v chromium
}

unpacked() {
    work="$own/packages"
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
    apt="-o Dir::State=$work -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache=$work/cache"
    apt="$apt -o Debug::NoLocking=1 -o APT::Sandbox::User="
    # shellcheck disable=SC2086 # several options
    apt-get $apt -qq update && apt-get $apt -qq -y --no-install-recommends --download-only install chromium >/dev/null ||
        return 1
    for package in "$work"/cache/archives/*.deb; do dpkg -x "$package" "$own/root"; done
    rm -rf "$work"
    libraries=$(find "$own/root/usr/lib" -name '*.so*' -printf '%h\n' | sort -u | tr '\n' ':')
    cat >"$own/fonts.conf" <<XML
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>$own/root/usr/share/fonts</dir><cachedir>$own/fonts</cachedir></fontconfig>
XML
    cat >"$own/chromium" <<SCRIPT
#!/bin/sh
export LD_LIBRARY_PATH="$libraries" FONTCONFIG_FILE="$own/fonts.conf"
exec "$own/root/usr/lib/chromium/chromium" "\$@"
SCRIPT
    chmod +x "$own/chromium"
    "$own/chromium" --version >/dev/null 2>&1 && echo "$own/chromium"
}

# On Ubuntu the package `chromium` is an empty shell around a snap: Playwright's own build it is.
distribution=$(. /etc/os-release 2>/dev/null && echo "${ID:-}" || true)
if [ "$distribution" != "ubuntu" ] && command -v apt-get >/dev/null 2>&1; then
    echo "Fetching Chromium from Debian's packages …"
    if [ "$as_root" = "none" ]; then unpacked && exit 0; else from_packages && exit 0; fi
fi
echo "Fetching Playwright's own Chromium …"
if [ "$as_root" != "none" ] && command -v apt-get >/dev/null 2>&1; then
    .venv/bin/playwright install --with-deps chromium && exit 0
else
    .venv/bin/playwright install chromium && exit 0
fi
echo "No Chromium could be found or installed: install one (Debian: apt install chromium) and try again." >&2
exit 1
