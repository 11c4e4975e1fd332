"""What is done with staff accounts."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import journal

from .models import Agency, Role, Staff, StaffRole

ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without letters that look alike
NAME = re.compile(r"[\w.\-@·]{2,60}")
FIRST_ADMINISTRATOR = "admin"
FIRST_AGENCY = "柔问运行单位"


class StaffError(Exception):
    """The account cannot be made; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class NewStaff:
    """A new account; the password is known here once and then only as a hash."""

    staff: Staff
    password: str = field(repr=False)


def add_staff(session: Session, name: str, role: Role, agency: str, *, actor: str = "operator") -> NewStaff:
    """Makes an account with a one-time password; the agency is made when it is new."""
    if not NAME.fullmatch(name):
        raise StaffError("账号名应为 2 到 60 个字母、数字、汉字或 . - @ 符号。")
    agency = agency.strip()
    if not agency or len(agency) > 120:
        raise StaffError("机关名称应为 1 到 120 个字。")
    if session.scalar(select(Staff.id).where(Staff.name == name)):
        raise StaffError(f"账号“{name}”已经存在。")
    password = "".join(secrets.choice(ALPHABET) for _ in range(14))
    staff = Staff(
        name=name,
        password_hash=PasswordHasher().hash(password),
        agency=_agency(session, agency),
        grants=[StaffRole(role=role.value)],
    )
    session.add(staff)
    journal.append(session, actor, "staff.added", name, {"role": role.value, "agency": agency})
    session.commit()
    return NewStaff(staff, password)


def ensure_administrator(session: Session) -> NewStaff | None:
    """The first administrator, made where no staff exist yet; None where some do."""
    if session.scalar(select(func.count()).select_from(Staff)):
        return None
    return add_staff(session, FIRST_ADMINISTRATOR, Role.ADMINISTRATOR, FIRST_AGENCY, actor="setup")


def _agency(session: Session, name: str) -> Agency:
    return session.scalar(select(Agency).where(Agency.name == name)) or Agency(name=name)
