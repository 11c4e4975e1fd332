"""The settings of one running portal: read once from the environment, frozen, passed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

DEFAULT_PORT = 8000
DEFAULT_RATE = 120

NAMES = frozenset(
    {
        "ROUWEN_DATA",
        "ROUWEN_DATABASE_URL",
        "ROUWEN_REDIS_URL",
        "ROUWEN_CHROMA_URL",
        "ROUWEN_MODEL",
        "ROUWEN_MODEL_URL",
        "ROUWEN_MODEL_KEY",
        "ROUWEN_EMBEDDING",
        "ROUWEN_BIND",
        "ROUWEN_SECRET_KEY",
        "ROUWEN_ENCRYPTION_KEYS",
        "ROUWEN_INDEX_KEY",
        "ROUWEN_SMTP_URL",
        "ROUWEN_OIDC_ISSUER",
        "ROUWEN_OIDC_CLIENT_ID",
        "ROUWEN_OIDC_CLIENT_SECRET",
        "ROUWEN_CLAMAV",
        "ROUWEN_METRICS_TOKEN",
        "ROUWEN_RATE",
        "ROUWEN_PUBLIC_URL",
        "ROUWEN_PROXIES",
        "ROUWEN_OPERATOR",
        "ROUWEN_CONTACT",
        "ROUWEN_ICP",
    }
)


class SettingsError(Exception):
    """A setting is unknown or unusable; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Oidc:
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides. Secrets stay out of ``repr``.

    ``secret_key``, ``encryption_keys`` and ``index_key`` are empty where they were not given; ``portal.keys``
    then keeps its own in the data folder. ``rate`` is questions a minute from one address;
    ``operator``, ``contact`` and ``icp`` (备案号) stand at the foot of every page.
    """

    data: Path
    database_url: str = field(repr=False)
    bind: str = f"127.0.0.1:{DEFAULT_PORT}"
    redis_url: str | None = field(default=None, repr=False)
    chroma_url: str | None = field(default=None, repr=False)
    model: str | None = None
    model_url: str | None = None
    model_key: str | None = field(default=None, repr=False)
    embedding: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    index_key: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    oidc: Oidc | None = None
    clamav: str | None = None
    metrics_token: str | None = field(default=None, repr=False)
    rate: int = DEFAULT_RATE
    public_url: str | None = None
    proxies: int = 0
    operator: str | None = None
    contact: str | None = None
    icp: str | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings that ``environ`` describes; raises SettingsError with one clear sentence."""
        unknown = sorted(n for n in environ if n.startswith("ROUWEN_") and n not in NAMES)
        if unknown:
            raise SettingsError(f"不认识的设置 {unknown[0]}：请核对 README 中列出的名称。")
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        data = Path(given.get("ROUWEN_DATA", "./var")).expanduser().absolute()
        if data.exists() and not data.is_dir():
            raise SettingsError(f"ROUWEN_DATA 指向的 {data} 不是文件夹。")
        return cls(
            data=data,
            database_url=_database_url(given.get("ROUWEN_DATABASE_URL"), data),
            bind=_bind(given),
            redis_url=_url(given, "ROUWEN_REDIS_URL", ("redis", "rediss", "unix")),
            chroma_url=_url(given, "ROUWEN_CHROMA_URL", ("http", "https")),
            embedding=given.get("ROUWEN_EMBEDDING"),
            secret_key=_secret_key(given, "ROUWEN_SECRET_KEY"),
            index_key=_secret_key(given, "ROUWEN_INDEX_KEY"),
            encryption_keys=_encryption_keys(given),
            smtp_url=_url(given, "ROUWEN_SMTP_URL", ("smtp", "smtps")),
            oidc=_oidc(given),
            clamav=_address(given, "ROUWEN_CLAMAV"),
            metrics_token=_token(given, "ROUWEN_METRICS_TOKEN"),
            rate=_rate(given),
            public_url=_url(given, "ROUWEN_PUBLIC_URL", ("http", "https")),
            proxies=_integer(given, "ROUWEN_PROXIES", 0, 0, 8),
            operator=given.get("ROUWEN_OPERATOR"),
            contact=given.get("ROUWEN_CONTACT"),
            icp=given.get("ROUWEN_ICP"),
            **_model(given),
        )

    @property
    def mails(self) -> bool:
        """True when parties can be told by mail: a server to hand it in, and an address to send them to."""
        return self.smtp_url is not None and self.public_url is not None

    @property
    def https(self) -> bool:
        """True when the public address is https, so cookies must be secure."""
        return self.public_url is not None and self.public_url.startswith("https://")


