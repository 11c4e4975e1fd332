"""The second factor: codes that change every 30 seconds, and recovery codes for when the phone is lost."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime

import pyotp

from portal.policy import policy

ISSUER = "柔问"
STEP_SECONDS = 30
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4


def new_secret() -> str:
    return pyotp.random_base32()


def spaced(secret: str) -> str:
    """A secret in groups of four, for typing."""
    return " ".join(re.findall(r".{1,4}", secret))


def step_of(secret: str, code: str, *, after: int, at: datetime) -> int | None:
    """The time step that ``code`` belongs to, when it is near ``at`` and later than the step ``after``."""
    drift = policy().staff.code_drift
    now = int(at.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    digits = re.sub(r"\s", "", code)
    fitting = [
        step
        for step in range(now - drift, now + drift + 1)
        if secrets.compare_digest(generator.generate_otp(step).encode(), digits.encode())
    ]
    return next((step for step in fitting if step > after), None)


def setup_address(secret: str, name: str) -> str:
    """What the QR code says to an authenticator application."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def qr_code(text: str) -> str:
    """An SVG drawing of a QR code, to stand in a page; it takes no style from outside."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    code = qrcode.QRCode(border=2, image_factory=SvgPathImage)
    code.add_data(text)
    drawing: str = code.make_image().to_string(encoding="unicode")
    return drawing


def new_recovery_codes() -> tuple[str, ...]:
    return tuple(
        "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
        for _ in range(policy().staff.recovery_codes)
    )


def recovery_hash(code: str) -> str:
    """The hash of a recovery code however it was spaced; the code is too long to be guessed from it."""
    return hashlib.sha256(re.sub(r"[^a-z0-9]", "", code.lower()).encode()).hexdigest()
