# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The themes over real HTTP: words are tried before they are kept, and nothing typed is lost."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from grants.matching import match_all
from grants.sign_ins import open_sign_in
from models.audit import AuditEntry
from models.call import Call
from models.colleague import Access, Colleague
from models.match import Match
from models.office import Task
from models.session import Begin
from models.theme import Theme
from tests import builders
from tests.builders import NOW
from tests.prefect_api import PrefectApi

EVIL = "<script>alert(1)</script>"
NEW = {"name_nl": "Groen", "name_de": "Grün", "name_en": "Green", "core_en": "green roofs"}


@pytest.fixture
def desk(office: None, token: str, begin: Begin) -> None:
    """Theme 1 finds "climate adaptation"; Els may change it, Rob may read it, Joost is of Almelo."""
    with begin() as session:
        session.add(builders.office(slug="almelo", name="Gemeente Almelo"))
        session.flush()
        session.add_all(
            builders.colleague(name=name, email=f"{name}@x.example", office_id=number, access=access)
            for name, number, access in (
                ("Els", 1, Access.EDITOR),
                ("Rob", 1, Access.READER),
                ("Joost", 2, Access.ADMINISTRATOR),
            )
        )
        session.add_all(
            Task(office_id=number, slug="groen", name={"nl": "Groen", "de": "Grün", "en": "Green"})
            for number in (1, 2)
        )


@pytest.fixture
def as_(desk: None, site: str, begin: Begin) -> Iterator[Callable[[str], httpx.Client]]:
    """A client signed in as one of the others."""
    clients = []

    def client(name: str) -> httpx.Client:
        with begin() as session:
            one = session.scalars(select(Colleague).where(Colleague.name == name)).one()
            token = open_sign_in(session, one, way="password", browser="", now=NOW)
        clients.append(httpx.Client(base_url=site, cookies={"sid": token}))
        return clients[-1]

    yield client
    for one in clients:
        one.close()


def form(page: str) -> dict[str, str]:
    """The form as a browser would send it."""
    areas = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    inputs = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in [*areas, *inputs]}


def theme(begin: Begin, number: int = 1) -> Any:
    with begin() as session:
        return session.get_one(Theme, number)


def actions(begin: Begin) -> list[str]:
    with begin() as session:
        return list(session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "theme")))


@pytest.mark.usefixtures("desk")
def test_the_list_shows_themes_with_what_they_find(web: httpx.Client) -> None:
    page = web.get("/themes").text
    assert "Klimaatadaptatie en water" in page
    assert "3 openstellingen" in page
    assert web.get("/themes", params={"lang": "de"}).text.count("Wohnen und Quartiere") == 2


@pytest.mark.usefixtures("desk")
def test_words_are_tried_before_they_are_kept(web: httpx.Client, begin: Begin) -> None:
    typed = form(web.get("/themes/1").text)
    typed["core_en"], typed["core_nl"] = "closed\nzebra\nZebra", "bedrijventerreinen"
    answer = web.post("/themes/1/try", data=typed)
    assert answer.status_code == 200
    assert "+1 openstelling, 1 al gekoppeld, 3 vallen af" in " ".join(answer.text.split())
    assert "Energiehubs op <mark>bedrijventerreinen</mark>" in answer.text
    assert "<mark>climate adaptation</mark>" in answer.text
    assert "1 woord vindt niets" in answer.text
    assert "1 woord stond dubbel" in answer.text
    assert EVIL not in answer.text
    assert form(answer.text)["core_en"] == "closed\nzebra\nZebra"
    assert theme(begin).words["core"] == {"en": ["climate adaptation"]}
    assert actions(begin) == []


@pytest.mark.usefixtures("desk")
def test_saved_words_raise_the_version_and_are_in_the_log(web: httpx.Client, begin: Begin) -> None:
    typed = form(web.get("/themes/1").text) | {
        "core_en": "heat stress\n",
        "task_id": "1",
        "description_nl": EVIL,
    }
    answer = web.post("/themes/1", data=typed, follow_redirects=True)
    assert "Bewaard." in answer.text
    assert EVIL not in answer.text
    assert web.post("/themes/1", data=typed).status_code == 303
    kept = theme(begin)
    assert (kept.version, kept.words["core"]["en"], kept.task_id) == (2, ["heat stress"], 1)
    assert (kept.edited_by, actions(begin)) == ("noor@enschede.example", ["changed"])