def _integer(given: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
        raise SettingsError(f"{name} 应为 {low} 到 {high} 之间的整数，现为“{text}”。")
    return int(text)


def _rate(given: Mapping[str, str]) -> int:
    """``120``, ``120/minute`` or ``120 per minute``."""
    text = re.sub(r"\s*(/|per)\s*minute$", "", given.get("ROUWEN_RATE", str(DEFAULT_RATE)))
    return _integer({"ROUWEN_RATE": text}, "ROUWEN_RATE", DEFAULT_RATE, 1, 1_000_000)


def _url(given: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in schemes and bool(parts.hostname or (parts.scheme == "unix" and parts.path))
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(f"{name} 应为以 {'、'.join(s + '://' for s in schemes)} 开头的完整地址。")
    return text.rstrip("/")


def _address(given: Mapping[str, str], name: str) -> str | None:
    text = given.get(name)
    if text is None or text.startswith("/"):
        return text
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise SettingsError(f"{name} 应为 主机:端口 或套接字文件的绝对路径，现为“{text}”。")
    return text


def _bind(given: Mapping[str, str]) -> str:
    port = _integer(given, "PORT", DEFAULT_PORT, 1, 65535)
    bind = given.get("ROUWEN_BIND")
    if bind is None:
        return f"127.0.0.1:{port}"
    if bind.startswith("unix:/"):
        return bind
    host, _, own_port = bind.rpartition(":")
    if not own_port.isdecimal() or (bind.endswith("]") and bind.startswith("[")):
        host, own_port = bind, str(port)
    if not re.fullmatch(r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]+", host) or not 0 < int(own_port) < 65536:
        raise SettingsError(f"ROUWEN_BIND 应为 地址、地址:端口 或 unix:/路径，现为“{bind}”。")
    return f"{host}:{own_port}"


def _database_url(text: str | None, data: Path) -> str:
    if text is None:
        return f"sqlite:///{data / 'rouwen.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if text.startswith(prefix):
            text = "postgresql+psycopg://" + text[len(prefix) :]
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("ROUWEN_DATABASE_URL 应以 sqlite:/// 或 postgresql:// 开头。")
    return text


def _token(given: Mapping[str, str], name: str) -> str | None:
    text = given.get(name)
    if text is not None and (len(text) < 16 or not text.isascii()):
        raise SettingsError(f"{name} 至少要有 16 个英文字符，短了容易被猜到。")
    return text


def _secret_key(given: Mapping[str, str], name: str) -> str | None:
    text = given.get(name)
    if text is not None and len(text) < 32:
        raise SettingsError(f"{name} 至少要有 32 个字符。")
    return text


def _encryption_keys(given: Mapping[str, str]) -> tuple[str, ...]:
    keys = tuple(k.strip() for k in given.get("ROUWEN_ENCRYPTION_KEYS", "").split(",") if k.strip())
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise SettingsError(
                f"ROUWEN_ENCRYPTION_KEYS 的第 {position} 个密钥不是 32 字节的 url-safe base64 文本。"
            ) from None
    return keys


def _oidc(given: Mapping[str, str]) -> Oidc | None:
    names = ("ROUWEN_OIDC_ISSUER", "ROUWEN_OIDC_CLIENT_ID", "ROUWEN_OIDC_CLIENT_SECRET")
    present = [name for name in names if name in given]
    if not present:
        return None
    if len(present) < len(names):
        missing = next(name for name in names if name not in given)
        raise SettingsError(f"给了 {present[0]} 却缺 {missing}：统一身份认证的三项设置要一起给出。")
    _url(given, names[0], ("https", "http"))
    if not is_safe_service(given[names[0]]):
        raise SettingsError(f"{names[0]} 应以 https:// 开头：只有本机上的服务可以用 http。")
    return Oidc(*(given[name] for name in names))


def is_safe_service(address: str) -> bool:
    """Whether secrets may be sent there: encrypted, or not leaving this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme != "http":
        return parts.scheme == "https" and bool(parts.hostname)
    try:
        return parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _model(given: Mapping[str, str]) -> dict[str, str | None]:
    model = given.get("ROUWEN_MODEL")
    if model is None:
        for name in ("ROUWEN_MODEL_URL", "ROUWEN_MODEL_KEY"):
            if name in given:
                raise SettingsError(f"给了 {name} 却没有给 ROUWEN_MODEL。")
    elif not re.fullmatch(r"[a-z0-9_\-]+:\S+", model):
        raise SettingsError(f"ROUWEN_MODEL 应为 提供方:模型名（例如 openai:qwen-plus），现为“{model}”。")
    return {
        "model": model,
        "model_url": _url(given, "ROUWEN_MODEL_URL", ("http", "https")),
        "model_key": given.get("ROUWEN_MODEL_KEY"),
    }
