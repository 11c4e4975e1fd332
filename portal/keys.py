"""The portal's own secrets: given in the settings, or made once and kept in the data folder."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from .settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class Keyring:
    """``secret_key`` signs cookies; ``encryption`` reads with every key and writes with the first;
    ``index_key`` hashes identifiers for looking them up, and so has to stay the same."""

    secret_key: str = field(repr=False)
    encryption_keys: tuple[str, ...] = field(repr=False)
    index_key: str = field(default="", repr=False)

    @classmethod
    def open(cls, settings: Settings) -> Keyring:
        """The keys of this portal; those that were not given are made the first time, mode 0600."""
        folder = settings.data / "keys"
        secret = settings.secret_key or _kept(folder / "secret", lambda: secrets.token_urlsafe(48))
        keys = settings.encryption_keys or tuple(
            _kept(folder / "encryption", lambda: Fernet.generate_key().decode("ascii")).split(",")
        )
        index = settings.index_key or _kept(folder / "index", lambda: secrets.token_urlsafe(48))
        return cls(secret, keys, index)

    def cipher(self) -> Cipher:
        return Cipher(MultiFernet([Fernet(key) for key in self.encryption_keys]), self.index_key)


@dataclass(frozen=True, slots=True)
class Cipher:
    """Turns text into tokens for the database and back, and identifiers into what they are found by."""

    fernet: MultiFernet = field(repr=False)
    index_key: str = field(repr=False)

    def blind(self, text: str) -> str:
        """A keyed hash: the same for the same text, and no way back."""
        return hmac.new(self.index_key.encode("utf-8"), text.encode("utf-8"), hashlib.sha256).hexdigest()

    def seal(self, text: str) -> str:
        return self.fernet.encrypt(text.encode("utf-8", "replace")).decode("ascii")

    def unseal(self, token: str) -> str:
        """The text of ``token``; SettingsError when none of the keys made it."""
        try:
            return self.fernet.decrypt(token.encode("ascii")).decode("utf-8")
        except InvalidToken:
            raise SettingsError(
                "数据库中的加密内容无法用现有密钥解开：请把原来的密钥加进 ROUWEN_ENCRYPTION_KEYS。"
            ) from None


def _kept(path: Path, make: Callable[[], str]) -> str:
    if path.exists():
        return _read(path)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(make())
    try:
        os.link(draft, path)  # unlike a rename, a link never replaces the key that another process made first
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> str:
    text = path.read_text(encoding="ascii").strip()
    if not text:
        raise SettingsError(f"密钥文件 {path} 是空的：请恢复备份，或删除它以生成新的密钥。")
    return text
