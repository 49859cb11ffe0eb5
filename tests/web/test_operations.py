# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The page that says what asks for a person, whatever cannot be asked."""

from datetime import timedelta

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import Engine, event

from models.message import MessageState
from models.session import Begin
from models.watch import AuditWalk, LastRun
from tests import builders
from tests.grants.watch.test_signs import letter, ran, trouble
from tests.prefect_api import PrefectApi
from tests.web.conftest import NOW
from tests.web.offices import As

MENU = "nav details.menu summary .badge"


def signs(page: httpx.Response) -> list[str]:
    return [one.get_text(" ", strip=True) for one in BeautifulSoup(page.text, "lxml").select("ul.signs li")]


def links(page: httpx.Response) -> list[str]:
    return [str(one["href"]) for one in BeautifulSoup(page.text, "lxml").select("ul.signs a")]


def flows(begin: Begin) -> None:
    """Every flow ran and the log was walked."""
    with begin() as session:
        for one in ("read-bounces", "harvest-calls"):
            session.add(LastRun(flow=one, first_at=NOW, started_at=NOW, ended_at=NOW, succeeded_at=NOW))
        session.add(AuditWalk(at=NOW, whole_at=NOW, entries=12_345, entry_id=1, head="a", why=""))


def test_what_is_red_says_what_to_do_and_leads_there(
    office: None, web: httpx.Client, begin: Begin, prefect: PrefectApi
) -> None:
    flows(begin)
    with begin() as session:
        session.query(LastRun).filter_by(flow="harvest-calls").one().failure = "OSError"
        session.add_all([letter(MessageState.HELD), trouble("reminder:1:x")()])
    prefect.counts = {"Late": 2, "FAILED": 1}
    page = web.get("/operations?lang=en")
    assert page.status_code == 200
    assert signs(page)[:6] == [
        "Tasks that failed in the last day, says Prefect: 1. See in Prefect why, and whether the server and the worker run.",
        "Tasks that wait for a worker, says Prefect: 2. See in Prefect why, and whether the server and the worker run.",
        "The task “reading sources” failed (24 Nov 2026 09:00). See in Prefect why, and whether the server and the worker run.",
        "Messages that are “held”: 1. See at each message what the mail server said, and let it go or correct the address.",
        "Sources that ask for a person: 7. Open the source and do what it says there.",
        "Reminders with which something is wrong: 1, since 24 Nov 2026 09:00. See who should have got one, and tell them yourself.",
    ]
    assert links(page)[:6] == ["#runs", "#runs", "#runs", "/messages?state=held", "/sources", "/reminders"]
    assert "12,345" in page.text


def test_the_page_stands_when_prefect_is_down_and_says_so(web: httpx.Client, prefect: PrefectApi) -> None:
    prefect.broken = True
    page = web.get("/operations")
    assert page.status_code == 200
    assert signs(page)[0].startswith("Prefect geeft geen antwoord.")


def test_the_number_in_the_menu_is_for_administrators_and_counts_what_is_red(
    office: None, web: httpx.Client, as_: As, begin: Begin
) -> None:
    flows(begin)
    count = BeautifulSoup(web.get("/calls").text, "lxml").select_one(MENU)
    assert count is not None
    red = int(count.get_text(" ", strip=True).split()[0])
    assert red == len(signs(web.get("/operations")))
    assert BeautifulSoup(as_("Sam").get("/calls").text, "lxml").select(MENU) == []


def test_another_offices_letters_move_nothing(office: None, as_: As, web: httpx.Client, begin: Begin) -> None:
    hanna = as_("Hanna")
    before = [one for one in signs(hanna.get("/operations")) if "ericht" in one]
    with begin() as session:
        session.add_all([letter(MessageState.HELD), letter(MessageState.DEAD), trouble("reminder:1:x")()])
    after = hanna.get("/operations")
    assert [one for one in signs(after) if "ericht" in one or "erinnering" in one] == before
    assert BeautifulSoup(after.text, "lxml").select("#letters + dl a") == []
    assert len(BeautifulSoup(web.get("/operations").text, "lxml").select("#letters + dl a")) == 2


@pytest.mark.parametrize("path", ["/operations", "/calls"])
def test_a_hundred_letters_and_sources_cost_no_more_statements_than_ten(
    office: None, web: httpx.Client, begin: Begin, engine: Engine, path: str
) -> None:
    def asked() -> int:
        statements = list[str]()

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert web.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    def add(first: int, last: int) -> None:
        with begin() as session:
            for number in range(first, last):
                session.add(letter(MessageState.HELD, key=f"k{number}", message_id=f"<{number}@x>"))
                session.add(
                    builders.source(slug=f"s{number}", failures=9, last_success_at=NOW - timedelta(days=9))
                )
                session.add(trouble(f"reminder:1:{number}")())

    add(0, 10)
    web.get(path)
    few = asked()
    add(10, 100)
    web.get(path)
    assert asked() <= few


def test_an_office_where_all_is_well_says_so(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        ran(session)
    told = signs(web.get("/operations"))
    assert [one for one in told if "reservekopie" not in one] == []
