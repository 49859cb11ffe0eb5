# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The page of one source: what is expected and what came, a reading on request, and the settings staff may change."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from grants.source_settings import note_asked
from models.audit import AuditEntry
from models.session import Begin
from models.source import Source
from tests.prefect_api import PrefectApi
from tests.web.conftest import COUNTS, EVIL, NOW, RAW, a_run
from tests.web.offices import As

pytestmark = pytest.mark.usefixtures("office")
FORM = {"enabled": "1", "every_hours": "12", "at_least": "5", "at_most": "", "news_every_days": "4"}


def page(web: httpx.Client, path: str = "/sources/ebb") -> BeautifulSoup:
    answer = web.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def words(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


def press(web: httpx.Client, path: str) -> httpx.Response:
    """A form without a field, as a browser sends it."""
    return web.post(path, headers={"Content-Type": "application/x-www-form-urlencoded"})


def deeds(page: BeautifulSoup) -> list[str]:
    return [button.get_text() for button in page.select(".deeds button")]


def mark(web: httpx.Client) -> str:
    """Of the settings as the page shows them now."""
    return str(page(web).select_one("input[name=seen]")["value"])  # type: ignore[index]


def audit(begin: Begin) -> list[tuple[str, str, int, dict[str, Any]]]:
    with begin() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.actor, row.action, row.subject_id, row.facts) for row in rows]


def test_a_source_says_its_state_since_when_and_what_to_do(web: httpx.Client) -> None:
    said = words(page(web))
    for sentence in (
        "afwijkend Provincie Gelderland De bron wordt gelezen, maar geeft niet meer wat zij gaf.",
        "Sinds maandag 23 november 2026: 37 openstellingen, terwijl het er gewoonlijk 97 zijn.",
        "Verwacht aantal minstens 5 Laatste aantal 37",
        "Nieuws verwacht om de 4 dagen Laatste nieuws zondag 22 november 2026",
        "sluitingsdatum 89 procent verwacht: 80 procent",
    ):
        assert sentence in said


def test_a_source_lists_its_runs_newest_first(web: httpx.Client) -> None:
    rows = page(web).select(".runs tbody tr")
    cells = [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in rows]
    assert len(cells) == len(COUNTS)
    assert cells[0] == ["volledig", "37", "1", "2", "0", ""]
    assert cells[5] == ["ongewijzigd", "–", "–", "–", "–", ""]
    assert cells[7][-1] == f"2 meldingen 2 entries have no link: {EVIL}. 1 entry has no title."
    assert cells[8] == ["mislukt", "–", "–", "–", "–", f"1 melding x.example answered 502 {EVIL}."]


def test_a_source_draws_its_counts_and_says_so(web: httpx.Client) -> None:
    said = page(web)
    (drawn,) = said.select("svg")
    assert (drawn["role"], drawn["aria-labelledby"]) == ("img", "drawn")
    assert (len(drawn.select(".spark__dot")), len(drawn.select(".spark__gap"))) == (11, 1)
    assert "van oud naar nieuw, hoogstens 98;" in words(said)
    assert said.select("[style]") == []


def test_a_source_leads_to_its_calls(web: httpx.Client) -> None:
    link = page(web, "/sources/eu-portal").select_one("#known ~ p a")
    assert link is not None
    assert link.get_text() == "5 openstellingen van deze bron"
    calls = page(web, str(link["href"]))
    assert len(calls.select(".calls > li")) == 5
    assert "Alleen van de bron EU Funding & Tenders." in words(calls)
    assert len(page(web, "/calls?source=ebb&everything=1").select(".calls > li")) == 0
    assert len(page(web, "/calls?source=nergens&everything=1").select(".calls > li")) == 5


def test_a_source_that_was_never_read_has_a_page(web: httpx.Client) -> None:
    said = page(web, "/sources/never")
    assert "Leesbeurten Nog geen." in words(said)
    assert said.select("svg") == []


