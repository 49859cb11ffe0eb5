# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Search results of the EU portal, real ones field by field and our own with every oddity."""

import json
from datetime import date, time
from decimal import Decimal

import pytest

from grants.sources.sedia_due import due
from grants.sources.sedia_record import Read, understand
from models.values import Basis, CallStatus, Due
from tests.conftest import CAPTURES, needs_captures


def captured(file: str, reference: str) -> Read:
    answer = json.loads((CAPTURES / "sedia-raw" / file).read_text())
    results = answer.get("results", [answer])
    return understand(next(one for one in results if one["reference"] == reference))


def topic(**metadata: object) -> Read:
    facts = {"identifier": ["LIFE-2026-X"], "title": ["Cool streets"], "type": ["1"]} | metadata
    return understand({"reference": "1TOPICSen", "metadata": facts})


def line(action: str, **facts: object) -> dict[str, object]:
    return {"action": action, "budgetYearMap": {"2026": "10000000", "2027": 2000000}} | facts


def overview(*lines: dict[str, object]) -> list[str]:
    return [json.dumps({"budgetTopicActionMap": {str(n): [one] for n, one in enumerate(lines)}})]


@needs_captures
def test_a_real_topic_is_read_whole() -> None:
    read = captured("aarhus-search-page-trimmed.json", "50127691TOPICSen")
    entry = read.entry
    assert read.warnings == ()
    assert entry.identifier == "HORIZON-CL6-2026-04-GOVERNANCE-01"
    assert entry.title == "Additional activities for the European Partnership of Agriculture of Data"
    assert entry.url.endswith("/topic-details/HORIZON-CL6-2026-04-GOVERNANCE-01")
    assert entry.body.startswith("<p>")
    assert (entry.kind, entry.language) == ("topic", "en")
    assert entry.programme == "Horizon Europe (HORIZON)"
    assert entry.parent == "HORIZON-CL6-2026-04"
    assert entry.stated_status == CallStatus.FORTHCOMING
    assert entry.opens_on == date(2026, 8, 25)
    assert [(one.on, one.at, one.basis, one.stage) for one in entry.deadlines] == [
        (date(2026, 11, 26), None, Basis.STATED, "")
    ]
    assert (entry.budget, entry.budget_shared_by, entry.expected_grants) == (Decimal(60000000), 1, 1)
    assert (entry.minimum, entry.maximum) == (Decimal(60000000), Decimal(60000000))
    assert entry.extra["status"] == ["31094501"]
    assert entry.extra["sortStatus"] == ["2"]


@needs_captures
def test_a_two_stage_topic_has_both_stages_and_keeps_its_call_when_the_budget_is_cut() -> None:
    read = captured("aarhus-search-page-trimmed.json", "50138952TOPICSen")
    assert [(one.on, one.stage) for one in read.entry.deadlines] == [
        (date(2027, 4, 8), "stage 1"),
        (date(2027, 9, 14), "stage 2"),
    ]
    assert read.entry.budget is None
    assert read.warnings == (
        (
            "The portal's budgetOverview of HORIZON-MISS-2027-05-SOIL-01-two-stage is cut off and could"
            " not be read."
        ),
    )


@needs_captures
def test_the_other_cut_budget_warns_too() -> None:
    read = captured("aarhus-search-page-trimmed.json", "50147304TOPICSen")
    assert len(read.warnings) == 1
    assert read.entry.stated_status == CallStatus.OPEN
    assert read.entry.deadlines[0].on == date(2026, 9, 15)


@needs_captures
def test_a_legacy_row_has_brussels_time_and_a_page_for_people() -> None:
    reference = "45703306HORIZONResearchandInnovationActions1696377600000"
    entry = captured("aarhus-search-page-trimmed.json", reference).entry
    assert entry.deadlines == (
        Due(
            date(2024, 2, 7),
            time(17, 0),
            "Europe/Brussels",
            Basis.ASSUMED,
            "",
            "2024-02-07T17:00+0000",
        ),
    )
    assert entry.url.endswith("/topic-details/horizon-cl2-2024-transformations-01-08")
    assert "Gender research" in entry.extra["keywords"]
    assert entry.stated_status == CallStatus.FORTHCOMING
    assert entry.body == ""