@pytest.mark.usefixtures("desk")
def test_changed_words_are_matched_at_once_and_the_page_tells_how_far(
    web: httpx.Client, begin: Begin, prefect: PrefectApi
) -> None:
    match_all(begin, now=NOW)
    assert "<progress" not in web.get("/themes/1").text
    typed = form(web.get("/themes/1").text) | {"core_en": "heat stress"}
    page = web.post("/themes/1", data=typed, follow_redirects=True).text
    assert prefect.started == [{}]
    with begin() as session:
        calls = session.scalar(select(func.count()).select_from(Call))
    assert f'<progress id="compared" max="{calls}" value="0">' in page
    match_all(begin, now=NOW)
    assert "<progress" not in web.get("/themes/1").text


@pytest.mark.usefixtures("desk")
def test_words_are_kept_although_prefect_is_away(
    web: httpx.Client, begin: Begin, prefect: PrefectApi
) -> None:
    prefect.broken = True
    typed = form(web.get("/themes/1").text) | {"core_en": "heat stress"}
    assert web.post("/themes/1", data=typed).status_code == 303
    assert theme(begin).version == 2


@pytest.mark.usefixtures("desk")
def test_two_who_change_a_theme_both_see_what_the_other_made_of_it(web: httpx.Client, begin: Begin) -> None:
    typed = form(web.get("/themes/1").text)
    web.post("/themes/1", data=typed | {"core_en": "theirs", "task_id": "1"})
    answer = web.post("/themes/1", data=typed | {"core_en": "mine"})
    assert answer.status_code == 409
    assert "Iemand anders was u voor" in answer.text
    assert '<td class="lines">theirs</td><td class="lines">mine</td>' in answer.text
    assert '<td class="lines">Groen</td><td class="lines">–</td>' in answer.text
    assert theme(begin).words["core"]["en"] == ["theirs"]
    assert web.post("/themes/1", data=form(answer.text)).status_code == 303
    assert theme(begin).words["core"]["en"] == ["mine"]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"core_en": "", "core_nl": "  \n"}, "Geef minstens één kernwoord"),
        ({"core_en": "water, lucht"}, "Zet elk woord op een eigen regel"),
        ({"core_en": "wa*ter"}, "midden in een woord"),
        ({"core_en": "***"}, "staat geen letter of cijfer"),
        ({"core_en": "water", "not_en": "Water"}, "‘Water’ staat in twee lijsten: Telt niet mee (English) en Kernwoorden (English)"),
        ({"core_en": "\n".join(f"w{one}" for one in range(10_000))}, "dit zijn 10000 woorden"),
        ({"core_en": "x" * 100_000}, "is langer dan 80 tekens"),
        ({"name_de": ""}, "Vul dit in."),
        ({"name_nl": "x" * 121}, "Hoogstens 120 tekens."),
        ({"description_en": "x" * 2001}, "Hoogstens 2000 tekens."),
        ({"name_nl": "wonen en WIJKEN"}, "Er is al een thema met deze naam."),
        ({"task_id": "2"}, "Kies iets uit de lijst."),
        ({"task_id": "x"}, "Kies iets uit de lijst."),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_kept_says_why_and_loses_nothing(
    web: httpx.Client, begin: Begin, typed: dict[str, str], sentence: str
) -> None:
    for path, rest in (("/themes/1", form(web.get("/themes/1").text)), ("/themes", NEW)):
        answer = web.post(path, data=rest | {"not_de": "Dach\nWand"} | typed)
        assert answer.status_code == 422
        assert sentence in " ".join(html.unescape(answer.text).split())
        assert form(answer.text)["not_de"] == "Dach\nWand"
        assert "seen" not in rest or form(answer.text)["seen"] == rest["seen"]
    assert actions(begin) == []


