# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A watched page that changes makes one task for a colleague, and nothing of it is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.errors import PijplijnError
from grants.harvest import Harvested, harvest
from grants.looks import (
    AGAIN,
    BACK,
    FIRST,
    Line,
    Sort,
    difference,
    done_looks,
    mark_looked,
    open_looks,
    waiting,
)
from grants.sources.reading import Request, Response
from models.audit import AuditEntry
from models.session import Begin
from models.source import Look
from models.values import Completeness
from tests.builders import NOW, source

URL = "https://fonds.example/calls"
HOUR = timedelta(hours=1)
Read = Callable[..., Harvested]


@pytest.fixture
def read(begin: Begin) -> Read:
    """Harvest a page that says what the test wants; each time an hour later."""
    with begin() as session:
        session.add(source(slug="fonds", name="Fonds Oost", kind="html_watch", url=URL))
    times = iter(range(100))

    def reading(*lines: str) -> Harvested:
        def fetch(request: Request) -> Response:
            body = f"<main><h1>Calls</h1>{''.join(f'<p>{line}</p>' for line in lines)}</main>"
            return Response(request.url, 200, {"content-type": "text/html"}, body.encode())

        return harvest(begin, "fonds", fetch=fetch, now=NOW + next(times) * HOUR)

    return reading


def looks(begin: Begin) -> list[tuple[str, str, str]]:
    """Each row: what it was, what it is, and who is done with it."""
    with begin() as session:
        rows = session.scalars(select(Look).order_by(Look.id))
        return [
            (one.before.removeprefix("Calls\n"), one.after.removeprefix("Calls\n"), one.done_by)
            for one in rows
        ]


def test_the_first_version_of_a_page_asks_for_nothing(begin: Begin, read: Read) -> None:
    done = read("ronde 1")
    assert (done.outcome, done.seen, done.new, done.changed) == (Completeness.COMPLETE, 1, 0, 0)
    assert looks(begin) == [("", "ronde 1", FIRST)]
    with begin() as session:
        assert open_looks(session) == []
        (look,) = session.scalars(select(Look))
        assert (look.url, look.title, look.at, look.done_at) == (URL, "Calls", NOW, NOW)
        assert look.run_id == 1


def test_a_page_that_changed_asks_for_one_look_however_often_it_is_read(begin: Begin, read: Read) -> None:
    assert [read(words).changed for words in ("ronde 1", "ronde 1", "ronde 2", "ronde 2", "ronde 2")] == [
        0,
        0,
        1,
        0,
        0,
    ]
    assert looks(begin) == [("", "ronde 1", FIRST), ("ronde 1", "ronde 2", "")]
    with begin() as session:
        (look,) = open_looks(session)
        assert look.source.name == "Fonds Oost"


def test_a_page_that_changes_again_keeps_one_task_with_the_whole_difference(begin: Begin, read: Read) -> None:
    for words in ("ronde 1", "ronde 2", "ronde 3"):
        read(words)
    assert looks(begin) == [("", "ronde 1", FIRST), ("ronde 1", "ronde 2", AGAIN), ("ronde 1", "ronde 3", "")]


def test_a_page_that_goes_back_to_what_was_looked_at_asks_for_nothing(begin: Begin, read: Read) -> None:
    for words in ("ronde 1", "storing", "ronde 1", "ronde 1"):
        read(words)
    assert looks(begin) == [
        ("", "ronde 1", FIRST),
        ("ronde 1", "storing", AGAIN),
        ("storing", "ronde 1", BACK),
    ]
    assert read("ronde 2").changed == 1
    assert looks(begin)[-1] == ("ronde 1", "ronde 2", "")


def test_a_page_that_changes_after_a_look_asks_again(begin: Begin, read: Read) -> None:
    read("ronde 1")
    read("ronde 2")
    with begin() as session:
        mark_looked(session, 2, by="office", now=NOW, note=" Ronde 2 is niets voor ons. ")
    read("ronde 2")
    read("ronde 1")
    assert looks(begin)[1:] == [("ronde 1", "ronde 2", "office"), ("ronde 2", "ronde 1", "")]
    with begin() as session:
        (done,) = done_looks(session, limit=5)
        assert (done.id, done.note, done.source.slug) == (2, "Ronde 2 is niets voor ons.", "fonds")


def test_a_look_is_done_by_the_first_who_looked(begin: Begin, read: Read) -> None:
    read("ronde 1")
    read("ronde 2")
    with begin() as session:
        mark_looked(session, 2, by="noor", now=NOW, note="gezien")
    with begin() as session:
        mark_looked(session, 2, by="sam", now=NOW + HOUR, note="ook")
    with begin() as session:
        look = session.get_one(Look, 2)
        assert (look.done_by, look.done_at, look.note) == ("noor", NOW, "gezien")
        (deed,) = session.scalars(select(AuditEntry))
        assert (deed.actor, deed.action, deed.subject, deed.subject_id) == ("noor", "looked", "look", 2)


