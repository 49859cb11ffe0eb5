# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every recording of tests/ and demo/ still gives what it should: `manage.py capture SLUG` makes one."""

from pathlib import Path

import pytest

from config.settings import HOME
from grants.sources.capture import replaying
from grants.sources.recorded import expected, recorded_source, told

RECORDINGS = sorted(
    file.parent for place in ("tests", "demo") for file in (HOME / place / "recordings").glob("*/source.json")
)


def test_there_is_a_recording() -> None:
    assert {folder.name for folder in RECORDINGS} >= {
        "bekendmakingen-overijssel",
        "euregio-agenda",
        "fonds-oost",
    }


@pytest.mark.parametrize("folder", RECORDINGS, ids=lambda folder: folder.name)
def test_a_recording_gives_what_it_should(folder: Path) -> None:
    assert told(recorded_source(folder), replaying(folder)) == expected(folder)
