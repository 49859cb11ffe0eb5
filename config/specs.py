# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What each YAML file may say: an entry a class, a field a line."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

Slug = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)
Language = Literal["nl", "de", "en"]
ByLanguage = dict[Language, str]
Terms = dict[Language, tuple[str, ...]]


BY_HAND = frozenset({"rounds", "manual"})
"""The kinds of source that colleagues keep: nothing is read."""


class Spec(BaseModel):
    """What every entry shares: unknown fields are refused, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: str = Slug


def _known(zone: str) -> str:
    if zone not in available_timezones():
        sentence = "should be a time zone such as Europe/Amsterdam"
        raise ValueError(sentence)
    return zone


Zone = Annotated[str, AfterValidator(_known)]


class SourceSpec(Spec):
    """A source to read."""

    name: str
    kind: str
    url: str = Field(pattern=r"^https?://")
    language: Language = "nl"
    zone: Zone = "Europe/Amsterdam"
    organisation: str = ""
    every_hours: int = Field(24, ge=1)
    at_least: int = Field(1, ge=0)
    at_most: int | None = Field(None, ge=1)
    news_every_days: int | None = Field(None, ge=1)
    filled: dict[str, Annotated[float, Field(gt=0, le=1)]] = {}
    rules: dict[str, Any] = {}
    enabled: bool = True


class DeadlineSpec(BaseModel):
    """A submission date of a call kept by hand; `at` is written in quotes: "23:59"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date
    at: time | None = None
    zone: Zone = "Europe/Amsterdam"
    stage: str = ""


class KeyDateSpec(BaseModel):
    """A date of a round that is no deadline: papers, a meeting, a decision."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    on: date
    at: time | None = None
    zone: Zone = "Europe/Amsterdam"
    place: str = ""


class CallSpec(Spec):
    """A call that no machine publishes, to begin with: a round, or a fund that is always open."""

    source: str
    title: str
    text: str = ""
    programme: str = ""
    organisation: str = ""
    url: str = Field("", pattern=r"^(https?://.*)?$")
    language: Language = "nl"
    opens_on: date | None = None
    rolling: bool = False
    budget: Decimal | None = Field(None, ge=0)
    minimum: Decimal | None = Field(None, ge=0)
    maximum: Decimal | None = Field(None, ge=0)
    status: Literal["forthcoming", "open", "closed"] | None = None
    provisional: bool = False
    deadlines: tuple[DeadlineSpec, ...] = ()
    key_dates: tuple[KeyDateSpec, ...] = ()


class ThemeSpec(Spec):
    """A theme and its words."""

    name: ByLanguage
    task: str
    description: ByLanguage = {}
    core: Terms = {}
    terms: Terms = {}
    weak: Terms = {}
    excluded: Terms = Field({}, alias="not")


class TaskSpec(Spec):
    """A city task."""

    name: ByLanguage


class ColleagueSpec(BaseModel):
    """A colleague; the factory has none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    language: Language = "nl"
    access: Literal["reader", "editor", "administrator"] = "editor"
    digest: bool = True


class PlanStepSpec(BaseModel):
    """A step of the back-planning, to begin with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: dict[Language, str]
    working_days: int = Field(ge=0, le=400)
    german_too: bool = False

    @field_validator("name")
    @classmethod
    def _in_every_language(cls, name: dict[Language, str]) -> dict[Language, str]:
        if set(name) != {"nl", "de", "en"}:
            sentence = "should be given in nl, de and en"
            raise ValueError(sentence)
        return name


class OfficeSpec(Spec):
    """An office, its tasks, themes and people."""

    name: str
    language: Language = "nl"
    digest_weekday: int = Field(1, ge=1, le=7)
    reminder_days: tuple[int, ...] = (30, 14, 7, 2, 0)
    tasks: tuple[TaskSpec, ...] = ()
    themes: tuple[str, ...] = ()
    planning: tuple[PlanStepSpec, ...] = ()
    colleagues: tuple[ColleagueSpec, ...] = ()


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