@pytest.mark.parametrize("path", ["/sources/nergens", "/sources/nergens/payload/1", "/sources/ebb/payload/9"])
def test_what_is_not_there_is_not_found(web: httpx.Client, path: str) -> None:
    assert web.get(path).status_code == 404


@pytest.mark.parametrize("deed", ["read", "normal", "settings"])
def test_nothing_is_done_to_a_source_that_is_not_there(web: httpx.Client, deed: str) -> None:
    assert web.post(f"/sources/nergens/{deed}", data=FORM).status_code == 404


def test_what_a_source_sent_is_a_file_and_never_a_page(web: httpx.Client) -> None:
    (link,) = page(web).select(".payloads a")
    assert link.get_text() == f"antwoord van {-(-len(RAW) // 1000)} kB"
    answer = web.get(str(link["href"]))
    assert answer.content == RAW
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-disposition"] == 'attachment; filename="ebb-1.txt"'
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_another_source_sent_is_not_to_be_had_here(web: httpx.Client) -> None:
    assert web.get("/sources/ebb/payload/2").status_code == 404
    assert web.get("/sources/eu-portal/payload/2").status_code == 200


def test_reading_now_asks_prefect_once_until_the_run_is_there(
    web: httpx.Client, begin: Begin, prefect: PrefectApi
) -> None:
    assert deeds(page(web)) == ["Nu lezen", "Dit is voortaan normaal"]
    for _ in range(2):
        answer = press(web, "/sources/ebb/read")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sources/ebb")
    asked = page(web)
    assert "Om 09:00 gevraagd: de bron wordt gelezen …" in words(asked)
    assert deeds(asked) == []
    with begin() as session:
        session.add(a_run(10, started_at=NOW + timedelta(seconds=9), seen=96))
    assert "Nu lezen" in deeds(page(web))
    assert prefect.started == [{"slugs": ["ebb"], "accept_size": False}]
    assert audit(begin) == [("colleague:1", "asked to read", 10, {"accept_size": False})]


def test_reading_now_that_never_came_may_be_asked_again(
    web: httpx.Client, begin: Begin, prefect: PrefectApi
) -> None:
    at = NOW - timedelta(minutes=16)
    with begin() as session:
        note_asked(session, "ebb", accept_size=False, actor="noor@enschede.example", now=at)
        session.scalars(select(Source).where(Source.slug == "ebb")).one().runs[0].started_at = (
            NOW - timedelta(hours=9)
        )
    late = page(web)
    assert "De lezing die om 08:44 gevraagd is, kwam er niet." in words(late)
    assert "Nu lezen" in deeds(late)
    press(web, "/sources/ebb/read")
    assert len(prefect.started) == 1


def test_a_held_reading_is_taken_over_by_one_button(
    web: httpx.Client, begin: Begin, prefect: PrefectApi
) -> None:
    assert deeds(page(web, "/sources/held")) == ["Opnieuw lezen en overnemen", "Nu lezen"]
    web.post("/sources/held/read", data={"accept_size": "1"})
    assert prefect.started == [{"slugs": ["held"], "accept_size": True}]
    assert audit(begin) == [("colleague:1", "asked to read", 6, {"accept_size": True})]


def test_a_jump_is_not_accepted_unseen(web: httpx.Client, prefect: PrefectApi) -> None:
    web.post("/sources/ebb/read", data={"accept_size": "1"})
    assert prefect.started == [{"slugs": ["ebb"], "accept_size": False}]


def test_reading_now_without_prefect_names_the_command(
    web: httpx.Client, begin: Begin, prefect: PrefectApi
) -> None:
    prefect.broken = True
    answer = web.post("/sources/held/read", data={"accept_size": "1"})
    assert answer.status_code == 503
    said = words(BeautifulSoup(answer.text, "lxml"))
    assert "De lezing is niet begonnen" in said
    assert "manage.py harvest held --accept-size Prefect did not start the reading (HTTP Error 503" in said
    assert audit(begin) == []


