# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Colleagues of three offices, each with a client of their own."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import select

from grants.sign_ins import open_sign_in
from models.colleague import Access, Colleague
from models.session import Begin
from tests import builders

OTHERS = {
    "Sam": (1, Access.EDITOR),
    "Rob": (1, Access.READER),
    "Joost": (2, Access.EDITOR),
    "Hanna": (3, Access.ADMINISTRATOR),
}
As = Callable[[str], httpx.Client]


@pytest.fixture
def as_(office: None, token: str, site: str, begin: Begin) -> Iterator[As]:
    """A client signed in as one of the others: 2 Sam, 3 Rob, 4 Joost, 5 Hanna; Noor (1) has `web`."""
    clients = []
    with begin() as session:
        for slug in ("almelo", "hengelo"):
            session.add(builders.office(slug=slug, name=f"Gemeente {slug.title()}"))
            session.flush()
        for name, (office_id, access) in OTHERS.items():
            email = f"{name.lower()}@x.example"
            session.add(builders.colleague(name=name, email=email, office_id=office_id, access=access))
            session.flush()

    def client(name: str) -> httpx.Client:
        with begin() as session:
            one = session.scalars(select(Colleague).where(Colleague.name == name)).one()
            own = open_sign_in(session, one, way="password", browser="", now=builders.NOW)
        clients.append(httpx.Client(base_url=site, cookies={"sid": own}))
        return clients[-1]

    yield client
    for one in clients:
        one.close()
