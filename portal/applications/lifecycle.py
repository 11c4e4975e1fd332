"""What may be done to an application, by whom, in which state, and what state it is in afterwards: pure.

``TRANSITIONS`` is the only place that decides it. The permission table in ``docs/applications.md`` is
written from it (``permission_table``), and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"
    SUBMITTED = "submitted"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    CONCLUDED = "concluded"
    ARCHIVED = "archived"


class Role(StrEnum):
    PARTY = "party"
    OFFICER = "officer"


class Act(StrEnum):
    OFFER = "offer"
    ACCEPT_OFFER = "accept_offer"
    DECLINE_OFFER = "decline_offer"
    SAVE = "save"
    SUBMIT = "submit"
    REQUEST_SUPPLEMENT = "request_supplement"
    SUPPLEMENT = "supplement"
    ACCEPT = "accept"
    REFUSE = "refuse"
    CHANGE = "change"
    WITHDRAW = "withdraw"
    STOP = "stop"
    ASK_ORDINARY_PROCEDURE = "ask_ordinary_procedure"
    HAND_OVER = "hand_over"
    NOTE = "note"
    ASK_COLLEAGUE = "ask_colleague"
    MESSAGE = "message"
    ASSIGN = "assign"
    CHECK_BASIS = "check_basis"
    RECORD_MEASURE = "record_measure"
    COMMIT = "commit"
    ISSUE_OPINION = "issue_opinion"
    DELIVER = "deliver"
    ACKNOWLEDGE = "acknowledge"
    CONCLUDE = "conclude"
    TERMINATE = "terminate"
    FOLLOW_UP = "follow_up"
    RATE = "rate"
    COMPLAIN = "complain"
    ARCHIVE = "archive"
    ERASE = "erase"


class LifecycleError(Exception):
    """An act that the table does not have."""


class WrongStateError(LifecycleError):
    """The act exists for this role, but not in this state."""

    def __init__(self, state: State | None, act: Act) -> None:
        super().__init__(f"{act} is not possible in {state or 'no state'}")
        self.found = state
        self.act = act


class NotTheirActError(LifecycleError):
    """The act is not one of this role's, in whatever state."""

    def __init__(self, act: Act, role: Role) -> None:
        super().__init__(f"{act} is not an act of the {role}")
        self.act = act
        self.role = role


OPEN = (State.DRAFT, State.OFFERED, State.SUBMITTED, State.SUPPLEMENT_REQUESTED, State.ACCEPTED)
CLOSED = (State.REFUSED, State.DECLINED, State.WITHDRAWN, State.TERMINATED, State.CONCLUDED)

_FILED = (State.SUBMITTED, State.SUPPLEMENT_REQUESTED, State.ACCEPTED)
_SEEN = (State.OFFERED, *_FILED)  # a draft is its writer's own: the agency does not see it
_BOTH = (Role.PARTY, Role.OFFICER)

_Key = tuple[State | None, Act, Role]


def _rows(
    act: Act, roles: Role | Iterable[Role], states: Iterable[State | None], after: State | None = None
) -> dict[_Key, State]:
    """The rows of one act; without ``after`` the state stays as it is."""
    by = (roles,) if isinstance(roles, Role) else tuple(roles)
    rows: dict[_Key, State] = {}
    for state in states:
        to = after or state
        assert to is not None, f"{act} must lead somewhere"
        rows |= {(state, act, role): to for role in by}
    return rows


