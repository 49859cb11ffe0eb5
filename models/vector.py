# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a text is about, as an encoder told it: asking again takes far longer than looking it up."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class TextVector(Base):
    """One text, of whichever call or theme, by one encoder."""

    __tablename__ = "text_vector"

    encoder: Mapped[str] = mapped_column(String(80), primary_key=True)  # its name and version
    text_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)  # float16, of length 1
    encoded_at: Mapped[datetime]
