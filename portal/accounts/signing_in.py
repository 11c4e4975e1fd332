"""Signing in, step by step: password, code, a password of one's own, a second factor. Acts only.

Whatever is wrong with name, password or lock, the answer is the same None, after the same work.
"""

from __future__ import annotations

import re
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from portal import journal
from portal.database import now
from portal.errors import FieldError, FieldErrors
from portal.policy import policy

from . import attempts, totp
from .models import RecoveryCode, Staff, StaffSession
from .passwords import check_password, hash_password, nobodys_hash, outdated, password_matches
from .sessions import change_key, end_entries, open_entry


def sign_in(session: Session, name: str, password: str, *, heard: bool = True) -> str | None:
    """The key of a new session for the right name and password; what is still missing, its stage says.

    With ``heard`` false, for an address that has tried too often, nothing is ever right.
    """
    nobody = nobodys_hash()
    staff = session.scalar(select(Staff).where(Staff.name == name)) if heard else None
    if staff is None or not staff.active or not attempts.admit(session, staff):
        password_matches(nobody, password)
        return None
    if not password_matches(staff.password_hash, password):
        attempts.fail(session, staff, "password")
        return None
    attempts.give_back(staff)
    if outdated(staff.password_hash):
        staff.password_hash = hash_password(password)
    key = open_entry(session, staff)
    journal.append(session, staff.name, "staff.password_given", staff.name)
    session.commit()
    return key


def give_code(session: Session, entry: StaffSession, code: str) -> str | None:
    """The session's new key for the right code, of the second factor or of recovery; each is taken once."""
    staff = entry.staff
    if not attempts.admit(session, staff):
        return None
    used = _take_code(session, staff, code)
    if used is None:
        session.rollback()
        attempts.fail(session, staff, "code")
        return None
    attempts.forgive(staff)
    entry.proven = True
    staff.signed_in_at = now()
    key = change_key(entry)
    journal.append(session, staff.name, "staff.signed_in", staff.name, {"by": used})
    session.commit()
    return key


def choose_password(session: Session, entry: StaffSession, new: str, again: str) -> str:
    """A password of one's own in place of the one-time password; gives the session's new key."""
    _check_choice(entry.staff, new, again)
    return _keep_password(session, entry, new)


def change_password(session: Session, entry: StaffSession, current: str, new: str, again: str) -> str:
    """Another password, for who knows the present one; every other session of the account ends."""
    _require_password(session, entry.staff, current)
    _check_choice(entry.staff, new, again)
    return _keep_password(session, entry, new)


def begin_second_factor(session: Session, entry: StaffSession) -> str:
    """The secret that is being set up in this session; opening the page again shows the same one."""
    if entry.new_secret is None:
        entry.new_secret = totp.new_secret()
        session.commit()
    return entry.new_secret


def replace_second_factor(session: Session, entry: StaffSession, password: str, code: str) -> None:
    """Starts setting up another second factor, for who has password and code; the old one holds till then."""
    staff = entry.staff
    _require_password(session, staff, password)
    if not attempts.admit(session, staff):
        raise FieldErrors(errors=[wrong("code", "staff_code")])
    used = _take_code(session, staff, code)
    if used is None:
        session.rollback()
        attempts.fail(session, staff, "code")
        raise FieldErrors(errors=[wrong("code", "staff_code")])
    attempts.forgive(staff)
    entry.new_secret = totp.new_secret()
    journal.append(session, staff.name, "staff.second_factor_replacing", staff.name, {"by": used})
    session.commit()


def confirm_second_factor(
    session: Session, entry: StaffSession, code: str
) -> tuple[str, tuple[str, ...]] | None:
    """Takes the new second factor into use, once a code shows that the phone has it.

    Gives the session's new key and the recovery codes, which are known here once; None for a wrong code.
    """
    staff, secret = entry.staff, entry.new_secret
    step = totp.step_of(secret, code, after=0, at=now()) if secret else None
    if secret is None or step is None:
        return None
    staff.totp_secret, staff.totp_step = secret, step
    entry.new_secret, entry.proven = None, True
    staff.signed_in_at = now()
    attempts.forgive(staff)
    codes = totp.new_recovery_codes()
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    session.add_all(RecoveryCode(staff_id=staff.id, code_hash=totp.recovery_hash(c)) for c in codes)
    end_entries(session, staff, but=entry)
    key = change_key(entry)
    journal.append(session, staff.name, "staff.second_factor_set", staff.name)
    session.commit()
    return key, codes


def sign_out(session: Session, entry: StaffSession) -> None:
    """Ends this session."""
    session.delete(entry)
    journal.append(session, entry.staff.name, "staff.signed_out", entry.staff.name)
    session.commit()


def wrong(field: str, word: str) -> FieldError:
    """What is said at a field of which only that it is wrong may be told."""
    return FieldError(field, word, {"minutes": policy().staff.lock_minutes})


def recovery_codes_left(session: Session, staff_id: int) -> int:
    unused = select(RecoveryCode.id).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return len(session.scalars(unused).all())


def _take_code(session: Session, staff: Staff, code: str) -> str | None:
    """What kind of code this is, used up in the transaction of the caller; None where it is worth nothing."""
    if re.fullmatch(r"[0-9]{6}", re.sub(r"\s", "", code)):
        step = totp.step_of(staff.totp_secret or "", code, after=staff.totp_step, at=now())
        if step is None:
            return None
        later = update(Staff).where(Staff.id == staff.id, Staff.totp_step < step).values(totp_step=step)
        return "code" if _changes_one(session, later) else None
    unused = update(RecoveryCode).where(
        RecoveryCode.staff_id == staff.id,
        RecoveryCode.code_hash == totp.recovery_hash(code),
        RecoveryCode.used_at.is_(None),
    )
    return "recovery" if _changes_one(session, unused.values(used_at=now())) else None


def _changes_one(session: Session, statement: Any) -> bool:  # noqa: ANN401  an UPDATE of any table
    return cast(CursorResult[Any], session.execute(statement)).rowcount == 1


def _require_password(session: Session, staff: Staff, password: str) -> None:
    """Raises FieldErrors unless this is the account's password; a wrong one counts as a failed sign-in."""
    if attempts.admit(session, staff):
        if password_matches(staff.password_hash, password):
            attempts.give_back(staff)
            session.commit()
            return
        attempts.fail(session, staff, "password")
    raise FieldErrors(errors=[wrong("password", "staff_password")])


def _check_choice(staff: Staff, new: str, again: str) -> None:
    refused = check_password(new, name=staff.name)
    if refused is None and password_matches(staff.password_hash, new):
        refused = FieldError("new_password", "password_same")
    if refused is None and new != again:
        refused = FieldError("again", "password_again")
    if refused is not None:
        raise FieldErrors(errors=[refused])


def _keep_password(session: Session, entry: StaffSession, new: str) -> str:
    staff = entry.staff
    staff.password_hash, staff.must_change_password = hash_password(new), False
    end_entries(session, staff, but=entry)
    key = change_key(entry)
    journal.append(session, staff.name, "staff.password_changed", staff.name)
    session.commit()
    return key