TRANSITIONS: Mapping[_Key, State] = {
    **_rows(Act.OFFER, Role.OFFICER, [None, State.OFFERED], State.OFFERED),
    **_rows(Act.ACCEPT_OFFER, Role.PARTY, [State.OFFERED], State.ACCEPTED),
    **_rows(Act.DECLINE_OFFER, Role.PARTY, [State.OFFERED], State.DECLINED),
    **_rows(Act.SAVE, Role.PARTY, [None, State.DRAFT], State.DRAFT),
    **_rows(Act.SUBMIT, Role.PARTY, [None, State.DRAFT], State.SUBMITTED),
    **_rows(Act.REQUEST_SUPPLEMENT, Role.OFFICER, [State.SUBMITTED], State.SUPPLEMENT_REQUESTED),
    **_rows(Act.SUPPLEMENT, Role.PARTY, [State.SUPPLEMENT_REQUESTED], State.SUBMITTED),
    **_rows(Act.ACCEPT, Role.OFFICER, [State.SUBMITTED], State.ACCEPTED),
    **_rows(Act.REFUSE, Role.OFFICER, [State.SUBMITTED], State.REFUSED),
    **_rows(Act.CHANGE, Role.PARTY, OPEN),
    **_rows(Act.WITHDRAW, Role.PARTY, OPEN, State.WITHDRAWN),
    **_rows(Act.STOP, Role.PARTY, OPEN, State.TERMINATED),
    **_rows(Act.ASK_ORDINARY_PROCEDURE, Role.PARTY, OPEN, State.TERMINATED),
    **_rows(Act.HAND_OVER, Role.OFFICER, _SEEN, State.TERMINATED),
    **_rows(Act.NOTE, Role.OFFICER, _SEEN),
    **_rows(Act.ASK_COLLEAGUE, Role.OFFICER, _SEEN),
    **_rows(Act.MESSAGE, _BOTH, _SEEN),
    **_rows(Act.ASSIGN, Role.OFFICER, (*_SEEN, State.CONCLUDED)),
    **_rows(Act.CHECK_BASIS, Role.OFFICER, _SEEN),
    **_rows(Act.RECORD_MEASURE, Role.OFFICER, [State.ACCEPTED]),
    **_rows(Act.COMMIT, Role.PARTY, [State.ACCEPTED]),
    **_rows(Act.ISSUE_OPINION, Role.OFFICER, [State.ACCEPTED]),
    **_rows(Act.DELIVER, Role.OFFICER, [State.ACCEPTED]),
    **_rows(Act.ACKNOWLEDGE, Role.PARTY, [State.ACCEPTED]),
    **_rows(Act.CONCLUDE, Role.OFFICER, [State.ACCEPTED], State.CONCLUDED),
    **_rows(Act.TERMINATE, Role.OFFICER, _SEEN, State.TERMINATED),
    **_rows(Act.FOLLOW_UP, Role.OFFICER, [State.CONCLUDED]),
    **_rows(Act.RATE, Role.PARTY, [State.CONCLUDED]),
    **_rows(Act.COMPLAIN, Role.PARTY, (*_SEEN, *CLOSED, State.ARCHIVED)),
    **_rows(Act.ARCHIVE, Role.OFFICER, CLOSED, State.ARCHIVED),
    **_rows(Act.ERASE, Role.PARTY, [State.DRAFT], State.WITHDRAWN),
    **_rows(Act.ERASE, Role.PARTY, (*CLOSED, State.ARCHIVED)),
}
"""Which state follows an act; ``None`` stands for a case that does not exist yet."""


def next_state(state: State | None, act: Act, role: Role) -> State:
    """The state after ``act``; NotTheirActError or WrongStateError where the table has no such row."""
    after = TRANSITIONS.get((state, act, role))
    if after is not None:
        return after
    if not any(key[1:] == (act, role) for key in TRANSITIONS):
        raise NotTheirActError(act, role)
    raise WrongStateError(state, act)


def possible_acts(state: State | None, role: Role) -> tuple[Act, ...]:
    """What ``role`` may do now, in the order of the table."""
    return tuple(act for (at, act, by) in TRANSITIONS if (at, by) == (state, role))


def permission_table() -> str:
    """The table in Markdown: a row per act and role, a column per state, and where it leads."""
    states: tuple[State | None, ...] = (None, *State)
    lines = [
        "| act | by | " + " | ".join(str(s) if s else "(new)" for s in states) + " |",
        "|---" * (len(states) + 2) + "|",
    ]
    for act in Act:
        for role in Role:
            cells = [TRANSITIONS.get((state, act, role)) for state in states]
            if any(cells):
                said = (
                    "" if to is None else "stays" if to is at else f"→ {to}"
                    for at, to in zip(states, cells, strict=True)
                )
                lines.append(f"| {act} | {role} | " + " | ".join(said) + " |")
    return "\n".join(lines) + "\n"
