# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from sqlalchemy import func, select

from config.catalogue import FACTORY, load
from config.settings import HOME
from grants.applications import application_page
from grants.budget import Finding, Gap
from grants.seed import seed
from grants.stages import check_move
from models.application import Application, ChecklistItem, Comment, Document, Stage, StageChange
from models.audit import AuditEntry
from models.colleague import Colleague
from models.decision import Decision
from models.obligation import Obligation
from models.office import Office, PlanStep
from models.session import Begin
from models.source import Source
from models.theme import Theme
from tests.builders import NOW


def seeded(begin: Begin, folder: Path) -> dict[str, int]:
    with begin() as session:
        return seed(session, load(folder), now=NOW)


def test_the_factory_gives_three_offices_their_themes_and_the_portfolio(begin: Begin) -> None:
    counts = seeded(begin, FACTORY)
    sources = len(load(FACTORY).sources)
    assert counts == {
        "source": sources,
        "partner": 10,
        "office": 3,
        "task": 15,
        "theme": 27,
        "plan_step": 12,
        "application": 5,
        "call": 2,
    }
    with begin() as session:
        secret = session.scalars(select(Application).where(Application.confidential)).one()
        assert (secret.slug, secret.stage) == ("ondermijning", "submitted")
        edl = session.scalars(select(Application).where(Application.slug == "edl")).one()
        assert (edl.participations[0].partner.slug, str(edl.participations[0].role)) == ("enschede", "lead")
        assert session.scalar(select(func.count()).select_from(StageChange)) == 5
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == sum(counts.values())
        assert session.scalar(select(func.count()).select_from(Colleague)) == 0


def test_the_demo_has_people_dates_and_an_owner(begin: Begin) -> None:
    seeded(begin, HOME / "demo" / "config")
    with begin() as session:
        edl = session.scalars(select(Application).where(Application.slug == "edl")).one()
        assert edl.owner is not None
        assert edl.owner.email == "noor@enschede.example"
        assert [member.colleague.email for member in edl.team] == ["lena@enschede.example"]
        assert edl.backup is not None
        assert edl.backup.email == "sam@enschede.example"
        assert [theme.slug for theme in edl.themes] == ["arbeid_onderwijs", "crossborder"]
        assert [one.done_on is None for one in edl.milestones] == [False, True, True]
        assert [one.share for one in edl.participations] == [40, 25, 35, None]
        assert session.scalar(select(func.count()).select_from(Obligation)) == 6
        assert session.scalar(select(func.count()).select_from(ChecklistItem)) == 7


def test_the_demo_tells_how_each_application_came_where_it_stands(begin: Begin) -> None:
    seeded(begin, HOME / "demo" / "config")
    with begin() as session:
        for one in session.scalars(select(Application)):
            steps = session.scalars(
                select(StageChange).where(StageChange.application_id == one.id).order_by(StageChange.id)
            ).all()
            for before, after in pairwise(steps):
                assert (after.before, before.at < after.at) == (before.after, True)
                check_move(before.after, after.after)
            assert (steps[0].before, steps[0].after, steps[-1].after) == (None, Stage.IDEA, one.stage)
        assert len(session.scalars(select(Decision)).all()) == 3
        assert len(session.scalars(select(Document)).all()) == 7
        asked = session.scalars(select(Comment).where(Comment.colleague_id == 3)).all()
        assert [one.mentions for one in asked] == [[1], [1]]


def test_the_demos_budgets_add_up_but_for_the_one_that_is_not_rounded_off(begin: Begin) -> None:
    seeded(begin, HOME / "demo" / "config")
    with begin() as session:
        noor = session.scalars(select(Colleague).where(Colleague.name == "Noor de Vries")).one()
        pages = [application_page(session, noor, one) for one in session.scalars(select(Application.id))]
        told = {page.application.slug: page.findings for page in pages if page and page.findings}
        assert told == {"ondermijning": [Finding(Gap.SHORT, Decimal(870_000), Decimal(900_000))]}


def test_seeding_again_inserts_nothing_and_overwrites_nothing(begin: Begin) -> None:
    seeded(begin, FACTORY)
    energy = select(Theme).where(Theme.slug == "energie").order_by(Theme.id)
    with begin() as session:
        session.scalars(select(Source).where(Source.slug == "cinea")).one().enabled = False
        session.scalars(energy).first().words = {}  # type: ignore[union-attr]
        session.scalars(select(Office).where(Office.slug == "almelo")).one().reminder_days = [5]
    assert seeded(begin, FACTORY) == {}
    with begin() as session:
        assert session.scalars(select(Source).where(Source.slug == "cinea")).one().enabled is False
        assert session.scalars(energy).first().words == {}  # type: ignore[union-attr]
        assert session.scalars(select(Office).where(Office.slug == "almelo")).one().reminder_days == [5]


def test_a_template_that_staff_emptied_stays_empty(begin: Begin) -> None:
    seeded(begin, FACTORY)
    with begin() as session:
        steps = session.scalars(
            select(PlanStep).where(PlanStep.office_id == 1).order_by(PlanStep.position)
        ).all()
        assert [(one.name["nl"], one.working_days, one.german_too) for one in steps] == [
            ("Concept van de aanvraag gereed", 30, False),
            ("Stukken naar de stuurgroep", 20, True),
            ("Besluit van het college", 10, False),
            ("Handtekeningen van de partners", 5, True),
        ]
        for one in steps:
            one.removed_at = NOW
    assert seeded(begin, FACTORY) == {}
