# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An obligation (verantwoording): what an award asks of us."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.application import Application
from models.base import MarkedRow


class Obligation(MarkedRow):
    """A report, an audit or a SiSa statement that is due."""

    __tablename__ = "obligation"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))  # content, finance, audit, sisa
    on: Mapped[date] = mapped_column("on_date")
    done_on: Mapped[date | None]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))  # whose it is; None: ours
    note: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship()
