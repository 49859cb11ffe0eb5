# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the pages and the command line show."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.nameless import doers as doers
from grants.queries.call_lines import CallLine as CallLine
from grants.queries.call_lines import CallPage as CallPage
from grants.queries.call_lines import as_row as as_row
from grants.queries.deeds import DeedFilter as DeedFilter
from grants.queries.deeds import DeedPage as DeedPage
from grants.queries.deeds import deed_in_brief as deed_in_brief
from grants.queries.deeds import deed_subjects as deed_subjects
from grants.queries.deeds import deeds as deeds
from grants.queries.deeds import every_deed as every_deed
from grants.queries.deeds import last_deeds as last_deeds
from grants.queries.disagreements import Differs as Differs
from grants.queries.disagreements import Disagreement as Disagreement
from grants.queries.disagreements import disagreements as disagreements
from grants.queries.extended import extended as extended
from grants.queries.health import FINE as FINE
from grants.queries.health import SourceHealth as SourceHealth
from grants.queries.health import SourceState as SourceState
from grants.queries.health import source_in_brief as source_in_brief
from grants.queries.health import source_in_full as source_in_full
from grants.queries.health import sources as sources
from grants.queries.hits import Hit as Hit
from grants.queries.hits import found_calls as found_calls
from grants.queries.hits import hit as hit
from grants.queries.interest import Decided as Decided
from grants.queries.interest import Interest as Interest
from grants.queries.interest import Judged as Judged
from grants.queries.interest import Mine as Mine
from grants.queries.letters import STUCK as STUCK
from grants.queries.letters import MessageLine as MessageLine
from grants.queries.letters import MessagePage as MessagePage
from grants.queries.letters import language_of as language_of
from grants.queries.letters import letter_counts as letter_counts
from grants.queries.letters import message as message
from grants.queries.letters import messages as messages
from grants.queries.letters import office_messages as office_messages
from grants.queries.letters import plain_words as plain_words
from grants.queries.letters import words_of as words_of
from grants.queries.lists import Order as Order
from grants.queries.lists import call as call
from grants.queries.lists import calls as calls
from grants.queries.lists import themes as themes
from grants.queries.narrowing import Narrowing as Narrowing
from grants.queries.reasons import Reasons as Reasons
from grants.queries.reasons import reasons as reasons
from grants.queries.rounds import Kept as Kept
from grants.queries.rounds import RoundLine as RoundLine
from grants.queries.rounds import Rounds as Rounds
from grants.queries.rounds import kept as kept
from grants.queries.rounds import kept_sources as kept_sources
from grants.queries.rounds import rounds as rounds
from grants.queries.source_page import ASKED as ASKED
from grants.queries.source_page import PayloadLine as PayloadLine
from grants.queries.source_page import SourcePage as SourcePage
from grants.queries.source_page import payload as payload
from grants.queries.source_page import source as source
from grants.queries.standing import CallDesk as CallDesk
from grants.queries.standing import Standing as Standing
from grants.queries.standing import call_desk as call_desk
from grants.queries.standing import in_force as in_force
from grants.queries.standing import members as members
from grants.queries.standing import own_verdict as own_verdict
from grants.queries.standing import standings as standings
from grants.queries.twins import Group as Group
from grants.queries.twins import Twin as Twin
from grants.queries.twins import groups as groups
from grants.queries.twins import twins as twins
from models.colleague import Colleague
from models.office import Office
from models.session import remembered
from models.source import Source


def offices(session: Session) -> list[Office]:
    """Every office, the first one seeded first."""
    return list(session.scalars(select(Office).order_by(Office.id)))


def colleagues(session: Session, office_id: int) -> list[Colleague]:
    """Everyone at an office, who left last."""
    everyone = select(Colleague).where(Colleague.office_id == office_id)
    return list(session.scalars(everyone.order_by(Colleague.active.desc(), Colleague.name, Colleague.id)))


def source_names(session: Session) -> dict[str, str]:
    """By slug: what each source is called, in the order of their names."""
    asked = select(Source.slug, Source.name).order_by(Source.name, Source.slug)
    return remembered(session, "source names", lambda: {row.slug: row.name for row in session.execute(asked)})
