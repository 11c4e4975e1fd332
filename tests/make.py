"""What `make test-services` and `make bench` run: servers on loopback for the tests, and the benchmarks.

Servers are found, started on free ports with throw-away data, and stopped by their process id.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

WORKERS = 2
"""So many tests run at a time; each has a Chroma of its own, where no other sweeps away what it keeps."""
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = "On Debian: apt-get install --no-install-recommends postgresql redis-server chromium fonts-noto-cjk"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Returns once something listens on the port; exits if the server ends or never comes up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"{process.args!r} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"nothing listens on port {port}")


@contextlib.contextmanager
def server(command: list[str], port: int, **options: object) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        wait_for(port, process)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def find(*names: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    sys.exit(f"{names[0]} was not found. {HOW}")


def postgres_programs() -> Path:
    """The newest PostgreSQL whose server is installed; Debian keeps them off the PATH."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[4]))
    if homes:
        return homes[-1].parent
    return Path(find("postgres")).parent


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL cluster of its own; as root it runs under the postgres account, as it insists on."""
    programs, data, port = postgres_programs(), folder / "postgres", free_port()
    as_root = os.geteuid() == 0
    data.mkdir()
    if as_root:
        shutil.chown(folder, "postgres")
        shutil.chown(data, "postgres")
    prefix = ["runuser", "-u", "postgres", "--"] if as_root else []
    subprocess.run(
        [
            *prefix,
            programs / "initdb",
            "-D",
            data,
            "-U",
            "rouwen",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    options: dict[str, object] = {"user": "postgres"} if as_root else {}
    command = [
        str(programs / "postgres"),
        "-D",
        str(data),
        "-p",
        str(port),
        "-k",
        str(data),
        "-c",
        "fsync=off",
    ]
    command += ["-c", "listen_addresses=127.0.0.1"]
    with server(command, port, **options):
        yield f"postgresql+psycopg://rouwen@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis() -> Iterator[str]:
    port = free_port()
    command = [
        find("redis-server"),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    with server(command, port):
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def chroma(folder: Path, number: int) -> Iterator[str]:
    port, data = free_port(), folder / f"chroma-{number}"
    program = str(Path(sys.executable).with_name("chroma"))
    with server([program, "run", "--path", str(data), "--host", "127.0.0.1", "--port", str(port)], port):
        yield f"http://127.0.0.1:{port}"


def services() -> int:
    """Runs the whole suite against real servers; the tests read where they are from TEST_… names."""
    browser = find(*CHROMIUMS)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="services-")))
        folder.chmod(0o755)
        environ = {
            **os.environ,
            "TEST_DATABASE_URL": stack.enter_context(postgres(folder)),
            "TEST_REDIS_URL": " ".join(stack.enter_context(redis()) for _ in range(WORKERS)),
            "TEST_CHROMA_URL": " ".join(stack.enter_context(chroma(folder, n)) for n in range(WORKERS)),
            "TEST_CHROMIUM": browser,
        }
        workers = ["-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder"]
        command = [sys.executable, "-m", "pytest", *workers]
        return subprocess.run(command, env=environ, check=False).returncode


def bench() -> int:
    from tests.benchmarks import run_all

    return run_all()


COMMANDS: dict[str, Callable[[], int]] = {"services": services, "bench": bench}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"usage: python -m tests.make {'|'.join(COMMANDS)}")
    sys.exit(COMMANDS[sys.argv[1]]())
