# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""`python -m tools.vendor`: copy what the pages need from npm into web/static/vendor.

Needs npm, and is run only when a version in tools/frontend changes; what it writes is committed. The theme is
NL Design System's example theme without the thousands of variables nobody asks for, and with a dark palette
made from its own.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from config.settings import HOME

FRONTEND = HOME / "tools" / "frontend"
VENDOR = HOME / "web" / "static" / "vendor"
MODULES = FRONTEND / "node_modules"
FILES = {
    "sortable.min.js": "sortablejs/Sortable.min.js",
}
THEME = "@nl-design-system-unstable/voorbeeld-design-tokens"
# Light to dark: the palette turned over, so that every pair keeps its contrast.
TURNED = {
    "50": "#0a1120",
    "100": "600",
    "200": "500",
    "300": "500",
    "400": "300",
    "500": "200",
    "600": "100",
    "700": "50",
}
NIGHT = "#111a2b"
ASKED = re.compile(r"var\((--[\w-]+)")


def main() -> None:
    """Fetch the packages, copy the files, make the theme, write the manifest."""
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=FRONTEND, check=True)  # noqa: S607 - npm is where it is
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, path in FILES.items():
        text = (MODULES / path).read_text("utf-8")
        (VENDOR / name).write_text(
            re.sub(r"\n?(//|/\*)# sourceMappingURL=.*", "", text).rstrip() + "\n", "utf-8"
        )
    (VENDOR / "theme.css").write_text(theme(), "utf-8")
    (VENDOR / "manifest.json").write_text(json.dumps(manifest(), indent=2) + "\n", "utf-8")
    shutil.rmtree(MODULES)


def theme() -> str:
    """The variables that our style sheets ask for, light and dark."""
    values = dict(
        re.findall(r"(--[\w-]+):\s*([^;]+);", (MODULES / THEME / "dist" / "theme.css").read_text("utf-8"))
    )
    wanted = sorted(_reached(values))
    light = "\n".join(f"  {name}: {values[name]};" for name in wanted)
    dark = "\n".join(f"    {name}: {_turned(name, values)};" for name in wanted if "-kleuren-" in name)
    return f":root {{\n{light}\n}}\n\n@media (prefers-color-scheme: dark) {{\n  :root {{\n{dark}\n  }}\n}}\n"


def _reached(values: dict[str, str]) -> set[str]:
    sheets = [*VENDOR.glob("*.css"), HOME / "web" / "static" / "pijplijn.css"]
    waiting = [
        name
        for sheet in sheets
        if sheet.name != "theme.css"
        for name in ASKED.findall(sheet.read_text("utf-8"))
    ]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in values and name not in reached:
            reached.add(name)
            waiting += ASKED.findall(values[name])
    return reached


def _turned(name: str, values: dict[str, str]) -> str:
    hue, _, shade = name.rpartition("-")
    if shade == "wit":
        return NIGHT
    other = TURNED[shade]
    return other if other.startswith("#") else values[f"{hue}-{other}"]


def manifest() -> list[dict[str, str]]:
    """Each file with its package, version, licence and SHA-256."""
    packages = {
        name: "/".join(path.split("/")[: 2 if path.startswith("@") else 1]) for name, path in FILES.items()
    }
    return [
        {"file": name, **_facts(package), "sha256": digest(VENDOR / name)}
        for name, package in {**packages, "theme.css": THEME}.items()
    ]


def _facts(package: str) -> dict[str, str]:
    said = json.loads((MODULES / package / "package.json").read_text("utf-8"))
    return {
        "package": package,
        "version": said["version"],
        "licence": said["license"],
    }


def digest(file: Path) -> str:
    """The SHA-256 of a file, as hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