@needs_captures
def test_the_envelope_of_2023_gives_the_wall_clock_that_was_shifted() -> None:
    reference = "45646358HORIZONResearchandInnovationActions1701907200000"
    entry = captured("record-api-2.101-2023.json", reference).entry
    assert (entry.deadlines[0].on, entry.deadlines[0].at) == (date(2024, 4, 18), time(17, 0))
    assert entry.opens_on == date(2023, 12, 7)


@needs_captures
def test_cascade_calls_have_their_own_title_and_all_cut_offs() -> None:
    one = captured("fundhunt-sedia_cascade.json", "11143COMPETITIVE_CALLen").entry
    other = captured("fundhunt-sedia_cascade.json", "11145COMPETITIVE_CALLen").entry
    assert (one.title, other.title) == ("METU Internships Offer", "Gnomon Internships Offer")
    assert one.url == other.url
    assert one.key != other.key
    assert [due.stage for due in one.deadlines] == [f"cut-off {number}" for number in range(1, 8)]
    assert {due.basis for due in one.deadlines} == {Basis.ASSUMED}
    assert (one.kind, one.organisation, one.budget) == ("cascade", "SUSA", Decimal(30500))
    assert one.parent == "DIGITAL-2023-SKILLS-05-SPECIALEDU"


@needs_captures
def test_a_cascade_call_without_description_and_with_odd_seconds() -> None:
    entry = captured("fundhunt-sedia_cascade.json", "11264COMPETITIVE_CALLen").entry
    assert entry.body == ""
    assert (entry.deadlines[0].on, entry.deadlines[0].at) == (date(2025, 9, 30), time(17, 0))


def test_external_aid_times_are_real_utc_and_their_seconds_do_not_count() -> None:
    one, other = (due(f"2026-07-15T12:00:{second}.000+0000", kind="2") for second in (19, 20))
    assert one == other
    assert (one.on, one.at, one.basis) == (date(2026, 7, 15), time(14, 0), Basis.STATED)
    night = due("2026-07-15T22:59:00.000+0000", kind="2")
    assert (night.on, night.at) == (date(2026, 7, 16), time(0, 59))


@pytest.mark.parametrize(("kind", "basis"), [("1", Basis.STATED), ("2", Basis.ASSUMED), ("8", Basis.ASSUMED)])
def test_midnight_is_a_date_alone(kind: str, basis: Basis) -> None:
    found = due("2028-02-29T00:00:00.000+0000", kind=kind)
    assert (found.on, found.at, found.basis) == (date(2028, 2, 29), None, basis)


def test_an_unreadable_deadline_is_unknown_and_named() -> None:
    read = topic(deadlineDate=["to be announced"])
    assert read.entry.deadlines == (Due(None, basis=Basis.UNKNOWN, text="to be announced"),)
    assert read.warnings == ("The deadline 'to be announced' of LIFE-2026-X could not be read.",)


def test_the_actions_add_the_days_the_metadata_lacks() -> None:
    actions = [
        {"deadlineDates": ["2027-03-01", "2027-09-01"], "submissionProcedure": {"abbreviation": "two-stage"}}
    ]
    read = topic(deadlineDate=["2027-03-01T00:00:00.000+0000"], actions=[json.dumps(actions)])
    assert [(one.on, one.stage) for one in read.entry.deadlines] == [
        (date(2027, 3, 1), "stage 1"),
        (date(2027, 9, 1), "stage 2"),
    ]


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"actions": ['[{"status":{"id":31094502}}]'], "status": ["31094501"]}, CallStatus.OPEN),
        ({"actions": ['[{"status":null}]'], "sortStatus": ["3"]}, CallStatus.CLOSED),
        ({"actions": ['[{"status":{"id":31'], "status": ["31094501"]}, CallStatus.FORTHCOMING),
        ({"status": ["31094599"]}, None),
    ],
)
def test_the_status_comes_from_whoever_knows_it(facts: dict[str, object], status: CallStatus | None) -> None:
    assert topic(**facts).entry.stated_status == status


