"""An OpenAI-compatible chat server on loopback that answers as told, also badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Double:
    """``say`` is every answer; ``mode`` is ``good``, ``hang``, ``error``, ``drop`` or ``trickle``."""

    say: str = ""
    mode: str = "good"
    requests: list[dict[str, object]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    url: str = ""


@contextmanager
def chat_server(double: Double) -> Iterator[Double]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            double.requests.append(json.loads(body))
            if double.mode == "hang":
                double.release.wait(20)
                return
            if double.mode == "error":
                self.send_error(500)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for piece in _pieces(double.say):
                self._event(piece)
                if double.mode == "drop":
                    return
                if double.mode == "trickle" and double.release.wait(0.2):
                    return
            self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, text: str) -> None:
            delta = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
            chunk = {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "d",
                "choices": [delta],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *args: object) -> None:
            """Tests read ``requests`` instead."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    double.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield double
    finally:
        double.release.set()
        server.shutdown()
        server.server_close()


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), 40):
        yield text[start : start + 40]
