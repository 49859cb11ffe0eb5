# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Capture one reading of a source, so that a live oddity becomes a test in a minute.

Beside what capture.py writes, a folder holds source.json (the source) and expected.json (what it gave).
"""

import json
from pathlib import Path
from typing import Any

from grants.errors import PijplijnError, SourceError
from grants.sources.adapters import adapter
from grants.sources.capture import read, recording, replaying, write
from grants.sources.reading import Fetch, Reading, SourceConfig
from grants.sources.secrets import MASK, Mask
from models.values import Due

SOURCE, EXPECTED = "source.json", "expected.json"


def capture(source: SourceConfig, *, fetch: Fetch, folder: Path) -> dict[str, Any]:
    """Record one reading of a source as it is now, and tell what a replay of it gives.

    Raises:
        PijplijnError: there is something in the folder already.
    """
    if folder.exists() and any(folder.iterdir()):
        sentence = f"There is something in {folder} already: choose another folder with --to."
        raise PijplijnError(sentence)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / SOURCE, _facts(source))  # first: a reading that crashes is the one to record
    told(source, recording(fetch, folder, secrets=[source.secret]))
    given = told(recorded_source(folder), replaying(folder))
    write(folder / EXPECTED, given)
    return given


def _facts(source: SourceConfig) -> dict[str, Any]:
    """The source as it is written down: whether it had a key, and never which."""
    mask = Mask(frozenset({source.secret})).learn(source.url, {})
    facts = {name: getattr(source, name) for name in ("slug", "kind", "language", "zone")}
    rules = json.loads(mask.text(json.dumps(dict(source.rules), ensure_ascii=False)))
    return facts | {"url": mask.url(source.url), "rules": rules, "keyed": bool(source.secret)}


def recorded_source(folder: Path) -> SourceConfig:
    """The source of a recording; where it had a key, a word stands for it."""
    facts = dict(read(folder, SOURCE))
    return SourceConfig(
        **{name: facts[name] for name in facts if name != "keyed"}, secret=MASK * facts["keyed"]
    )


def expected(folder: Path) -> dict[str, Any]:
    """What a replay should give."""
    return dict(read(folder, EXPECTED))


def told(source: SourceConfig, fetch: Fetch) -> dict[str, Any]:
    """What a reading gives, in brief, or why there is none."""
    try:
        return summary(adapter(source.kind)(source, fetch=fetch, known={}))
    except SourceError as error:
        return {"error": str(error), "kind": error.kind.value}


def summary(reading: Reading) -> dict[str, Any]:
    """Counts, keys and deadlines of a reading: what must stay the same."""
    return {
        "completeness": reading.completeness.value,
        "seen": len(reading.entries),
        "reported_total": reading.reported_total,
        "warnings": list(reading.warnings),
        "pages": {page.url: [page.title, *page.text.splitlines()[:3]] for page in reading.pages},
        "calls": {one.key: [one.title, *map(_in_words, one.deadlines)] for one in reading.entries},
    }


def _in_words(due: Due) -> str:
    words = (due.stage, due.on or f"'{due.text}'", f"{due.at:%H:%M}" if due.at else "", due.zone, due.basis)
    return " ".join(str(word) for word in words if word)