def test_the_budget_is_the_topics_own_lines_over_the_years() -> None:
    own = line("LIFE-2026-X - PJG", expectedGrants=4, minContribution=1000000, maxContribution=3000000)
    entry = topic(budgetOverview=overview(own, line("LIFE-2026-X-2 - PJG"), line("LIFE-2026-Y - PJG"))).entry
    assert (entry.budget, entry.budget_shared_by, entry.expected_grants) == (Decimal(12000000), 1, 4)
    assert (entry.minimum, entry.maximum) == (Decimal(1000000), Decimal(3000000))


def test_a_pot_its_own_grants_do_not_fill_is_shared_with_the_siblings_that_repeat_it() -> None:
    lines = [line(f"LIFE-2026-{letter} - PJG", expectedGrants=0) for letter in "XYZ"]
    other = line("LIFE-2026-Q - PJG", budgetYearMap={"2026": "1"})
    entry = topic(budgetOverview=overview(*lines, other)).entry
    assert (entry.budget, entry.budget_shared_by, entry.expected_grants) == (Decimal(12000000), 3, None)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"budgetTopicActionMap": []}',
        '{"budgetTopicActionMap": {"1": 7}}',
        '{"budgetTopicActionMap": {"1": [7]}}',
    ],
)
def test_a_budget_of_another_shape_is_no_budget(text: str) -> None:
    assert topic(budgetOverview=[text]).entry.budget is None


def test_a_line_without_readable_amounts_is_no_budget() -> None:
    years = {"2026": "about ten", "2027": "NaN"}
    assert topic(budgetOverview=overview(line("LIFE-2026-X", budgetYearMap=years))).entry.budget is None
    assert topic(budgetOverview=overview(line("LIFE-2026-X", budgetYearMap=None))).entry.budget is None


def test_a_title_is_one_line_with_its_entities_resolved() -> None:
    assert topic(title=["\r\n".join(["R&amp;I for cities"] * 20)]).entry.title == "R&I for cities"


def test_plain_texts_and_missing_metadata_are_tolerated() -> None:
    assert topic(title="Cool streets", startDate="2026-10-01T00:00:00.000+0000").entry.opens_on == date(
        2026, 10, 1
    )
    bare = understand({"reference": "7PROSPECTSEN", "summary": "Water", "metadata": None}).entry
    assert (bare.title, bare.identifier, bare.kind) == ("Water", "7PROSPECTSEN", "external aid")
    assert bare.opens_on is None


def test_a_programme_without_a_name_keeps_its_number() -> None:
    assert topic(frameworkProgramme=["777"]).entry.programme == "777"


def test_an_address_that_is_not_http_becomes_the_portals_page() -> None:
    entry = topic(url=["javascript:alert(1)"]).entry
    assert entry.url.endswith("/portal/screen/opportunities/topic-details/life-2026-x")


def test_the_planned_opening_of_the_actions_counts_when_there_is_no_start() -> None:
    entry = topic(actions=['[{"plannedOpeningDate":"2027-01-12"}]']).entry
    assert entry.opens_on == date(2027, 1, 12)


def test_a_list_cut_inside_its_json_is_empty_and_named_once() -> None:
    read = topic(keywords=['["heat","wat'])
    assert "keywords" not in read.entry.extra
    assert read.warnings == ("The portal's keywords of LIFE-2026-X is cut off and could not be read.",)