def test_a_note_on_a_look_that_was_superseded_meanwhile_is_kept_and_the_newer_stays_open(
    begin: Begin, read: Read
) -> None:
    for words in ("ronde 1", "ronde 2", "ronde 3"):
        read(words)
    with begin() as session:
        mark_looked(session, 2, by="noor", now=NOW, note="ronde 2 gezien")
    with begin() as session:
        assert session.get_one(Look, 2).note == "ronde 2 gezien"
        assert [one.id for one in open_looks(session)] == [3]


def test_a_look_that_is_not_there_is_a_sentence(begin: Begin) -> None:
    with begin() as session, pytest.raises(PijplijnError, match="There is no look 7"):
        mark_looked(session, 7, by="noor", now=NOW)


def test_a_page_that_shrinks_is_told_for_it_may_be_a_door(begin: Begin, read: Read) -> None:
    read(*[f"oproep nummer {number}" for number in range(50)])
    done = read("Log in")
    assert done.warnings == (
        f"The watched part of {URL} went from 845 to 12 characters: it may be a login or an error page now.",
    )
    assert done.changed == 1
    assert read(*[f"oproep nummer {number}" for number in range(50)]).warnings == ()
    assert looks(begin)[-1][2] == BACK


def test_a_page_without_its_region_is_a_failure_that_keeps_what_is_known(begin: Begin, read: Read) -> None:
    read("ronde 1")
    gone = harvest(
        begin, "fonds", now=NOW + 50 * HOUR,
        fetch=lambda request: Response(request.url, 200, {}, b"<form>Log in</form>"),
    )  # fmt: skip
    assert gone.error == f"The region 'main' is not on the page {URL}: adapt the rules of this source."
    read("ronde 1")
    assert looks(begin) == [("", "ronde 1", FIRST)]


def test_a_difference_is_told_line_by_line_with_what_stands_around_it() -> None:
    before = [f"regel {number}" for number in range(20)]
    after = [*before[:9], "regel negen", "en nog een", *before[10:]]
    assert difference("\n".join(before), "\n".join(after)) == [
        Line(Sort.GAP),
        Line(Sort.SAME, "regel 7"),
        Line(Sort.SAME, "regel 8"),
        Line(Sort.REMOVED, "regel 9"),
        Line(Sort.ADDED, "regel negen"),
        Line(Sort.ADDED, "en nog een"),
        Line(Sort.SAME, "regel 10"),
        Line(Sort.SAME, "regel 11"),
        Line(Sort.GAP),
    ]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a", "a", []),
        ("", "a", [Line(Sort.ADDED, "a")]),
        ("a", "", [Line(Sort.REMOVED, "a")]),
        ("a\nb", "a", [Line(Sort.SAME, "a"), Line(Sort.REMOVED, "b")]),
        ("a\nb\nc\nd\ne\nf\ng", "A\nb\nc\nd\ne\nf\nG", [
            Line(Sort.REMOVED, "a"), Line(Sort.ADDED, "A"), Line(Sort.SAME, "b"), Line(Sort.GAP),
            Line(Sort.SAME, "f"), Line(Sort.REMOVED, "g"), Line(Sort.ADDED, "G"),
        ]),
    ],
)  # fmt: skip
def test_a_difference_leaves_out_what_stayed(before: str, after: str, shown: list[Line]) -> None:
    assert difference(before, after, context=1) == shown


def test_a_change_far_down_a_long_page_is_found() -> None:
    long = "\n".join(f"regel {number}" for number in range(5000))
    shown = difference(long, long.replace("regel 4000", "regel vierduizend"))
    assert [line.text for line in shown if line.sort in {Sort.ADDED, Sort.REMOVED}] == [
        "regel 4000",
        "regel vierduizend",
    ]
    assert [line.sort for line in (shown[0], shown[-1])] == [Sort.GAP, Sort.GAP]


def test_a_letter_tells_the_first_lines_of_the_newest_looks(begin: Begin) -> None:
    with begin() as session:
        session.add(source())
        session.flush()
        session.add_all([
            Look(source_id=1, at=NOW + number * HOUR, url=URL, title=f"Pagina {number}", before="oud\nzelfde",
                 after="zelfde\n" + "\n".join(f"nieuw {line}" for line in range(6)))
            for number in range(12)
        ])  # fmt: skip
    with begin() as session:
        told = waiting(session)
    assert ([one.look.title for one in told.looks][:2], len(told.looks), told.beyond) == (
        ["Pagina 11", "Pagina 10"],
        10,
        2,
    )
    assert [line.text for line in told.looks[0].lines] == ["oud", "nieuw 0", "nieuw 1", "nieuw 2"]
    assert told.looks[0].beyond == 3