@pytest.mark.usefixtures("desk")
def test_words_that_cannot_be_kept_are_not_tried_but_a_missing_name_does_not_matter(
    web: httpx.Client,
) -> None:
    assert web.post("/themes/1/try", data=NEW | {"core_en": "a,b"}).status_code == 422
    answer = web.post("/themes/try", data={"core_en": "closed\nlong ago"})
    assert answer.status_code == 200
    assert "+1 openstelling, 0 al gekoppeld" in " ".join(answer.text.split())


@pytest.mark.usefixtures("desk")
def test_a_threshold_is_chosen_by_what_it_would_show_and_obeyed_at_once(
    web: httpx.Client, begin: Begin
) -> None:
    with begin() as session:
        session.execute(update(Match).where(Match.theme_id == 1).values(theme_version=1))
    page = " ".join(web.get("/themes/1").text.split())
    assert "<strong>smal</strong>: ongeveer 0,2 openstellingen per week" in page
    assert "naar verwachting horen er 8 van de 10 bij het thema" in page
    assert "volgens het model, want er zijn nog te weinig oordelen" in page
    assert page.count(" checked") == 1
    before = web.get("/calls?theme=klimaat_water").text
    chosen = {"threshold": "narrow", "seen": "wide"}
    answer = web.post("/themes/1/threshold", data=chosen, follow_redirects=True)
    assert "de lijsten en het overzicht tonen het meteen zo" in answer.text
    assert "Energiehubs" in before
    assert "Energiehubs" not in web.get("/calls?theme=klimaat_water").text
    assert (theme(begin).threshold, theme(begin).version, actions(begin)) == ("narrow", 2, ["changed"])


@pytest.mark.usefixtures("desk")
def test_who_moves_a_threshold_that_moved_meanwhile_sees_both(web: httpx.Client, begin: Begin) -> None:
    answer = web.post("/themes/1/threshold", data={"threshold": "narrow", "seen": "normal"})
    assert answer.status_code == 409
    assert "Iemand anders koos intussen ‘ruim’; u koos ‘smal’" in answer.text
    assert re.search(r'value="narrow"[^>]* checked', answer.text)
    assert (theme(begin).threshold, actions(begin)) == ("wide", [])
    assert web.post("/themes/1/threshold", data={"threshold": "0.3", "seen": "wide"}).status_code == 422


@pytest.mark.usefixtures("desk")
def test_a_new_theme_is_made_once_switched_off_and_kept(web: httpx.Client, begin: Begin) -> None:
    assert web.get("/themes/new").status_code == 200
    for _ in range(2):
        assert web.post("/themes", data=NEW).headers["location"] == "/themes/3?done=created"
    assert theme(begin, 3).slug == "groen"
    assert "Het thema is gemaakt." in web.get("/themes/3?done=created").text
    assert web.post("/themes", data=NEW | {"core_en": "else"}).status_code == 422
    for switch in ("off", "off", "on", "off"):
        assert web.post("/themes/3/" + switch).status_code == 303
    assert web.post("/themes/3/burn").status_code == 400
    assert not theme(begin, 3).enabled
    assert "Zet aan" in web.get("/themes").text
    assert actions(begin) == ["created", "changed", "changed", "changed"]


def test_readers_look_and_strangers_find_nothing(as_: Callable[[str], httpx.Client]) -> None:
    els, rob, joost = as_("Els"), as_("Rob"), as_("Joost")
    assert els.post("/themes/1/try", data=form(els.get("/themes/1").text)).status_code == 200
    page = rob.get("/themes/1").text
    assert "readonly" in page
    assert "Bewaar" not in page
    assert "Zet uit" not in rob.get("/themes").text
    paths = ("/themes", "/themes/1", "/themes/1/try", "/themes/try", "/themes/1/off")
    assert {rob.post(path, data=NEW).status_code for path in paths} == {403}
    assert rob.get("/themes/new").status_code == 403
    assert joost.get("/themes/1").status_code == 404
    assert {joost.post(f"/themes/1{path}", data=NEW).status_code for path in ("", "/try", "/off")} == {404}
    assert "Zonder thema's vindt Pijplijn geen openstellingen voor u." in html.unescape(
        joost.get("/themes").text
    )


