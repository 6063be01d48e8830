import factory

from portal.core import clock
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from tests.factories.session import Row


class ResellerFactory(Row):
    class Meta:
        model = Reseller

    name = factory.Sequence(lambda n: f"Reseller {n}")
    theme = "isar"
    languages = factory.LazyFunction(lambda: ["en", "de"])
    time_zone = "Europe/Berlin"


class SipDomainFactory(Row):
    class Meta:
        model = SipDomain

    domain = factory.Sequence(lambda n: f"sip{n}.example")
    languages = factory.LazyFunction(lambda: ["en", "de"])
    time_zone = "Europe/Berlin"
    cc = "49"
    ac = "30"
    in_browsers = True


class WebHostFactory(Row):
    class Meta:
        model = WebHost

    host = factory.Sequence(lambda n: f"host{n}.localhost")
    proved_at = factory.LazyFunction(clock.now)
