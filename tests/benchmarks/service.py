"""The service as people meet it: time from `make run` to the first answer, and the memory of two workers."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from tests.make import free_port

ROOT = Path(__file__).resolve().parents[2]
GOAL_START_S = 10
GOAL_MEMORY_MB = 700
QUESTION = json.dumps({"question": "湛河区的申请可以撤回吗"}).encode()

Row = tuple[str, str, str]


def rows() -> list[Row]:
    """First run sets up; the second is timed to its first answer, then asked until both workers are warm."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,
            "ROUWEN_DATA": folder,
            "PORT": str(free_port()),
            "ROUWEN_RATE": "100000 per minute",
        }
        _answered_after(environ)
        started, process = time.monotonic(), _start(environ)
        try:
            _wait_for_answer(environ)
            seconds = time.monotonic() - started
            for _ in range(200):
                _ask(environ)
            memory = _memory(process.pid)
        finally:
            _stop(process)
    return [
        (
            "second `make run` to the first answer",
            f"{seconds:.1f} s",
            f"{seconds / GOAL_START_S:.2f} of the goal",
        ),
        (
            "memory of the service, two workers",
            f"{memory:.0f} MB",
            f"{memory / GOAL_MEMORY_MB:.2f} of the goal",
        ),
    ]


def _answered_after(environ: dict[str, str]) -> None:
    process = _start(environ)
    try:
        _wait_for_answer(environ)
    finally:
        _stop(process)


def _start(environ: dict[str, str]) -> subprocess.Popen[bytes]:
    command = ["make", "--no-print-directory", "run"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait_for_answer(environ: dict[str, str], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            _ask(environ)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError("the service never answered")


def _ask(environ: dict[str, str]) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{environ['PORT']}/api/v1/questions", QUESTION, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        response.read()


def _memory(pid: int) -> float:
    """Proportional set size of the process tree in MB: shared pages are counted once."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(p.memory_full_info().pss for p in family) / 1e6


def _stop(process: subprocess.Popen[bytes]) -> None:
    family = psutil.Process(process.pid).children(recursive=True)
    for member in [*family, psutil.Process(process.pid)]:
        member.terminate()
    psutil.wait_procs(family, timeout=30)
    process.wait(30)
