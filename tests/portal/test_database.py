from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal import journal
from portal.accounts.acts import StaffError, add_staff, ensure_administrator
from portal.accounts.models import Role
from portal.calendar import today
from portal.chat.models import Conversation, Question
from portal.database import Database
from portal.journal import JournalBrokenError, JournalEntry

from .small import everything_stored


def make_question(session: Session, words: str) -> Question:
    session.add(Conversation(id="c" * 22))
    question = Question(conversation_id="c" * 22, text=words, region=None, on=today())
    session.add(question)
    session.commit()
    return question


def unseal_journal(session: Session) -> None:
    """Takes away what keeps the journal from being changed, as someone with the database could."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("DROP TRIGGER journal_is_append_only ON journal"))
        return
    session.execute(text("DROP TRIGGER journal_refuses_update"))
    session.execute(text("DROP TRIGGER journal_refuses_delete"))


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="runs on PostgreSQL")
def test_sqlite_is_in_wal_with_foreign_keys_and_patience(session: Session):
    asked = {
        name: session.execute(text(f"PRAGMA {name}")).scalar()
        for name in ("journal_mode", "foreign_keys", "busy_timeout")
    }
    assert asked == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000}


def test_a_question_is_unreadable_in_the_database_file(database: Database, session: Session):
    question = make_question(session, "我叫张三，第一次违法怎么办")
    stored = session.execute(text("SELECT text FROM questions")).scalar_one()
    assert "张三" not in stored
    with database.session() as other:
        assert other.get_one(Question, question.id).text == "我叫张三，第一次违法怎么办"


def test_a_moment_keeps_its_instant_whatever_its_zone(database: Database, session: Session):
    china = datetime(2026, 11, 22, 8, 30, tzinfo=timezone(timedelta(hours=8)))
    session.add(Conversation(id="d" * 22, created_at=china))
    session.commit()
    with database.session() as other:
        found = other.get_one(Conversation, "d" * 22).created_at
    assert (found, found.tzinfo) == (china, UTC)


def test_what_an_act_did_not_commit_is_gone(database: Database):
    with database.session() as session:
        session.add(Conversation(id="e" * 22))
        session.flush()
    with database.session() as session:
        assert session.get(Conversation, "e" * 22) is None


def test_the_journal_chains_its_entries(session: Session):
    start = journal.verify(session)
    journal.append(session, "operator", "test.done", "one", {"词": "值"})
    journal.append(session, "operator", "test.done", "two")
    session.commit()
    assert journal.verify(session) == start + 2


def test_the_database_itself_refuses_to_change_the_journal(session: Session):
    journal.append(session, "operator", "test.done", "one")
    session.commit()
    for change in ("UPDATE journal SET actor = 'other'", "DELETE FROM journal"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(change))
        session.rollback()
    entry = session.query(JournalEntry).first()
    assert entry is not None
    entry.actor = "other"
    with pytest.raises(JournalBrokenError):
        session.flush()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE journal SET actor = 'other' WHERE number = 1",
        "DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)",
        "DELETE FROM journal WHERE number = 1",
    ],
)
def test_tampering_with_the_journal_is_found(session: Session, tampering: str):
    for name in ("one", "two"):
        journal.append(session, "operator", "test.done", name)
    unseal_journal(session)
    session.execute(text(tampering))
    session.commit()
    session.expire_all()
    with pytest.raises(JournalBrokenError):
        journal.verify(session)


def test_many_writers_make_one_unbroken_chain(database: Database, session: Session):
    start = journal.verify(session)
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(5):
                with database.session() as own:
                    journal.append(own, name, "test.done", str(number))
                    own.commit()
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(f"writer-{n}",)) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    session.rollback()
    assert failures == []
    assert journal.verify(session) == start + 30


def test_a_new_account_gets_a_password_that_is_kept_only_as_a_hash(session: Session):
    made = add_staff(session, "li.si", Role.EDITOR, "湛河区司法局")
    assert len(made.password) >= 12
    assert made.staff.password_hash.startswith("$argon2id$")
    assert made.password not in repr(made)
    assert made.staff.roles == {Role.EDITOR}
    assert made.password not in everything_stored(session)


@pytest.mark.parametrize(
    ("name", "agency"), [("x", "局"), ("有 空格", "局"), ("a" * 61, "局"), ("li.si", "  ")]
)
def test_an_impossible_account_is_refused_and_nothing_is_kept(session: Session, name: str, agency: str):
    before = journal.verify(session)
    with pytest.raises(StaffError):
        add_staff(session, name, Role.EDITOR, agency)
    assert journal.verify(session) == before


def test_a_name_is_given_once(session: Session):
    add_staff(session, "li.si", Role.EDITOR, "湛河区司法局")
    with pytest.raises(StaffError, match="已经存在"):
        add_staff(session, "li.si", Role.OFFICER, "舟山市司法局")


def test_the_first_administrator_is_made_only_once(session: Session):
    made = ensure_administrator(session)
    assert made is not None
    assert made.staff.roles == {Role.ADMINISTRATOR}
    assert ensure_administrator(session) is None
