"""The courier: takes letters from the outbox to the mail server, from a thread of each worker or by hand."""

from __future__ import annotations

import threading

from flask import Flask
from sqlalchemy.orm import Session

from portal.database import Database
from portal.logs import log, log_failure
from portal.settings import Settings
from portal.wording import Language, wording

from .models import Letter
from .outbox import claim, failed, sent
from .relay import Connection, NotAcceptedError, Relay
from .rules import mail_rules


def deliver(session: Session, relay: Relay, site: str) -> int:
    """Sends what is due, one after the other; how many letters the server took.

    A letter whose sending was cut off is sent again: better twice than never.
    """
    letter = claim(session)
    if letter is None:
        return 0
    taken = 0
    try:
        with relay.connect() as connection:
            while letter is not None:
                taken += _hand_in(session, connection, letter, site)
                letter = claim(session)
    except NotAcceptedError:
        if letter is not None:
            failed(session, letter)
        log.warning("mail server not reached", host=relay.host)
    return taken


def start_courier(app: Flask) -> threading.Event | None:
    """Lets this process look into the outbox from time to time, until the event is set; None without mail."""
    settings: Settings = app.extensions["rouwen.settings"]
    if not settings.mails or settings.smtp_url is None:
        return None
    database: Database = app.extensions["rouwen.database"]
    relay, over = Relay.at(settings.smtp_url), threading.Event()

    def look() -> None:
        while not over.wait(mail_rules().poll_seconds):
            try:
                with database.session() as session:
                    deliver(session, relay, settings.public_url or "")
            except Exception as error:  # the courier goes on whatever one letter does to it
                log_failure(error)

    threading.Thread(target=look, name="courier", daemon=True).start()
    return over


def _hand_in(session: Session, connection: Connection, letter: Letter, site: str) -> int:
    subject, words = _composed(letter, site)
    try:
        connection.send(letter.recipient, subject, words)
    except NotAcceptedError as refused:
        if not refused.for_good:
            raise  # it may be the connection: the others wait for the next one
        failed(session, letter, for_good=True)
        log.warning("letter not taken")
        return 0
    sent(session, letter)
    return 1


def _composed(letter: Letter, site: str) -> tuple[str, str]:
    """Subject and words, as plain text."""
    texts, values = wording(Language(letter.language)).texts, {**letter.values, "site": site}
    subject, words = (str(texts[f"mail.{letter.template}.{part}"]) for part in ("subject", "words"))
    return subject.format(**values), words.format(**values)
