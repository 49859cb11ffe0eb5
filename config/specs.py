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
    digest: Literal["weekly", "daily", "never"] = "weekly"

    @field_validator("digest", mode="before")
    @classmethod
    def _said_with_yes_or_no(cls, value: object) -> object:
        """As files of before there were days to choose say it."""
        return {True: "weekly", False: "never"}.get(value, value) if isinstance(value, bool) else value


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