def test_calling_it_normal_ends_the_drift_and_is_written_down(web: httpx.Client, begin: Begin) -> None:
    answer = press(web, "/sources/ebb/normal")
    assert answer.headers["location"] == "/sources/ebb?done=normal"
    said = page(web, "/sources/ebb?done=normal")
    assert "Voortaan geldt dit als normaal." in words(said)
    assert "in orde" in words(said)
    assert audit(begin) == [("colleague:1", "called normal", 10, {})]


def test_settings_are_taken_over_and_written_down(web: httpx.Client, begin: Begin) -> None:
    asked = FORM | {
        "seen": mark(web),
        "every_hours": "6",
        "at_least": " 30 ",
        "at_most": "50",
        "news_every_days": "",
    }
    del asked["enabled"]
    answer = web.post("/sources/ebb/settings", data=asked)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources/ebb?done=saved")
    said = page(web, "/sources/ebb?done=saved")
    assert "De instellingen zijn bewaard." in words(said)
    assert "Verwacht aantal 30 tot 50" in words(said)
    inputs = {str(one["name"]): one.get("value") for one in said.select(".form p input")}
    assert inputs == {
        "enabled": "1",
        "every_hours": "6",
        "at_least": "30",
        "at_most": "50",
        "news_every_days": "",
    }
    assert said.select(".form input[checked]") == []
    ((_, action, number, facts),) = audit(begin)
    assert (action, number) == ("changed", 10)
    assert facts == {
        "enabled": [True, False], "every_hours": [24, 6], "at_least": [5, 30], "at_most": [None, 50], "news_every_days": [4, None],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("every_hours", ""), ("every_hours", "0"), ("every_hours", "8761"), ("every_hours", "1.5"), ("at_least", "-1"),
        ("at_least", "drie"), ("at_least", "٣"), ("at_most", "0"), ("at_most", "4"), ("at_most", "9" * 5000),
        ("news_every_days", "0"), ("news_every_days", "1e3"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_marked_and_nothing_changes(
    web: httpx.Client, begin: Begin, name: str, value: str
) -> None:
    answer = web.post("/sources/ebb/settings", data=FORM | {name: value})
    assert answer.status_code == 422
    said = BeautifulSoup(answer.text, "lxml")
    (field,) = said.select('input[aria-invalid="true"]')
    assert (field["name"], field["value"]) == (name, value)
    assert "De instellingen zijn niet bewaard" in words(said)
    assert audit(begin) == []


def test_settings_that_somebody_changed_meanwhile_are_shown_beside_what_was_typed(
    web: httpx.Client, as_: As, begin: Begin
) -> None:
    typed = FORM | {"seen": mark(web), "at_least": "30"}
    hanna = as_("Hanna")
    assert hanna.post("/sources/ebb/settings", data=typed | {"every_hours": "6"}).status_code == 303
    answer = web.post("/sources/ebb/settings", data=typed | {"at_least": "40"})
    said = BeautifulSoup(answer.text, "lxml")
    assert answer.status_code == 409
    assert "Lezen om de … uur 6 12" in words(said)
    assert "Minstens zoveel openstellingen 30 40" in words(said)
    assert len(audit(begin)) == 1
    again = typed | {"at_least": "40", "seen": str(said.select_one("input[name=seen]")["value"])}  # type: ignore[index]
    assert web.post("/sources/ebb/settings", data=again).status_code == 303


def test_an_editor_reads_a_source_now_and_leaves_what_is_expected_of_it_to_administrators(as_: As) -> None:
    sam = as_("Sam")
    said = page(sam)
    assert deeds(said) == ["Nu lezen"]
    assert said.select("#settings") == []
    for deed in ("normal", "settings"):
        assert sam.post(f"/sources/ebb/{deed}", data=FORM).status_code == 403


def test_another_site_may_not_press_the_buttons(web: httpx.Client, begin: Begin, prefect: PrefectApi) -> None:
    for deed in ("read", "normal", "settings"):
        answer = web.post(f"/sources/ebb/{deed}", data=FORM, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
    assert (prefect.started, audit(begin)) == ([], [])


def test_nothing_a_source_says_becomes_mark_up(web: httpx.Client) -> None:
    assert EVIL not in web.get("/sources/ebb").text
