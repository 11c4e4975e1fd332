"""A clamd on loopback that finds what it is told to find."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class FakeClamd:
    """Answers INSTREAM: FOUND where the stream holds ``bad``, else OK; or what it was told to answer."""

    def __init__(self, bad: bytes, answer: bytes | None = None) -> None:
        self.seen: list[bytes] = []
        self._bad = bad
        self._answer = answer
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
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
            with caller, caller.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack(">I", stream.read(4))[0]:
                    content += stream.read(size)
                self.seen.append(content)
                found = b"stream: Test.File FOUND" if self._bad in content else b"stream: OK"
                caller.sendall((found if self._answer is None else self._answer) + b"\0")


@contextmanager
def clamd(bad: bytes = b"malware", answer: bytes | None = None) -> Iterator[FakeClamd]:
    server = FakeClamd(bad, answer)
    try:
        yield server
    finally:
        server.close()
