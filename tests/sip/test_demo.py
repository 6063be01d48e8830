"""What `make demo-sip` does besides the demo: a Kamailio for the portal's own database, and how to call with it."""

import pytest
from sqlalchemy import select

from portal.core import db, postgres, secrets
from portal.core.tenancy import Scope
from portal.demo import PASSWORD, NoKamailio, carried, how_to_call, know_passwords, rpc_url
from portal.features.subscribers.models import Subscriber
from portal.gateways.kamailio import Kamailio, SwitchTrouble
from portal.settings import Settings
from tests.cast import Cast
from tests.sip.running import free_port


@pytest.fixture
def database_name(server: postgres.Server, own_cast: Cast, own_database: db.Database) -> str:
    return str(own_database.engine.url.database)


def test_kamailio_runs_as_long_as_the_demo(settings: Settings, database_name: str) -> None:
    sip, rpc = free_port(), free_port()
    with carried(settings, database_name, sip_port=sip, rpc_port=rpc):
        assert Kamailio(rpc_url(rpc)).uptime().total_seconds() >= 0
        assert f"sip:127.0.0.1:{sip}" in how_to_call(sip)
    with pytest.raises(SwitchTrouble):
        Kamailio(rpc_url(rpc)).uptime()


def test_a_kamailio_that_cannot_start_says_so(settings: Settings) -> None:
    with pytest.raises(NoKamailio, match="did not start"), carried(settings, "no_such_database", sip_port=free_port()):
        pass


def test_phones_sign_in_with_the_password_of_the_demo(own_cast: Cast) -> None:
    know_passwords()
    with db.unit_of_work(Scope.platform()) as session:
        alice = session.scalars(select(Subscriber).where(Subscriber.username == "alice")).one()
        assert alice.ha1_md5 == secrets.ha1("alice", "lantern.telephone.example", PASSWORD)[0]
