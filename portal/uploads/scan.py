"""The scan for malware by ClamAV, where one is configured: the file is streamed to it (INSTREAM)."""

from __future__ import annotations

import socket
from typing import BinaryIO

_BLOCK = 64 * 1024
_LONGEST_ANSWER = 4096


class ScannerUnavailableError(Exception):
    """The scanner did not answer, or not so that the file could be trusted."""


def is_clean(address: str, file: BinaryIO, seconds: float) -> bool:
    """Whether the scanner at ``host:port``, or at the path of a socket, finds nothing in the file."""
    try:
        with _connect(address, seconds) as scanner:
            scanner.sendall(b"zINSTREAM\0")
            while block := file.read(_BLOCK):
                scanner.sendall(len(block).to_bytes(4, "big") + block)
            scanner.sendall(bytes(4))
            answer = _answer(scanner)
    except OSError as failed:
        raise ScannerUnavailableError(str(failed)) from failed
    if answer.endswith(b"FOUND"):
        return False
    if answer == b"stream: OK":
        return True
    raise ScannerUnavailableError(answer.decode("utf-8", "replace"))


def _connect(address: str, seconds: float) -> socket.socket:
    if address.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(seconds)
        scanner.connect(address)
        return scanner
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _answer(scanner: socket.socket) -> bytes:
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        more = scanner.recv(_LONGEST_ANSWER)
        if not more:
            break
        answer += more
    return answer.partition(b"\0")[0].strip()
