"""What is done with staff accounts: by an administrator on the pages, or by the operator's command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge.region import AmbiguousRegion, UnknownRegion, resolve
from portal import journal
from portal.errors import FieldError, FieldErrors
from portal.wording import Language

from .attempts import forgive
from .models import Agency, RecoveryCode, Role, Staff, StaffRole
from .passwords import hash_password, one_time_password
from .sessions import end_entries

NAME = re.compile(r"[\w.\-@·]{2,60}")
FIRST_ADMINISTRATOR = "admin"
FIRST_AGENCY = "柔问运行单位"


class StaffError(FieldErrors):
    """An act on an account that cannot be done; says so at the field."""

    def __init__(self, name: str, word: str, /, **values: object) -> None:
        super().__init__(errors=[FieldError(name, word, values)])

    def __str__(self) -> str:
        return self.sentence(Language.CHINESE)


@dataclass(frozen=True, slots=True)
class NewStaff:
    """An account with a one-time password, which is known here once and then only as a hash."""

    staff: Staff
    password: str = field(repr=False)


def add_staff(
    session: Session,
    name: str,
    role: Role,
    agency: str,
    *,
    actor: str = "operator",
    further: Iterable[Role] = (),
) -> NewStaff:
    """Makes an account with a one-time password; the agency is made when it is new."""
    if not NAME.fullmatch(name):
        raise StaffError("name", "staff_name")
    agency = agency.strip()
    if not agency or len(agency) > 120:
        raise StaffError("agency", "staff_agency")
    if session.scalar(select(Staff.id).where(Staff.name == name)):
        raise StaffError("name", "staff_exists", name=name)
    password = one_time_password()
    roles = sorted({role, *further})
    staff = Staff(
        name=name,
        password_hash=hash_password(password),
        agency=_agency(session, agency),
        grants=[StaffRole(role=granted.value) for granted in roles],
    )
    session.add(staff)
    detail = {"role": "、".join(r.value for r in roles), "agency": agency}
    journal.append(session, actor, "staff.added", name, detail)
    session.commit()
    return NewStaff(staff, password)


def ensure_administrator(session: Session) -> NewStaff | None:
    """The first administrator, made where no staff exist yet; None where some do."""
    if session.scalar(select(func.count()).select_from(Staff)):
        return None
    return add_staff(session, FIRST_ADMINISTRATOR, Role.ADMINISTRATOR, FIRST_AGENCY, actor="setup")


def reset_staff(session: Session, staff: Staff, *, actor: str) -> NewStaff:
    """A new one-time password; second factor, recovery codes, sessions and lock of the account are gone."""
    password = one_time_password()
    staff.password_hash, staff.must_change_password = hash_password(password), True
    staff.totp_secret, staff.totp_step = None, 0
    forgive(staff)
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    end_entries(session, staff)
    journal.append(session, actor, "staff.reset", staff.name)
    session.commit()
    return NewStaff(staff, password)


def set_roles(session: Session, staff: Staff, roles: Iterable[Role], *, actor: str) -> None:
    """Gives the account these roles and no others; they hold from its next request on."""
    wanted = frozenset(roles)
    if not wanted:
        raise StaffError("roles", "staff_roles")
    if wanted == staff.roles:
        return
    before = staff.roles
    detail = {"from": _named(before), "to": _named(wanted)}
    journal.append(session, actor, "staff.roles_set", staff.name, detail)  # puts such acts in line
    if Role.ADMINISTRATOR in before - wanted:
        _keep_an_administrator(session, staff, "roles")
    staff.grants = [grant for grant in staff.grants if Role(grant.role) in wanted]
    staff.grants += [StaffRole(role=role.value) for role in sorted(wanted - before)]
    session.commit()


def set_active(session: Session, staff: Staff, *, active: bool, actor: str) -> None:
    """Stops or revives an account. A stopped one is signed out at once."""
    if staff.active == active:
        return
    act = "staff.reactivated" if active else "staff.deactivated"
    journal.append(session, actor, act, staff.name)  # puts such acts in line
    if not active:
        if Role.ADMINISTRATOR in staff.roles:
            _keep_an_administrator(session, staff, "active")
        end_entries(session, staff)
    staff.active = active
    session.commit()


def unlock(session: Session, staff: Staff, *, actor: str) -> None:
    """Lifts the lock that failed sign-ins put on an account."""
    forgive(staff)
    journal.append(session, actor, "staff.unlocked", staff.name)
    session.commit()


def set_region(session: Session, agency: Agency, name: str, *, actor: str) -> None:
    """The region that an agency acts for, from any unambiguous part of its name; empty for none."""
    path = region_path(name.strip()) if name.strip() else ""
    if path == agency.region:
        return
    journal.append(session, actor, "agency.region_set", agency.name, {"from": agency.region, "to": path})
    agency.region = path
    session.commit()


def region_path(name: str) -> str:
    """The one region that ``name`` can mean; StaffError at ``region`` where there is none, or several."""
    try:
        path = resolve(name)
    except AmbiguousRegion as error:
        raise StaffError("region", "ambiguous_region", candidates=list(error.candidates)) from None
    except UnknownRegion:
        raise StaffError("region", "staff_region") from None
    if "、" in path:
        raise StaffError("region", "ambiguous_region", candidates=path.split("、"))
    return path


def _keep_an_administrator(session: Session, but: Staff, name: str) -> None:
    """Raises StaffError, and undoes the act, where no other active administrator is left."""
    others = (
        select(func.count())
        .select_from(StaffRole)
        .join(Staff)
        .where(StaffRole.role == Role.ADMINISTRATOR.value, Staff.active, Staff.id != but.id)
    )
    if not session.scalar(others):
        session.rollback()
        raise StaffError(name, "staff_last_administrator")


def _named(roles: Iterable[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def _agency(session: Session, name: str) -> Agency:
    """The agency of that name, or a new one; StaffError where the name is another's word (机关代字), since
    documents of both would get the same numbers."""
    found = session.scalar(select(Agency).where(Agency.name == name))
    if found is None and session.scalar(select(Agency.id).where(Agency.word == name)) is not None:
        raise StaffError("agency", "staff_agency_word", name=name)
    return found or Agency(name=name)
