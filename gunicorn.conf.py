"""How the portal is served: two workers of sixteen threads; everything is opened after the fork."""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from portal.settings import Settings, SettingsError

if TYPE_CHECKING:
    from gunicorn.workers.gthread import ThreadWorker as Worker

try:
    settings = Settings.from_env(os.environ)
except SettingsError as error:
    sys.exit(f"错误：{error}")

# The counters of all workers meet in one folder; the library looks for it when it is first imported.
_metrics = settings.data / "metrics"
shutil.rmtree(_metrics, ignore_errors=True)
_metrics.mkdir(parents=True, exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

bind = settings.bind
worker_class = "gthread"
workers = 2
threads = 16
preload_app = True
timeout = 60
graceful_timeout = 15
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 8190
accesslog = None  # requests are logged by the portal, without addresses and query strings
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  gunicorn's heartbeat files


def when_ready(_server: object) -> None:
    """Called before the first fork: what is only imported is imported once for all workers."""
    from portal.library.holder import load_libraries

    load_libraries()
    sys.stderr.write(f"柔问：http://{bind}\n")


def post_worker_init(worker: "Worker") -> None:
    """Opens the release in the worker itself: neither the vector store nor connections survive a fork."""
    from portal.library.desk.jobs.joining import start_jobs
    from portal.library.holder import warm_up
    from portal.mail.courier import start_courier

    app = worker.app.callable
    app.extensions["rouwen.database"].after_fork()
    warm_up(app)
    start_courier(app)
    worker.jobs = start_jobs(app)


def worker_exit(_server: object, worker: "Worker") -> None:
    """A worker that is replaced lets its job come to an end; one told to stop has less time for it."""
    if (jobs := getattr(worker, "jobs", None)) is not None:
        jobs.stop()


def child_exit(_server: object, worker: "Worker") -> None:
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)
