"""Puts Lantern’s provider into any theme and offers any language, for as long as a test lasts."""

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from tests.waiting import until

HOST = "lantern.localhost"
PROCESSES = 2


class Wardrobe:
    def __init__(self, world: str, port: int) -> None:
        self._database = db.Database(world)
        self._port = port

    @contextmanager
    def offering(self, languages: tuple[str, ...]) -> Iterator[None]:
        theme, reseller_offered, domain_offered = self._now()
        try:
            self._wear(theme, list(languages), list(languages))
            yield
        finally:
            self._wear(theme, reseller_offered, domain_offered)
            self._database.dispose()

    def dress(self, theme: str, brand: str) -> None:
        """Returns when every process of the server shows it."""
        _theme, reseller_offered, domain_offered = self._now()
        self._wear(theme, reseller_offered, domain_offered)
        until(lambda: all(self._shows(brand) for _ in range(4 * PROCESSES)), f"{brand} at every process")

    def _now(self) -> tuple[str, list[str], list[str]]:
        with self._database.session(Scope.platform(), read_only=True) as session:
            reseller, domain = session.execute(_WEARER).one()
            return reseller.theme, reseller.languages, domain.languages

    def _wear(self, theme: str, reseller_offers: list[str], domain_offers: list[str]) -> None:
        with self._database.session(Scope.platform()) as session:
            reseller, domain = session.execute(_WEARER).one()
            reseller.theme, reseller.languages, domain.languages = theme, reseller_offers, domain_offers
            session.commit()

    def _shows(self, brand: str) -> bool:
        wish = urllib.request.Request(f"http://127.0.0.1:{self._port}/login", headers={"Host": HOST})
        with urllib.request.urlopen(wish, timeout=5) as answer:
            return f"– {brand}</title>" in answer.read().decode()


_WEARER = (
    select(Reseller, SipDomain)
    .join(WebHost, WebHost.reseller_id == Reseller.id)
    .join(SipDomain, SipDomain.id == WebHost.domain_id)
    .where(WebHost.host == HOST)
)
