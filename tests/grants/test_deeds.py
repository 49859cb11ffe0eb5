# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which deeds an office's administrators read, on both databases."""

from datetime import UTC, date, datetime

import pytest

from grants.auditing import note
from grants.queries import DeedFilter, deed_subjects, deeds, every_deed, last_deeds
from models.session import Begin
from tests.builders import office


@pytest.fixture
def log(begin: Begin) -> None:
    with begin() as session:
        session.add_all([office(), office(slug="almelo", name="Almelo")])
        session.flush()
        for number, (actor, subject, office_id, at) in enumerate([
            ("Noor", "office", 1, datetime(2026, 10, 24, 21, 59, tzinfo=UTC)),  # a minute before the 25th
            ("noor", "office", 1, datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
            ("sam_", "source", None, datetime(2026, 10, 25, 22, 59, tzinfo=UTC)),  # the clock went back: 25 hours
            ("samx", "source", 1, datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
            ("joost", "theme", 2, datetime(2026, 10, 25, 12, 0, tzinfo=UTC)),
        ], start=1):  # fmt: skip
            note(
                session,
                at=at,
                actor=actor,
                action="changed",
                subject=subject,
                subject_id=number,
                office_id=office_id,
            )


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (DeedFilter(), [4, 3, 2, 1]),
        (DeedFilter(on=date(2026, 10, 25)), [3, 2]),
        (DeedFilter(actor="NOOR"), [2, 1]),
        (DeedFilter(actor="m_"), [3]),
        (DeedFilter(actor="m\0"), []),
        (DeedFilter(subject="source"), [4, 3]),
        (DeedFilter(subject="theme"), []),
        (DeedFilter(actor="sam", subject="source", on=date(2026, 10, 26)), [4]),
    ],
)
def test_an_office_reads_its_own_deeds_and_the_shared_ones(
    begin: Begin, wanted: DeedFilter, numbers: list[int]
) -> None:
    with begin() as session:
        found = deeds(session, 1, wanted)
        assert ([one.subject_id for one in found.lines], found.total) == (numbers, len(numbers))
        assert [one.subject_id for one in every_deed(session, 1, wanted)] == numbers[::-1]


@pytest.mark.usefixtures("log")
def test_the_subjects_are_those_of_the_office_and_the_machine_sees_all(begin: Begin) -> None:
    with begin() as session:
        assert (deed_subjects(session, 1), deed_subjects(session, 2)) == (
            ["office", "source"],
            ["source", "theme"],
        )
        assert [one.subject_id for one in last_deeds(session, 2)] == [5, 4]


@pytest.mark.usefixtures("log")
def test_a_long_list_is_paged(begin: Begin) -> None:
    with begin() as session:
        found = deeds(session, 1, DeedFilter(), page=2, size=3)
        assert ([one.subject_id for one in found.lines], found.total, found.pages) == ([1], 4, 2)
