# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The demo's office on the portal of a soak; prints the token of a colleague who is signed in."""

import sys
from datetime import datetime

from sqlalchemy import select

from config.catalogue import load
from config.settings import HOME
from grants import clock
from grants.schema import migrate
from grants.seed import seed
from grants.sign_ins import open_sign_in
from models.colleague import Colleague
from models.session import connect, transactions
from models.source import Source
from tests.soak.orders import Orders

DEMO = "http://127.0.0.1:8765"


def furnish(url: str, portal: str, start: datetime) -> str:
    """Make the tables, seed them as `make demo` does, and sign Noor in."""
    migrate(url)
    with transactions(connect(url))() as session:
        seed(session, load(HOME / "demo" / "config"), now=start)
        for source in session.scalars(select(Source)):
            source.url = source.url.replace(DEMO, portal)
        noor = session.scalars(select(Colleague).where(Colleague.email.startswith("noor@"))).one()
        return open_sign_in(session, noor, way="password", browser="soak", now=clock.now())


if __name__ == "__main__":
    orders = Orders.read(sys.argv[1])
    print(furnish(orders.url, orders.portal, orders.start))
