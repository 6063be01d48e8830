"""Kamailio’s configuration, made from a few settings and the script beside this module."""

import re
from dataclasses import dataclass, field
from pathlib import Path

TEMPLATE = Path(__file__).parent / "kamailio.cfg"
_ENDPOINT = re.compile(
    r"(?P<protocol>udp|tcp|tls):(?P<at>(?P<host>\[[0-9a-f:]+\]|[a-z0-9.-]+):(?P<port>[0-9]{1,5}))( advertise [][a-z0-9.:-]+)?"
)
_FACILITY = re.compile(r"LOG_(DAEMON|LOCAL[0-7]|USER)")
_WORD = re.compile(r"[^\s\"'`;]+")
_PLACE = re.compile(r"\{\{(\w+)\}\}")
LEVELS = range(-1, 4)
_TLS = """enable_tls=yes
loadmodule "tls.so"
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "certificate", "{certificate}")
modparam("tls", "private_key", "{key}")"""


class BadSetting(Exception):  # noqa: N818  the sentence it carries is the operator’s
    """A setting that Kamailio could not be started with; one sentence says which."""


@dataclass(frozen=True)
class Config:
    """`listen`: “udp:192.0.2.1:5060”, or “… advertise 198.51.100.1:5060” behind an address translation; udp must be one of them.

    `database_url` is that of Kamailio’s own role: postgres://user:password@host:port/database; without a host libpq’s
    environment (PGHOST, PGPORT) names the server. `certificate` and `key`: files of PEM, for addresses with tls.
    `log_level`: -1 errors, 0 warnings, 1 notices, 2 all that happens, 3 debugging.
    """

    database_url: str = field(repr=False)
    listen: tuple[str, ...] = ("udp:127.0.0.1:5060", "tcp:127.0.0.1:5060")
    rpc: str = "127.0.0.1:8590"
    log_level: int = 1
    log_facility: str = "LOG_LOCAL0"
    cdr_facility: str = "LOG_LOCAL1"
    run_dir: str = "/run/kamailio"
    modules: str = "/usr/lib/x86_64-linux-gnu/kamailio/modules/"
    processes: int = 4
    certificate: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        wrong = [one for one in (*self.listen, f"tcp:{self.rpc}") if not _ENDPOINT.fullmatch(one)]
        if wrong:
            raise BadSetting(f"Kamailio cannot listen at “{wrong[0]}”: write udp:ADDRESS:PORT, tcp:… or tls:…")
        if not any(one.startswith("udp:") for one in self.listen):
            raise BadSetting("Kamailio needs an address to listen at over UDP.")
        if not all(_FACILITY.fullmatch(one) for one in (self.log_facility, self.cdr_facility)):
            raise BadSetting("The log’s facility is one of LOG_DAEMON, LOG_USER, LOG_LOCAL0 to LOG_LOCAL7.")
        if self.log_level not in LEVELS:
            raise BadSetting(f"The log’s level is a whole number from {LEVELS[0]} to {LEVELS[-1]}.")
        if not self.encrypts == bool(self.certificate) == bool(self.key):
            raise BadSetting("An address with tls needs a certificate and its key, and these are for nothing else.")
        files = (self.certificate, self.key) if self.encrypts else ()
        if not all(_WORD.fullmatch(one) for one in (self.database_url, self.run_dir, self.modules, *files)):
            raise BadSetting("In the address of the database and in paths, no quotes, semicolons and spaces can be used.")
        if not re.match(r"postgres://[^/@:]+(:[^/@]*)?@", self.database_url):
            raise BadSetting("The address of the database must look like postgres://user:password@host:5432/database.")

    @property
    def encrypts(self) -> bool:
        return any(one.startswith("tls:") for one in self.listen)

    @property
    def places(self) -> dict[str, str]:
        """What stands where in the script."""
        own = next(found for one in self.listen if (found := _ENDPOINT.fullmatch(one)) and found["protocol"] == "udp")
        everywhere = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104  the name of all addresses, not one to bind to
        return {
            "listen": "\n".join(f"listen={one}" for one in (*self.listen, f"tcp:{self.rpc}")),
            "tls": _TLS.format(certificate=self.certificate, key=self.key) if self.encrypts else "enable_tls=no",
            "self": f"{everywhere.get(own['host'], own['host'])}:{own['port']}",
            "rpc_port": self.rpc.rpartition(":")[2],
            "database": self.database_url,
            "log_level": str(self.log_level),
            "log_facility": self.log_facility,
            "cdr_facility": self.cdr_facility,
            "run": self.run_dir,
            "modules": self.modules,
            "processes": str(self.processes),
        }


def render(config: Config, template: Path = TEMPLATE) -> str:
    places = config.places
    return _PLACE.sub(lambda found: places[found[1]], template.read_text())
