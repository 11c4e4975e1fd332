"""The table of acts, walked through: every state, every act, every role."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from portal.applications.lifecycle import (
    CLOSED,
    OPEN,
    TRANSITIONS,
    Act,
    NotTheirActError,
    Role,
    State,
    WrongStateError,
    next_state,
    permission_table,
    possible_acts,
)

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "applications.md"
S, A, R = State, Act, Role

ROWS = {  # as the design words them: act, by → {from: to}; written out here, not read off the module
    (A.OFFER, R.OFFICER): {None: S.OFFERED, S.OFFERED: S.OFFERED},
    (A.ACCEPT_OFFER, R.PARTY): {S.OFFERED: S.ACCEPTED},
    (A.DECLINE_OFFER, R.PARTY): {S.OFFERED: S.DECLINED},
    (A.SAVE, R.PARTY): {None: S.DRAFT, S.DRAFT: S.DRAFT},
    (A.SUBMIT, R.PARTY): {None: S.SUBMITTED, S.DRAFT: S.SUBMITTED},
    (A.REQUEST_SUPPLEMENT, R.OFFICER): {S.SUBMITTED: S.SUPPLEMENT_REQUESTED},
    (A.SUPPLEMENT, R.PARTY): {S.SUPPLEMENT_REQUESTED: S.SUBMITTED},
    (A.ACCEPT, R.OFFICER): {S.SUBMITTED: S.ACCEPTED},
    (A.REFUSE, R.OFFICER): {S.SUBMITTED: S.REFUSED},
    (A.CHANGE, R.PARTY): {s: s for s in OPEN},
    (A.WITHDRAW, R.PARTY): dict.fromkeys(OPEN, S.WITHDRAWN),
    (A.STOP, R.PARTY): dict.fromkeys(OPEN, S.TERMINATED),
    (A.ASK_ORDINARY_PROCEDURE, R.PARTY): dict.fromkeys(OPEN, S.TERMINATED),
    (A.HAND_OVER, R.OFFICER): dict.fromkeys(OPEN[1:], S.TERMINATED),
    (A.NOTE, R.OFFICER): {s: s for s in OPEN[1:]},
    (A.ASK_COLLEAGUE, R.OFFICER): {s: s for s in OPEN[1:]},
    (A.MESSAGE, R.OFFICER): {s: s for s in OPEN[1:]},
    (A.MESSAGE, R.PARTY): {s: s for s in OPEN[1:]},
    (A.ASSIGN, R.OFFICER): {s: s for s in (*OPEN[1:], S.CONCLUDED)},
    (A.CHECK_BASIS, R.OFFICER): {s: s for s in OPEN[1:]},
    (A.COMMIT, R.PARTY): {S.ACCEPTED: S.ACCEPTED},
    (A.COMPLAIN, R.PARTY): {s: s for s in State if s is not S.DRAFT},
    (A.ERASE, R.PARTY): {S.DRAFT: S.WITHDRAWN, **{s: s for s in (*CLOSED, S.ARCHIVED)}},
    (A.RECORD_MEASURE, R.OFFICER): {S.ACCEPTED: S.ACCEPTED},
    (A.ISSUE_OPINION, R.OFFICER): {S.ACCEPTED: S.ACCEPTED},
    (A.DELIVER, R.OFFICER): {S.ACCEPTED: S.ACCEPTED},
    (A.ACKNOWLEDGE, R.PARTY): {S.ACCEPTED: S.ACCEPTED},
    (A.CONCLUDE, R.OFFICER): {S.ACCEPTED: S.CONCLUDED},
    (A.TERMINATE, R.OFFICER): dict.fromkeys(OPEN[1:], S.TERMINATED),
    (A.FOLLOW_UP, R.OFFICER): {S.CONCLUDED: S.CONCLUDED},
    (A.RATE, R.PARTY): {S.CONCLUDED: S.CONCLUDED},
    (A.ARCHIVE, R.OFFICER): dict.fromkeys(CLOSED, S.ARCHIVED),
}


@pytest.mark.parametrize(("state", "act", "role"), list(product([None, *State], Act, Role)))
def test_every_act_does_what_the_design_says_or_is_refused_by_name(state, act, role):
    row = ROWS.get((act, role))
    if row is None:
        with pytest.raises(NotTheirActError):
            next_state(state, act, role)
    elif state not in row:
        with pytest.raises(WrongStateError):
            next_state(state, act, role)
    else:
        assert next_state(state, act, role) is row[state]
        assert act in possible_acts(state, role)


def test_the_party_may_change_and_withdraw_in_every_open_state_and_nobody_else_ever():
    for act in (Act.CHANGE, Act.WITHDRAW):
        allowed = {(state, role) for (state, at, role) in TRANSITIONS if at is act}
        assert allowed == {(state, Role.PARTY) for state in OPEN}


def test_a_closed_case_is_never_opened_again():
    assert {TRANSITIONS[key] for key in TRANSITIONS if key[0] in CLOSED} <= {*CLOSED, State.ARCHIVED}
    assert {TRANSITIONS[key] for key in TRANSITIONS if key[0] is State.ARCHIVED} == {State.ARCHIVED}


def test_every_state_is_open_closed_or_archived():
    assert {*OPEN, *CLOSED, State.ARCHIVED} == set(State)


def test_the_document_shows_the_table_as_it_is():
    assert permission_table() in DOCUMENT.read_text("utf-8")
