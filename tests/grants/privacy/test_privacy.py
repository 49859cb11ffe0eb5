# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is kept of a colleague, taken along and made nameless, in a database where they stand everywhere."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from grants import people, privacy
from grants.auditing import note, verify
from grants.errors import PijplijnError
from grants.privacy.places import own_tables, texts
from grants.sign_ins import open_sign_in
from models.application import Comment, Document, StageChange
from models.audit import AuditEntry
from models.base import Base
from models.colleague import Access, Colleague, Invitation, SavedView, SignIn
from models.message import Attempt, Bounce, Finding, Message, MessageState
from models.session import Begin
from models.source import Look
from tests import builders
from tests.builders import NOW

SAM = {"name": "Sam van Dam", "email": "Sam@enschede.example"}
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def everywhere(begin: Begin) -> None:
    """Sam stands in every text of ours in which an address fits, and left."""
    with begin() as session:
        session.add(builders.office())
        session.flush()
        session.add_all(
            [builders.colleague(access=Access.ADMINISTRATOR), builders.colleague(**SAM, subject="iss||sam")]
        )
        session.add(builders.application(owner_id=2))
        session.add_all([builders.source(), builders.call()])
        session.flush()
        _deeds(session)
        _letters(session)
        sam = session.get_one(Colleague, 2)
        open_sign_in(session, sam, way="password", browser="Firefox", now=NOW)
        people.invite(session, sam, by="noor@enschede.example", now=NOW)
        people.change(session, sam, by=session.get_one(Colleague, 1), now=NOW, active=False)


def _deeds(session: Session) -> None:
    sam = SAM["email"]
    session.add_all([
        StageChange(application_id=1, after="idea", at=NOW, by=sam, why=f"vraag {sam.lower()}, niet eleanor{sam}"),
        Document(application_id=1, title="Brief van Sam van Dam", url="https://dms.example/1", at=NOW, by=sam),
        Comment(application_id=1, colleague_id=2, text="Goed plan", mentions=[], at=NOW),
        SavedView(office_id=1, colleague_id=2, slug="a", name="Mijn", page="calls", query="", at=NOW),
        SavedView(office_id=1, colleague_id=2, slug="b", name="Ons", page="calls", query="", at=NOW, shared=True),
        Look(source_id=1, at=NOW, url="https://x.example", after="mail Sam@enschede.example", done_at=NOW, done_by=sam),
    ])  # fmt: skip
    note(
        session,
        at=NOW,
        actor=sam,
        action="changed",
        subject="source",
        subject_id=1,
        facts={"why": f"zei {sam}"},
    )


def _letters(session: Session) -> None:
    to = {"recipient": SAM["email"].lower(), "text": "Beste Sam van Dam"}
    session.add_all([builders.letter(**to, state=one) for one in (MessageState.SENT, MessageState.QUEUED)])
    session.add(builders.letter())
    session.flush()
    session.add(Attempt(message_id=1, at=NOW, outcome="refused", reply=f"550 <{SAM['email']}> unknown"))
    session.add(Bounce(
        mailbox="in", number=1, fingerprint="f", at=NOW, finding=Finding.BOUNCED, said=f"to {SAM['email']}",
    ))  # fmt: skip


def erased(begin: Begin) -> privacy.Erased:
    with begin() as session:
        sam = people.find(session, "sam@enschede.example", or_left=True)
        return privacy.erase(session, sam, by="root", now=LATER)


def everything(session: Session) -> str:
    """All rows but those of sources, as text."""
    tables = [*own_tables(), Base.metadata.tables["audit_entry"]]
    return "\n".join(str(tuple(row)) for table in tables for row in session.execute(select(table)))


