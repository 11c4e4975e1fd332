"""At run time nothing outside loopback is ever contacted: every connection and look-up is watched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

WATCHED = """
import json, sys
seen = []

def watch(event, args):
    if event == "socket.connect":
        address = args[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1", "localhost")):
            seen.append([event, str(address)])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        if args[0] not in (None, "", "localhost", "127.0.0.1", "::1", b"localhost"):
            seen.append([event, str(args[0])])

sys.addaudithook(watch)
import os
from portal import create_app, schema
from portal.library.readiness import prepare
from portal.settings import Settings
from portal.workbench import Workbench

settings = Settings.from_env(os.environ)
bench = Workbench(settings)
schema.upgrade(bench.database)
with bench.session() as session:
    list(prepare(session, bench.shelving))
client = create_app(settings).test_client()
statuses = [client.get(page).status_code for page in ("/", "/library", "/library/zhanhe", "/readyz")]
for text in ("湛河的申请能撤回吗", "我第一次占道经营，马上改了，会罚吗", "Can I decline soft enforcement?"):
    statuses.append(client.post("/api/v1/questions", json={"question": text}).status_code)
print(json.dumps({"statuses": statuses, "seen": seen}))
"""


def test_setting_up_and_answering_contact_nothing_outside(tmp_path: Path):
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("ROUWEN_", "HF_"))}
    environ |= {"ROUWEN_DATA": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told["statuses"]) == {200}
    assert told["seen"] == []
