"""A mail server on loopback that takes letters, or says what it was told to say."""

from __future__ import annotations

import email
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default


class FakeSmtpd:
    """Speaks as much SMTP as a letter takes; ``answers`` answers a command, such as ``RCPT``, otherwise."""

    def __init__(self, **answers: str) -> None:
        self.letters: list[EmailMessage] = []
        self.commands: list[str] = []
        self.answers = answers
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}?from=no-reply@example.org"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            with caller, caller.makefile("rwb") as stream:
                self._talk(stream)

    def _talk(self, stream) -> None:
        def say(words: str) -> None:
            stream.write(f"{words}\r\n".encode("ascii"))
            stream.flush()

        say(self.answers.get("GREETING", "220 ready"))
        while line := stream.readline().decode("ascii").strip():
            command = line.split()[0].upper()
            self.commands.append(command)
            if command == "DATA" and "DATA" not in self.answers:
                say("354 go on")
                content = b""
                while not content.endswith(b"\r\n.\r\n"):
                    content += stream.readline()
                letter = email.message_from_bytes(content[:-5], policy=default)
                assert isinstance(letter, EmailMessage)
                self.letters.append(letter)
                say("250 taken")
            else:
                say(self.answers.get(command, "221 bye" if command == "QUIT" else "250 ok"))
            if command == "QUIT":
                return


@contextmanager
def smtpd(**answers: str) -> Iterator[FakeSmtpd]:
    server = FakeSmtpd(**answers)
    try:
        yield server
    finally:
        server.close()