@pytest.mark.usefixtures("everywhere")
def test_who_is_erased_stands_nowhere_any_more_and_their_deeds_stay_by_a_number(begin: Begin) -> None:
    with begin() as session:
        before = {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in own_tables()
        }
        assert "sam@enschede.example" in everything(session).lower()
    done = erased(begin)
    assert (done.number, done.named, done.sealed) == (2, 1, 0)
    assert done.changed == {
        "letters": 2, "message": 2, "attempt": 1, "bounce": 1, "stage_change": 2, "document": 1, "look": 1,
    }  # fmt: skip
    with begin() as session:
        left = everything(session).lower().replace("eleanorsam@enschede.example", "")
        assert "sam@enschede" not in left
        assert left.count("sam van dam") == 1  # in the words of another, which a person must read
        assert "iss||sam" not in left
        assert verify(session).why == ""
        assert {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in own_tables()
        } == before
        sam = session.get_one(Colleague, 2)
        assert (sam.name, sam.email) == ("oud-medewerker 2", "oud-medewerker-2@erased.invalid")
        step = session.scalars(select(StageChange)).one()
        assert (step.by, step.why) == (sam.email, "vraag oud-medewerker 2, niet eleanorSam@enschede.example")
        assert session.scalars(select(Comment)).one().colleague_id == 2
        look = session.scalars(select(Look)).one()
        assert (look.done_by, look.after) == (sam.email, "mail Sam@enschede.example")  # what came in stays


@pytest.mark.usefixtures("everywhere")
def test_letters_to_who_is_erased_lose_their_text_and_are_not_sent_any_more(begin: Begin) -> None:
    erased(begin)
    with begin() as session:
        kept = session.execute(select(Message.state, func.length(Message.mime)).order_by(Message.id)).all()
        assert [(one, bool(size)) for one, size in kept] == [
            ("sent", False),
            ("superseded", False),
            ("held", True),
        ]
        assert session.scalars(select(SignIn.browser)).all() == [""]
        assert session.scalars(select(Invitation.until)).all() == [LATER]
        assert session.scalars(select(SavedView.removed_at).order_by(SavedView.id)).all() == [LATER, None]


@pytest.mark.usefixtures("everywhere")
def test_that_somebody_was_erased_is_logged_by_number_with_how_much(begin: Begin) -> None:
    erased(begin)
    with begin() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.actor, last.action, last.subject, last.subject_id) == ("root", "erased", "colleague", 2)
        assert last.facts["stage_change"] == 2


@pytest.mark.usefixtures("everywhere")
def test_erasing_twice_changes_nothing_more(begin: Begin) -> None:
    erased(begin)
    with begin() as session:
        again = privacy.erase(session, session.get_one(Colleague, 2), by="root", now=LATER)
        assert again.changed == {"letters": 2}
        assert session.get_one(Colleague, 2).name == "oud-medewerker 2"


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("UPDATE colleague SET active = true WHERE id = 2", "Who works here is not erased"),
        ("UPDATE colleague SET email = 'SAM@enschede.example' WHERE id = 1", "at another office"),
        ("UPDATE message SET state = 'sending' WHERE id = 2", "being sent at this moment"),
    ],
)
def test_who_cannot_be_erased_now_is_left_whole(begin: Begin, wrong: str, sentence: str) -> None:
    with begin() as session:
        session.execute(text(wrong))
        with pytest.raises(PijplijnError, match=sentence):
            privacy.erase(session, session.get_one(Colleague, 2), by="root", now=LATER)
        assert session.get_one(Colleague, 2).name == "Sam van Dam"


@pytest.mark.usefixtures("everywhere")
def test_a_colleague_takes_along_all_that_is_kept_of_them_and_no_secret(begin: Begin) -> None:
    with begin() as session:
        sam = session.get_one(Colleague, 2)
        sam.password, sam.totp = "hash-of-it", "secret-of-it"
        told: dict[str, Any] = privacy.export(session, sam, by="root", now=NOW)
    assert json.loads(json.dumps(told, default=str))["at"] == NOW.isoformat()
    assert {name: len(rows) for name, rows in told.items() if isinstance(rows, list)} == {
        "colleague": 1, "application": 1, "sign_in": 1, "invitation": 1, "saved_view": 2, "comment": 1, "stage_change": 1,
        "document": 1, "look": 1, "log": 4,
    }  # fmt: skip
    assert (told["password"], told["code"]) == (True, True)
    assert "of-it" not in str(told)
    assert "token_hash" not in told["sign_in"][0]


def test_every_table_with_a_number_of_a_colleague_is_known() -> None:
    known = {table.name for table in own_tables()} | {"look"}
    tied = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "colleague"
    }
    assert tied <= known | {"audit_entry"}
    assert {f"{table.name}.{one.name}" for table, one in texts()} >= {
        "theme.edited_by",
        "planning.by",
        "message.recipient",
    }
