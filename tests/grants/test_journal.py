# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from grants.journal import JournalError, read, ready, write
from tests.builders import NOW

LATER = NOW + timedelta(hours=1)


def test_what_is_written_is_read_with_its_moment(tmp_path: Path) -> None:
    journal = tmp_path / "deep" / "accepted"
    assert read(journal) == {}
    ready(journal)
    assert read(journal) == {}
    write(journal, "<a@x.example>", at=NOW)
    write(journal, "<b@x.example>", at=LATER)
    assert read(journal) == {"<a@x.example>": NOW, "<b@x.example>": LATER}


@pytest.mark.parametrize("cut", range(1, 45))
def test_a_line_cut_off_by_a_crash_counts_for_nothing_and_spoils_no_other(tmp_path: Path, cut: int) -> None:
    journal = tmp_path / "accepted"
    write(journal, "<a@x.example>", at=NOW)
    whole = journal.read_bytes()
    write(journal, "<torn@x.example>", at=NOW)
    journal.write_bytes(journal.read_bytes()[: len(whole) + cut])
    assert set(read(journal)) - {"<torn@x.example>"} == {"<a@x.example>"}
    write(journal, "<b@x.example>", at=NOW)
    assert {"<a@x.example>", "<b@x.example>"} <= set(read(journal))
    assert set(read(journal)) <= {"<a@x.example>", "<b@x.example>", "<torn@x.example>"}


def test_two_deliverers_write_in_it_at_once(tmp_path: Path) -> None:
    journal = tmp_path / "accepted"

    def write_some(name: str) -> None:
        for number in range(50):
            write(journal, f"<{name}{number}@x.example>", at=NOW)

    both = [threading.Thread(target=write_some, args=(name,)) for name in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(read(journal)) == 100


def test_a_journal_that_cannot_be_kept_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="nothing is sent"):
        ready(tmp_path / "file" / "accepted")
    with pytest.raises(JournalError, match="sending stops"):
        write(tmp_path, "<a@x.example>", at=NOW)
