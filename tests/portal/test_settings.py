from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from portal.keys import Keyring
from portal.settings import NAMES, Settings, SettingsError

ROOT = Path(__file__).resolve().parents[2]


def test_without_any_setting_everything_stays_on_this_machine():
    settings = Settings.from_env({})
    assert settings.bind == "127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{Path('var').absolute() / 'rouwen.db'}"
    assert (settings.model, settings.chroma_url, settings.redis_url) == (None, None, None)
    assert settings.rate == 120


@pytest.mark.parametrize(
    ("environ", "bind"),
    [
        ({"PORT": "8123"}, "127.0.0.1:8123"),
        ({"ROUWEN_BIND": "0.0.0.0", "PORT": "8123"}, "0.0.0.0:8123"),
        ({"ROUWEN_BIND": "0.0.0.0:80", "PORT": "8123"}, "0.0.0.0:80"),
        ({"ROUWEN_BIND": "[::1]:8080"}, "[::1]:8080"),
        ({"ROUWEN_BIND": "[::]"}, "[::]:8000"),
        ({"ROUWEN_BIND": "unix:/run/rouwen.sock"}, "unix:/run/rouwen.sock"),
    ],
)
def test_the_port_moves_the_service_and_bind_moves_it_off_loopback(environ: dict[str, str], bind: str):
    assert Settings.from_env(environ).bind == bind


def test_a_postgresql_address_gets_its_driver():
    settings = Settings.from_env({"ROUWEN_DATABASE_URL": "postgres://u:p@db/rouwen"})
    assert settings.database_url == "postgresql+psycopg://u:p@db/rouwen"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROUWEN_COLOUR", "blue"),
        ("ROUWEN_RATE", "many"),
        ("ROUWEN_RATE", "0"),
        ("ROUWEN_RATE", "１２"),
        ("PORT", "99999"),
        ("PORT", "80 80"),
        ("ROUWEN_BIND", "not a host"),
        ("ROUWEN_DATABASE_URL", "mysql://db"),
        ("ROUWEN_REDIS_URL", "db:6379"),
        ("ROUWEN_CHROMA_URL", "ftp://chroma"),
        ("ROUWEN_CHROMA_URL", "http://[bad"),
        ("ROUWEN_MODEL", "qwen"),
        ("ROUWEN_MODEL_URL", "http://127.0.0.1:9000"),
        ("ROUWEN_SECRET_KEY", "short"),
        ("ROUWEN_ENCRYPTION_KEYS", "not-a-key"),
        ("ROUWEN_METRICS_TOKEN", "1234"),
        ("ROUWEN_SMTP_URL", "http://mail"),
        ("ROUWEN_OIDC_ISSUER", "https://id.example"),
        ("ROUWEN_CLAMAV", "clamd"),
        ("ROUWEN_PROXIES", "-1"),
        ("ROUWEN_PUBLIC_URL", "rouwen.example"),
    ],
)
def test_a_bad_or_unknown_setting_is_refused_in_one_sentence_that_names_it(name: str, value: str):
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({name: value})
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith("。")


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path):
    (tmp_path / "data").write_text("")
    with pytest.raises(SettingsError, match="ROUWEN_DATA"):
        Settings.from_env({"ROUWEN_DATA": str(tmp_path / "data")})


def test_secrets_do_not_show_when_settings_are_printed():
    key = Fernet.generate_key().decode()
    settings = Settings.from_env(
        {
            "ROUWEN_SECRET_KEY": "s" * 40,
            "ROUWEN_ENCRYPTION_KEYS": key,
            "ROUWEN_DATABASE_URL": "postgresql://u:hunter2@db/r",
            "ROUWEN_MODEL": "openai:qwen",
            "ROUWEN_MODEL_KEY": "sk-hidden",
            "ROUWEN_METRICS_TOKEN": "m" * 20,
        }
    )
    shown = repr(settings) + repr(Keyring.open(settings))
    for secret in ("s" * 40, key, "hunter2", "sk-hidden", "m" * 20):
        assert secret not in shown


def test_every_setting_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in sorted(NAMES) if name not in readme] == []


def test_keys_are_made_once_and_only_the_owner_can_read_them(tmp_path: Path):
    settings = Settings.from_env({"ROUWEN_DATA": str(tmp_path)})
    first, second = Keyring.open(settings), Keyring.open(settings)
    assert first == second
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["encryption", "index", "secret"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_an_empty_key_file_is_reported_instead_of_replaced(tmp_path: Path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "encryption").write_text("")
    with pytest.raises(SettingsError, match="空的"):
        Keyring.open(Settings.from_env({"ROUWEN_DATA": str(tmp_path)}))


def test_a_new_first_key_writes_and_the_old_one_still_reads():
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    token = Keyring("s", (old,)).cipher().seal("一个问题")
    both = Keyring("s", (new, old)).cipher()
    assert both.unseal(token) == "一个问题"
    assert Keyring("s", (new,)).cipher().unseal(both.seal("另一个")) == "另一个"
    with pytest.raises(SettingsError, match="ROUWEN_ENCRYPTION_KEYS"):
        Keyring("s", (new,)).cipher().unseal(token)
