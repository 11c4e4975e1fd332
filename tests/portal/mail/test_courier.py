"""Letters wait in the outbox until a server has taken them, each once, and never lie there in the open."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.database import Database, now
from portal.mail.courier import deliver
from portal.mail.models import Letter
from portal.mail.outbox import claim, count_waiting, post, take_back
from portal.mail.relay import NotAcceptedError, Relay
from portal.mail.rules import mail_rules

from ..small import everything_stored
from .smtpd import smtpd

SITE = "https://rouwen.example.org"
TO = "wang@example.com"


def put(session: Session, about: str = "application:A-1", recipient: str = TO) -> None:
    values = {"number": about.partition(":")[2], "token": "stop-here"}
    post(session, about=about, recipient=recipient, template="moved", values=values)
    session.commit()


def make_due(session: Session) -> None:
    session.execute(update(Letter).values(due_at=now() - timedelta(seconds=1)))
    session.commit()


def test_a_letter_says_where_to_look_and_how_to_stop_and_is_gone_once_taken(session: Session):
    put(session)
    with smtpd() as server:
        assert deliver(session, Relay.at(server.url), SITE) == 1
        assert deliver(session, Relay.at(server.url), SITE) == 0
    (letter,) = server.letters
    words = letter.get_content()
    assert (letter["To"], letter["From"], letter["Auto-Submitted"]) == (
        TO,
        "no-reply@example.org",
        "auto-generated",
    )
    assert "A-1" in letter["Subject"]
    assert f"{SITE}/applications?number=A-1" in words
    assert f"{SITE}/applications/mail/stop-here" in words
    assert count_waiting(session) == (0, 0)


def test_several_letters_go_over_one_connection(session: Session):
    for number in range(3):
        put(session, f"application:A-{number}")
    with smtpd() as server:
        assert deliver(session, Relay.at(server.url), SITE) == 3
    assert server.commands.count("EHLO") == 1


def test_a_letter_that_still_waits_tells_of_the_next_news_too(session: Session):
    put(session)
    put(session)
    assert count_waiting(session) == (1, 0)


def test_a_letter_that_is_held_by_one_courier_is_not_taken_by_another(session: Session, database: Database):
    put(session)
    with database.session() as other:
        assert claim(session) is not None
        assert claim(other) is None


def test_a_courier_that_died_loses_its_letter_after_a_while(session: Session):
    put(session)
    assert claim(session) is not None
    make_due(session)
    assert claim(session) is not None


def test_a_server_that_is_away_is_tried_again_later_and_later_and_then_no_more(session: Session):
    put(session)
    waits = []
    for _ in range(len(mail_rules().wait_minutes) + 1):
        make_due(session)
        assert deliver(session, Relay.at("smtp://127.0.0.1:1"), SITE) == 0
        letter = session.scalars(select(Letter)).one()
        waits.append(round((letter.due_at - now()).total_seconds() / 60))
    assert tuple(waits[:-1]) == mail_rules().wait_minutes
    assert count_waiting(session) == (0, 1)


@pytest.mark.parametrize(
    ("answers", "counted"),
    [
        ({"RCPT": "550 no such user"}, (0, 1)),
        ({"RCPT": "451 try later"}, (1, 0)),
        ({"DATA": "554 refused"}, (0, 1)),
        ({"GREETING": "421 busy"}, (1, 0)),
    ],
)
def test_what_the_server_refuses_for_good_is_given_up_and_the_rest_waits(session: Session, answers, counted):
    put(session)
    with smtpd(**answers) as server:
        assert deliver(session, Relay.at(server.url), SITE) == 0
    assert count_waiting(session) == counted


def test_one_refused_letter_does_not_keep_the_next(session: Session):
    put(session, recipient="坏\n@example.com")
    put(session, "application:A-2")
    with smtpd() as server:
        assert deliver(session, Relay.at(server.url), SITE) == 1
    assert count_waiting(session) == (0, 1)


def test_a_password_is_never_sent_in_the_open():
    with smtpd() as server:
        relay = Relay.at(f"smtp://user%40x.org:secret@127.0.0.1:{server.port}")
        with pytest.raises(NotAcceptedError), relay.connect():
            pass
    assert "AUTH" not in server.commands


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://mail.city.cn", ("mail.city.cn", 25, "rouwen@mail.city.cn", False)),
        ("smtps://a%40city.cn:p@mail.city.cn", ("mail.city.cn", 465, "a@city.cn", True)),
        ("smtp://mail.city.cn:587?from=b@city.cn", ("mail.city.cn", 587, "b@city.cn", False)),
    ],
)
def test_the_address_of_the_server_says_all_there_is_to_say(url: str, told: tuple[object, ...]):
    relay = Relay.at(url)
    assert (relay.host, relay.port, relay.sender, relay.tls) == told
    assert "p@" not in repr(relay)


def test_nothing_of_a_letter_lies_in_the_open(session: Session):
    put(session)
    stored = everything_stored(session)
    assert TO not in stored
    assert "stop-here" not in stored


def test_what_was_taken_back_is_not_sent(session: Session):
    put(session)
    take_back(session, "application:A-1")
    session.commit()
    assert claim(session) is None


def test_where_the_connection_breaks_off_the_others_wait_without_a_failure(session: Session):
    for number in range(3):
        put(session, f"application:A-{number}")
    with smtpd(DATA="421 too many") as server:
        assert deliver(session, Relay.at(server.url), SITE) == 0
    assert sorted(letter.failures for letter in session.scalars(select(Letter))) == [0, 0, 1]


def test_a_password_that_no_server_can_take_is_no_end_of_the_courier(session: Session):
    put(session)
    with smtpd() as server:
        relay = replace(Relay.at(server.url), user="王", password="密码")
        assert deliver(session, relay, SITE) == 0
    assert count_waiting(session) == (1, 0)