@pytest.mark.usefixtures("desk")
def test_what_the_words_find_is_told_while_they_are_typed(opened: Callable[..., Page], site: str) -> None:
    page = opened()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{site}/themes")
    page.get_by_role("link", name="Klimaatadaptatie en water").click()
    dutch = page.get_by_label("Kernwoorden (Nederlands)")
    dutch.press_sequentially("zebra\nbedrijventerreinen")
    expect(page.get_by_role("status")).to_contain_text("+1 openstelling, 4 al gekoppeld")
    expect(page.locator("#trial mark")).to_have_text(["bedrijventerreinen"])
    expect(dutch).to_be_focused()
    assert complaints == []
    dutch.press_sequentially(", lucht")
    expect(page.get_by_role("status")).to_contain_text("Zo kunnen de woorden niet worden bewaard.")
    dutch.fill("zebra\nbedrijventerreinen")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_text("Bewaard.")).to_be_visible()
    expect(dutch).to_have_value("zebra\nbedrijventerreinen")


@pytest.mark.usefixtures("desk")
def test_words_are_tried_without_a_script_too(opened: Callable[..., Page], site: str) -> None:
    page = opened(java_script_enabled=False)
    page.goto(f"{site}/themes/1")
    page.get_by_label("Kernwoorden (Nederlands)").fill("bedrijventerreinen")
    page.get_by_role("button", name="Probeer").click()
    expect(page.get_by_role("status")).to_contain_text("+1 openstelling, 4 al gekoppeld")
    expect(page.locator("#trial mark")).to_have_text(["bedrijventerreinen"])


@pytest.mark.usefixtures("desk")
@pytest.mark.slow  # test_accessibility walks these pages too; here they have every kind of content
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_axe_finds_nothing_on_the_pages_of_themes(
    opened: Callable[..., Page], site: str, scheme: str, language: str
) -> None:
    page = opened(language, color_scheme=scheme)
    for path in ("", "/1", "/new", "/1 tried", "/1 refused"):
        page.goto(f"{site}/themes{path.partition(' ')[0]}")
        if path.endswith("tried"):
            page.locator("#core_nl").fill("bedrijventerreinen\nzebra\nzebra")
            page.locator("button[formaction]").click()
            expect(page.locator("#trial mark")).to_be_visible()
        elif path.endswith("refused"):
            page.locator("#core_nl").fill("a, b")
            page.locator(".bar button").last.click()
            expect(page.get_by_role("alert")).to_be_visible()
        found = Axe().run(page).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.mark.usefixtures("desk")
def test_a_suggested_word_is_taken_in_or_refused_with_one_click(web: httpx.Client, begin: Begin) -> None:
    assert "Bekijk woorden die misschien ontbreken" in web.get("/themes/1").text
    page = web.get("/themes/1/suggestions").text
    assert '<strong lang="de">hochwasser*</strong>' in page
    asked = {"kind": "core", "language": "de", "term": "hochwasser*", "deed": "approve"}
    assert web.post("/themes/1/suggestions", data=asked).headers["location"] == "/themes/1/suggestions"
    assert (
        web.post("/themes/1/suggestions", data=asked | {"term": "abwasser*", "deed": "refuse"}).status_code
        == 303
    )
    page = web.get("/themes/1/suggestions").text
    assert ("hochwasser*</strong>" in page, "abwasser*</strong>" in page) == (False, False)
    assert (theme(begin).words["core"]["de"], actions(begin)) == (["hochwasser*"], ["changed", "refused"])
    for bad in ({"deed": "x"}, {"kind": "not"}, {"language": "fr"}, {"term": "a*b"}):
        assert web.post("/themes/1/suggestions", data=asked | bad).status_code == 422
