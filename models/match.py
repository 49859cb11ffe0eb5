# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A match: why a call belongs to a theme; and a colleague's verdict (oordeel)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Row, Words
from models.call import Call
from models.colleague import Colleague
from models.theme import Theme


class Match(Row):
    """How strongly one call belongs to one theme, with the words that say so."""

    __tablename__ = "match"
    __table_args__ = (UniqueConstraint("call_id", "theme_id"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), index=True)
    score: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    band: Mapped[str] = mapped_column(String(20))  # scoring.score.Band
    unlearned: Mapped[Decimal | None] = mapped_column(
        Numeric(4, 3)
    )  # without what verdicts taught, if they did
    reasons: Mapped[list[Any]]  # {field, start, end, phrase, term}; or scoring.score.Because, field "judged"
    sentence: Mapped[dict[str, Any] | None]  # scoring.sentences.Sentence: what resembles the description
    edition: Mapped[str] = mapped_column(String(16), default="")  # of coefficients and encoder: match again
    text_version: Mapped[int]
    theme_version: Mapped[int]
    first_matched_at: Mapped[datetime]
    matched_at: Mapped[datetime]

    call: Mapped[Call] = relationship()
    theme: Mapped[Theme] = relationship()

    @property
    def phrases(self) -> list[dict[str, Any]]:
        """The reasons that are words of the call."""
        return [one for one in self.reasons if one["field"] != "judged"]

    @property
    def judged(self) -> list[dict[str, Any]]:
        """The reasons that are other calls, which the office judged."""
        return [one for one in self.reasons if one["field"] == "judged"]


class VerdictReason(StrEnum):
    """Why a call is not for us."""

    NOT_OUR_THEME = "not_our_theme"
    NOT_ELIGIBLE = "not_eligible"
    TOO_LATE = "too_late"
    NO_CAPACITY = "no_capacity"
    NO_MATCH_FUNDING = "no_match_funding"
    ALREADY_KNOWN = "already_known"
    OTHER = "other"


class Verdict(Row):
    """What one office thought of one call; the latest that was not taken back counts, all others stay."""

    __tablename__ = "verdict"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    colleague_id: Mapped[int | None] = mapped_column(ForeignKey("colleague.id"))
    relevant: Mapped[bool]
    reason: Mapped[VerdictReason | None] = mapped_column(Words(VerdictReason))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(200), default="")

    call: Mapped[Call] = relationship()
    colleague: Mapped[Colleague | None] = relationship()
