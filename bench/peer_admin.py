# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The same rows in SQLAdmin, as its manual has it: `uvicorn --factory bench.peer_admin:app`."""

from typing import ClassVar

from fastapi import FastAPI
from sqladmin import Admin, ModelView

from config.settings import settings
from models.application import Application
from models.call import Call
from models.session import connect


class Calls(ModelView, model=Call):
    """Fifty calls a page, as ours."""

    column_list: ClassVar = [
        Call.id, Call.identifier, Call.title, Call.programme, Call.budget, Call.opens_on, "source.name",
    ]  # fmt: skip
    column_searchable_list: ClassVar = [Call.title, Call.identifier]
    page_size = 50


class Applications(ModelView, model=Application):
    """Applications, a hundred a page."""

    column_list: ClassVar = [
        Application.id, Application.title, Application.programme, Application.stage, "owner.name",
    ]  # fmt: skip
    column_details_exclude_list: ClassVar = [Application.call]
    page_size = 100


def app() -> FastAPI:
    """The application."""
    made = FastAPI()
    admin = Admin(made, connect(settings().database_url))
    admin.add_view(Calls)
    admin.add_view(Applications)
    return made
