import os
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest

from portal import settings
from portal.settings import SettingsError, from_environment

KEY = "k" * 32
OWN = {"PORTAL_DATABASE_URL": "postgres://somewhere/portal", "PORTAL_SECRET_KEY": KEY}


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    found = from_environment({"PORTAL_DATA_DIR": str(tmp_path / "new")})
    assert found.database_url is None
    assert found.trusted_proxies == ()
    assert (found.session_idle_minutes, found.session_hours) == (30, 12)
    assert found.secure_cookies
    assert len(found.secret_keys[0]) >= settings.SHORTEST_KEY


def test_a_key_of_its_own_is_kept_and_private(tmp_path: Path) -> None:
    once, again = (from_environment({"PORTAL_DATA_DIR": str(tmp_path)}) for _ in range(2))
    assert once.secret_keys == again.secret_keys
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_many_processes_at_once_agree_on_one_key(tmp_path: Path) -> None:
    code = "from portal.settings import from_environment; print(from_environment().secret_keys[0])"
    environment = {**os.environ, "PORTAL_DATA_DIR": str(tmp_path), "PORTAL_SECRET_KEY": ""}
    several = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    keys = {process.communicate()[0].strip() for process in several}
    assert len(keys) == 1
    assert len(keys.pop()) >= settings.SHORTEST_KEY


def test_half_a_key_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("\n")
    with pytest.raises(SettingsError, match="holds no whole key"):
        from_environment({"PORTAL_DATA_DIR": str(tmp_path)})


def test_secrets_do_not_show_in_the_settings() -> None:
    found = from_environment({**OWN, "PORTAL_SMTP_URL": "smtp://user:pass@mail"})
    assert KEY not in repr(found)
    assert "somewhere" not in repr(found)
    assert "pass" not in repr(found)


def test_keys_are_a_ring_the_newest_first() -> None:
    assert from_environment({**OWN, "PORTAL_SECRET_KEY": f"{'n' * 32}, {KEY}"}).secret_keys == ("n" * 32, KEY)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_is_understood(scheme: str) -> None:
    url = from_environment({**OWN, "PORTAL_DATABASE_URL": f"{scheme}://u:p@h/d"}).database_url
    assert url == "postgresql+psycopg://u:p@h/d"


def test_proxies_are_addresses_or_networks() -> None:
    found = from_environment({**OWN, "PORTAL_TRUSTED_PROXIES": "10.0.0.0/8, ::1 ,192.0.2.7,"})
    assert found.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"), ip_network("192.0.2.7"))


def test_cookies_are_secure_but_in_development() -> None:
    assert not from_environment({**OWN, "PORTAL_DEVELOPMENT": "yes"}).secure_cookies
    assert from_environment({**OWN, "PORTAL_DEVELOPMENT": "0"}).secure_cookies


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"PORTAL_SECRET_KEY": "short"}, "PORTAL_SECRET_KEY must have at least 32"),
        ({"PORTAL_SECRET_KEY": f"{KEY},short"}, "PORTAL_SECRET_KEY must have at least 32"),
        ({"PORTAL_SECRET_KEY": " , "}, "PORTAL_SECRET_KEY is missing"),
        ({"PORTAL_DATABASE_URL": "sqlite:///x"}, "must start with postgresql://"),
        ({"PORTAL_DATABASE_URL": "postgresql"}, "must start with postgresql://"),
        ({"PORTAL_TRUSTED_PROXIES": "10.0.0.1/8"}, "PORTAL_TRUSTED_PROXIES must list"),
        ({"PORTAL_TRUSTED_PROXIES": "proxy.example"}, "PORTAL_TRUSTED_PROXIES must list"),
        ({"PORTAL_DEVELOPMENT": "perhaps"}, "PORTAL_DEVELOPMENT must be yes or no"),
        ({"PORTAL_SESSION_HOURS": "0"}, "PORTAL_SESSION_HOURS must be a whole number from 1 to 720"),
        ({"PORTAL_SESSION_IDLE_MINUTES": "1.5"}, "PORTAL_SESSION_IDLE_MINUTES must be a whole number"),
        ({"PORTAL_SESSION_IDLE_MINUTES": "²"}, "PORTAL_SESSION_IDLE_MINUTES must be a whole number"),
    ],
)
def test_a_wrong_setting_is_said_in_one_sentence(wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence) as said:
        from_environment({**OWN, **wrong})
    assert "\n" not in str(said.value)
