# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What portfolio.yaml may say: partners, and applications with all that belongs to them."""

from datetime import date, time
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from config.specs import Spec, Zone


class PartnerSpec(Spec):
    """A partner."""

    name: str
    country: str = Field("NL", pattern=r"^[A-Z]{2}$")
    kind: str = "municipality"


class DateSpec(BaseModel):
    """A milestone or an obligation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    on: date
    kind: str = ""
    done_on: date | None = None


class MilestoneSpec(DateSpec):
    """A milestone, perhaps with an hour; `at` is written in quotes: "17:00"."""

    at: time | None = None
    zone: Zone = "Europe/Amsterdam"


class StepSpec(BaseModel):
    """A step an application made before the office opened, by whom if that is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stage: str
    on: date
    by: str = ""  # a colleague's e-mail address
    why: str = ""


class DecisionSpec(BaseModel):
    """What the funder decided."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date
    awarded: bool
    amount: Decimal | None = Field(None, ge=0)
    reference: str = ""
    conditions: str = ""


class DocumentSpec(BaseModel):
    """A document, where it is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    url: str = Field(pattern=r"^https?://")
    kind: str = ""
    on: date
    by: str = ""


class CommentSpec(BaseModel):
    """What a colleague said, and whom they named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: str = Field(min_length=3)  # a colleague's e-mail address, as are the mentions
    on: date
    text: str
    mentions: tuple[str, ...] = ()


class ContributionSpec(BaseModel):
    """What a party brings to the budget beside the grant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: str = ""  # a partner's slug; empty: see party
    party: str = ""
    kind: Literal["cash", "in_kind"] = "cash"
    amount: Decimal = Field(ge=0)
    certain: bool = False


class ParticipationSpec(BaseModel):
    """A partner's part."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: str
    role: Literal["lead", "partner", "associated"] = "partner"
    share: Decimal | None = Field(None, ge=0, le=100)
    contact: str = ""


class ApplicationSpec(Spec):
    """An application the office starts with."""

    office: str
    title: str
    stage: str
    summary: str = ""
    programme: str = ""
    funder: str = ""
    reference: str = ""
    task: str = ""
    themes: tuple[str, ...] = ()
    confidential: bool = False
    owner: str = ""  # a colleague's e-mail address
    backup: str = ""
    team: tuple[str, ...] = ()
    submitted_on: date | None = None
    runs_from: date | None = None
    runs_until: date | None = None
    total: Decimal | None = None
    requested: Decimal | None = None
    granted: Decimal | None = None
    partners: tuple[ParticipationSpec, ...] = ()
    milestones: tuple[MilestoneSpec, ...] = ()
    obligations: tuple[DateSpec, ...] = ()
    contributions: tuple[ContributionSpec, ...] = ()
    checklist: tuple[str, ...] = ()
    history: tuple[StepSpec, ...] = ()  # the last step is to `stage`; empty: the day it was entered
    decisions: tuple[DecisionSpec, ...] = ()
    documents: tuple[DocumentSpec, ...] = ()
    comments: tuple[CommentSpec, ...] = ()
