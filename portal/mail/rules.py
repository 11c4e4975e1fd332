"""The numbers by which mail goes out: data (``mail.json``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MailRules:
    """``poll_seconds``: how often a worker looks into the outbox; ``timeout_seconds``: how long it waits for
    the server; ``claim_minutes``: after how long a courier that took a letter and died loses it;
    ``wait_minutes``: how long after each failure it is tried again, until they are used up."""

    poll_seconds: int
    timeout_seconds: int
    claim_minutes: int
    wait_minutes: tuple[int, ...]
    longest_address: int


@cache
def mail_rules() -> MailRules:
    data = json.loads(Path(__file__).with_name("mail.json").read_text(encoding="utf-8"))
    return MailRules(**{**data, "wait_minutes": tuple(data["wait_minutes"])})
