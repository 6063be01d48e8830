"""What the environment decides. Read once, at start; a wrong value fails with one sentence."""

import contextlib
import ipaddress
import os
import re
import secrets
import ssl
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
SHORTEST_KEY = 32


class SettingsError(Exception):
    """A setting cannot be used; the message says which one and why."""


@dataclass(frozen=True)
class Settings:
    data_dir: Path
    secret_keys: tuple[str, ...] = field(repr=False)  # the first signs, all of them verify
    database_url: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    trusted_proxies: tuple[Network, ...] = ()
    kamailio_rpc_urls: tuple[str, ...] = ()  # of each SIP proxy that is told of changes
    themes_dir: Path = Path(__file__).resolve().parent.parent / "themes"
    translations_dir: Path = Path(__file__).resolve().parent.parent / "translations"
    development: bool = False
    secure_cookies: bool = True
    session_idle_minutes: int = 30
    session_hours: int = 12
    public_port: int | None = None  # where browsers find the portal, when it is not where they look by themselves
    dns_servers: tuple[tuple[str, int], ...] = ()  # those to ask; without any, the ones that this machine asks
    sip_targets: tuple[str, ...] = ()  # names or addresses that SIP domains have to lead to
    web_targets: tuple[str, ...] = ()  # the same of web hosts


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    Without PORTAL_DATABASE_URL the portal keeps its own database in PORTAL_DATA_DIR, and with it a secret key.
    Raises SettingsError.
    """
    env = os.environ if environment is None else environment
    data_dir = Path(env.get("PORTAL_DATA_DIR") or ".portal").resolve()
    database_url = env.get("PORTAL_DATABASE_URL") or None
    development = _flag(env, "PORTAL_DEVELOPMENT")
    return Settings(
        data_dir=data_dir,
        secret_keys=_secret_keys(env, data_dir, own_database=database_url is None),
        database_url=_database_url(database_url),
        smtp_url=_smtp_url(env.get("PORTAL_SMTP_URL") or None),
        trusted_proxies=_networks(env.get("PORTAL_TRUSTED_PROXIES", "")),
        kamailio_rpc_urls=_rpc_urls(env.get("PORTAL_KAMAILIO_RPC_URL", "")),
        development=development,
        secure_cookies=not development,
        session_idle_minutes=_number(env, "PORTAL_SESSION_IDLE_MINUTES", 30, 1, 24 * 60),
        session_hours=_number(env, "PORTAL_SESSION_HOURS", 12, 1, 24 * 30),
        public_port=_number(env, "PORTAL_PUBLIC_PORT", 0, 0, 65535) or None,
        dns_servers=_servers(env.get("PORTAL_DNS_SERVERS", "")),
        sip_targets=_targets(env, "PORTAL_SIP_TARGETS"),
        web_targets=_targets(env, "PORTAL_WEB_TARGETS"),
    )


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").lower()
    if value not in {"", "0", "1", "no", "yes", "false", "true"}:
        raise SettingsError(f"{name} must be yes or no, not “{value}”.")
    return value in {"1", "yes", "true"}


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name) or str(default)
    if not value.isdecimal() or not low <= int(value) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not “{value}”.")
    return int(value)


def _database_url(url: str | None) -> str | None:
    if url is None:
        return None
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise SettingsError("PORTAL_DATABASE_URL must start with postgresql:// (PostgreSQL is the only database).")
    return f"postgresql+psycopg://{rest}"


def _smtp_url(url: str | None) -> str | None:
    if url is not None:
        mail_server(url)
    return url


@dataclass(frozen=True)
class MailServer:
    """`scheme` is smtp, smtp+tls or smtps; `ca`: the file of whoever signed its certificate, when nobody knows them."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None


SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_server(url: str) -> MailServer:
    """The mail server that a PORTAL_SMTP_URL names. Raises SettingsError."""
    try:
        parts = urlsplit(url)
        port, query = parts.port, parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:  # its own words would show a piece of the password
        raise SettingsError("PORTAL_SMTP_URL cannot be read: in the password, write : / ? # @ as %3A %2F %3F %23 %40.") from None
    if parts.scheme not in SMTP_PORTS or not parts.hostname:
        raise SettingsError(
            "PORTAL_SMTP_URL must look like smtp+tls://user:password@mail.example.com:587 "
            "(smtp:// without encryption, smtp+tls:// with STARTTLS, smtps:// with TLS from the start).",
        )
    if parts.path.strip("/") or parts.fragment or query.keys() - {"ca"}:
        raise SettingsError("PORTAL_SMTP_URL has nothing behind the server but, if need be, ?ca=/path/to/ca.pem.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise SettingsError("PORTAL_SMTP_URL needs a user and a password, or neither.")
    if not (user + password).isascii():
        raise SettingsError("PORTAL_SMTP_URL may have only plain letters, digits and signs in its user and password.")
    return MailServer(parts.scheme, parts.hostname, port or SMTP_PORTS[parts.scheme], user, password, _ca(parts.scheme, query))


def _ca(scheme: str, query: Mapping[str, list[str]]) -> Path | None:
    if "ca" not in query:
        return None
    path = Path(query["ca"][0])
    if scheme == "smtp":
        raise SettingsError("PORTAL_SMTP_URL with ?ca= must begin with smtp+tls:// or smtps://: smtp:// shows no certificate.")
    try:
        ssl.create_default_context(cafile=str(path))
    except OSError as error:
        raise SettingsError(f"PORTAL_SMTP_URL names a ca that is no certificate: {path} ({error.strerror or error}).") from None
    return path


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(f"PORTAL_TRUSTED_PROXIES must list addresses or networks, separated by commas: {error}.") from error


def _servers(text: str) -> tuple[tuple[str, int], ...]:
    """Addresses, each with its port if that is another one than 53: 192.0.2.53, 192.0.2.53:5353, [2001:db8::53]:5353."""
    return tuple(_server(part) for part in _parts(text))


def _server(text: str) -> tuple[str, int]:
    try:
        if text.count(":") > 1 and not text.startswith("["):
            return str(ipaddress.ip_address(text)), 53
        parts = urlsplit(f"//{text}")
        return str(ipaddress.ip_address(parts.hostname or "")), parts.port or 53
    except ValueError:
        raise SettingsError(f"PORTAL_DNS_SERVERS must list addresses like 192.0.2.53 or 192.0.2.53:5353, not “{text}”.") from None


def _targets(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(part.lower().rstrip(".") for part in _parts(env.get(name, "")))
    for target in found:
        if not re.fullmatch(r"[0-9a-f:.]*:[0-9a-f:.]*|[a-z0-9_-]+(\.[a-z0-9_-]+)+", target):
            raise SettingsError(f"{name} must list host names or addresses, separated by commas, not “{target}”.")
    return found


def _rpc_urls(text: str) -> tuple[str, ...]:
    """Each once. Where they lead is the operator's own network, so any address will do."""
    return tuple(dict.fromkeys(_rpc_url(part) for part in _parts(text)))


def _rpc_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        known, bare = parts.scheme in {"http", "https"} and parts.hostname, not (parts.username or parts.query or parts.fragment)
        port = parts.port
    except ValueError:
        known, bare, port = False, False, None
    if not known or not bare or port == 0 or not text.isascii() or not text.isprintable() or " " in text:
        raise SettingsError(
            "PORTAL_KAMAILIO_RPC_URL must list addresses like http://127.0.0.1:5062/RPC, separated by commas, "
            f"without user or password, not “{_without_secret(text)}”."
        )
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path or '/RPC'}"


def _without_secret(url: str) -> str:
    return re.sub(r"//[^/]*@", "//…@", url)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _secret_keys(env: Mapping[str, str], data_dir: Path, *, own_database: bool) -> tuple[str, ...]:
    text = env.get("PORTAL_SECRET_KEY", "")
    keys = tuple(part.strip() for part in text.split(",") if part.strip())
    if keys:
        if any(len(key) < SHORTEST_KEY for key in keys):
            raise SettingsError(
                f"PORTAL_SECRET_KEY must have at least {SHORTEST_KEY} characters (several keys: the newest first, with commas).",
            )
        return keys
    if not own_database:
        raise SettingsError("PORTAL_SECRET_KEY is missing: with a database of your own, set one, the same on every machine.")
    return (_kept_key(data_dir / "secret-key"),)


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _put_whole(path, secrets.token_urlsafe(48) + "\n")
    key = path.read_text(encoding="ascii").strip()
    if len(key) < SHORTEST_KEY:
        raise SettingsError(f"{path} holds no whole key: remove it, and all sign in again with a new one.")
    return key


def _put_whole(path: Path, text: str) -> None:
    """Writes a private file that is there in full or not at all; the first of several processes wins."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def announce(**more: str) -> None:
    """Says more in the environment, for this process and those that it starts."""
    os.environ.update(more)


def spare_memory() -> None:
    """For the web processes started from here: glibc would keep the 19 MiB of each password hash, once for each thread."""
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", "1048576")
