# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from grants.errors import PijplijnError
from grants.people import find
from models.session import Begin
from tests.builders import colleague, office


def test_a_colleague_is_found_by_address_and_by_office_where_two_know_it(begin: Begin) -> None:
    with begin() as session:
        session.add_all([office(), office(slug="almelo", name="Gemeente Almelo")])
        session.flush()
        session.add(colleague())
        session.flush()
        assert find(session, " NOOR@enschede.example").name == "Noor de Vries"
        session.add(colleague(office_id=2))
        session.flush()
        with pytest.raises(PijplijnError, match=r"enschede, almelo: say which with --office"):
            find(session, "noor@enschede.example")
        assert find(session, "noor@enschede.example", office_slug="almelo").office_id == 2
        with pytest.raises(PijplijnError, match="Nobody with the address"):
            find(session, "noor@enschede.example", office_slug="hengelo")
