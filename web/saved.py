# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The saved views above a list."""

import secrets
from dataclasses import dataclass

from fastapi import Request

from grants import views
from models.colleague import Colleague, SavedView
from models.session import Session


@dataclass(frozen=True, slots=True)
class Saved:
    """The saved views of a list, the question it is asked now, and the key of a form that saves it."""

    page: str
    query: str
    views: list[SavedView]
    key: str


def saved(request: Request, session: Session, me: Colleague, page: str) -> Saved:
    """The saved views of a list."""
    return Saved(page, views.tidy(request.url.query), views.views(session, me, page), secrets.token_hex(6))
