"""The mail server that letters are handed to: the only module that speaks SMTP."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from .rules import mail_rules


class NotAcceptedError(Exception):
    """The server did not take a letter; ``for_good`` where trying again is of no use."""

    def __init__(self, *, for_good: bool) -> None:
        super().__init__()
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed in, read from ``smtp[s]://user:password@host:port?from=no-reply@city.gov.cn``.

    ``smtps`` speaks TLS from the beginning; ``smtp`` turns to it where the server offers it, and sends a
    password over nothing else. Without ``from`` the user is the sender where that is an address.
    """

    host: str
    port: int
    sender: str
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, url: str) -> Relay:
        parts = urlsplit(url)
        user, told = unquote(parts.username or ""), parse_qs(parts.query).get("from", [""])[0]
        tls = parts.scheme == "smtps"
        host = parts.hostname or ""
        sender = told or (user if "@" in user else f"rouwen@{host}")
        return cls(host, parts.port or (465 if tls else 25), sender, tls, user, unquote(parts.password or ""))

    def connect(self) -> Connection:
        return Connection(self)


class Connection:
    """An open connection, for several letters; NotAcceptedError where the server cannot be reached."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def __enter__(self) -> Self:
        relay, timeout = self._relay, mail_rules().timeout_seconds
        try:
            if relay.tls:
                context = ssl.create_default_context()
                self._server: smtplib.SMTP = smtplib.SMTP_SSL(
                    relay.host, relay.port, timeout=timeout, context=context
                )
            else:
                self._server = smtplib.SMTP(relay.host, relay.port, timeout=timeout)
                self._server.ehlo()
                if self._server.has_extn("starttls"):
                    self._server.starttls(context=ssl.create_default_context())
                elif relay.user:
                    raise smtplib.SMTPNotSupportedError
            if relay.user:
                self._server.login(relay.user, relay.password)
        except (OSError, ValueError, smtplib.SMTPException):
            raise NotAcceptedError(for_good=False) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._server.quit()
        except (OSError, smtplib.SMTPException):
            self._server.close()

    def send(self, recipient: str, subject: str, words: str) -> None:
        """Hands in one letter; returns once the server has taken it."""
        letter = EmailMessage()
        try:
            letter["From"], letter["To"], letter["Subject"] = self._relay.sender, recipient, subject
        except ValueError:  # a line break where none can be
            raise NotAcceptedError(for_good=True) from None
        letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain=self._relay.host)
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(words)
        try:
            self._server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _answer in refused.recipients.values()]
            raise NotAcceptedError(for_good=all(code >= 500 for code in codes)) from None
        except smtplib.SMTPResponseException as refused:
            raise NotAcceptedError(for_good=refused.smtp_code >= 500) from None
        except (OSError, smtplib.SMTPException):
            raise NotAcceptedError(for_good=False) from None
