"""Addresses for mails and other places outside of a request: always of a host that is stored, never of one that was asked for."""

from dataclasses import dataclass

_origin: list["Origin"] = []


@dataclass(frozen=True)
class Origin:
    scheme: str = "https"
    port: int | None = None

    def of(self, host: str) -> str:
        """“https://lantern.example”, the origin of a host as browsers compare it."""
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port else "")


def install(origin: Origin) -> None:
    _origin[:] = [origin]


def origin(host: str) -> str:
    return (_origin[0] if _origin else Origin()).of(host)


def link(host: str, path: str) -> str:
    return origin(host) + path
