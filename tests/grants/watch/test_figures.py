# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The figures count the whole installation; a confidential application moves none of its own."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from config.settings import Settings
from grants.watch import figures
from models.message import MessageState
from models.session import Begin
from models.trouble import Trouble
from models.watch import AuditWalk, LastRun
from tests import builders
from tests.builders import NOW
from tests.grants.watch.test_signs import back_up, letter

HOUR = timedelta(hours=1)


def test_the_figures_count_and_give_ages_in_seconds(begin: Begin, tmp_path: Path) -> None:
    back_up(tmp_path)
    own = Settings(data_dir=tmp_path, backup_dir=tmp_path)
    with begin() as session:
        session.add_all([builders.office(), builders.source(last_success_at=NOW)])
        session.flush()
        session.add_all(
            [builders.call(), letter(MessageState.SENT), letter(MessageState.QUEUED, created_at=NOW - HOUR)]
        )
        session.add(LastRun(flow="read-bounces", first_at=NOW, started_at=NOW - HOUR, failure="OSError"))
        session.add(Trouble(key="source:x:failing", sentence="x", since=NOW))
        session.add(AuditWalk(at=NOW, whole_at=NOW - HOUR, entries=1, entry_id=1, head="a", why=""))
        session.flush()
        found = figures(session, now=NOW, settings=own)
    assert (found.calls, found.sources) == (1, {"never_read": 1})
    assert (found.messages[MessageState.SENT], found.messages[MessageState.DEAD]) == (1, 0)
    assert found.oldest == {"queued": 3600}
    assert (found.flows_started, found.flows_succeeded) == ({"read-bounces": 3600}, {})
    assert {flow for flow, failed in found.flows_failed.items() if failed} == {"read-bounces"}
    assert (found.troubles["source"], found.troubles["reminder"]) == (1, 0)
    assert (found.backup_age, found.drill_age, found.audit_age, found.audit_holds) == (1200, None, 3600, 1)
    assert found.database_bytes > 10_000
    assert {*found.disk_free} == {"data", "backups"}


def test_an_application_moves_no_figure(begin: Begin, tmp_path: Path) -> None:
    own = Settings(data_dir=tmp_path, backup_dir=tmp_path)
    found = []
    for _ in range(2):
        with begin() as session:
            if found:
                session.add(builders.application(confidential=True))
            else:
                session.add(builders.office())
            session.flush()
        with begin() as session:
            told = asdict(figures(session, now=NOW, settings=own))
            found.append({name: told[name] for name in told if name not in {"database_bytes", "disk_free"}})
    assert found[0] == found[1]
