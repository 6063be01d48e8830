"""What is begun in a browser is finished there, once, in time, and not begun by the thousand."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, db
from portal.core.errors import Refused
from portal.core.phone import Home
from portal.core.tenancy import Scope, Tenant
from portal.features.accounts.models import Ceremony
from portal.features.accounts.operations import ceremonies
from portal.features.accounts.rules import CEREMONIES
from portal.features.resellers.models import Reseller
from tests.cast import Cast

AT_ONCE = 8
MINUTE = timedelta(minutes=1)


def at(reseller: Reseller, host: str = "lantern.localhost") -> Tenant:
    return Tenant(
        reseller_id=reseller.id,
        reseller_name=reseller.name,
        reseller_active=True,
        operator=False,
        host=host,
        theme="telephone",
        languages=("en",),
        time_zone="Europe/Berlin",
        home=Home("49", "30"),
    )


def begin(tenant: Tenant, *, kind: str = "test", address: str = "192.0.2.1", account_id: int | None = None) -> str:
    return ceremonies.begin(
        kind, tenant=tenant, address=address, payload={"nonce": "ü"}, lifetime=MINUTE, account_id=account_id,
    )


def waiting() -> int:
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalar(select(func.count()).select_from(Ceremony)) or 0


def test_what_was_put_down_comes_back_once(cast: Cast) -> None:
    here = at(cast.telephone)
    key = begin(here)
    assert ceremonies.finish("test", tenant=here, key=key) == {"nonce": "ü"}
    assert ceremonies.finish("test", tenant=here, key=key) is None


def test_keys_are_long_different_and_not_kept(cast: Cast) -> None:
    keys = {begin(at(cast.telephone)) for _ in range(20)}
    assert len(keys) == 20
    assert {len(key) for key in keys} == {43}
    with db.unit_of_work(Scope.platform()) as session:
        held = b"".join(session.scalars(select(Ceremony.key_hash)))
    assert not any(key.encode() in held for key in keys)


def test_it_is_finished_where_and_as_what_it_was_begun(cast: Cast) -> None:
    here = at(cast.telephone)
    key = begin(here, account_id=7)
    assert ceremonies.finish("other", tenant=here, key=key, account_id=7) is None
    assert ceremonies.finish("test", tenant=at(cast.telephone, "telephone.localhost"), key=key, account_id=7) is None
    assert ceremonies.finish("test", tenant=at(cast.cheapcall), key=key, account_id=7) is None
    assert ceremonies.finish("test", tenant=here, key=key, account_id=8) is None
    assert ceremonies.finish("test", tenant=here, key=key) is None
    assert ceremonies.finish("test", tenant=here, key=key, account_id=7) is not None


def test_it_is_finished_in_time_and_the_next_one_sweeps_up(cast: Cast) -> None:
    here = at(cast.telephone)
    key = begin(here)
    with clock.frozen(clock.now() + MINUTE):
        assert ceremonies.finish("test", tenant=here, key=key) is None
        assert waiting() == 1
        begin(here)
        assert waiting() == 1, "what nobody finished is gone"


def test_a_flood_from_one_place_is_bounded_and_others_are_not_kept_waiting(cast: Cast) -> None:
    here = at(cast.telephone)
    now = clock.now()
    with clock.frozen(now):
        for _ in range(CEREMONIES.at_once):
            begin(here, address="2001:db8::1")
        with pytest.raises(Refused, match="sign-in-wait"):
            begin(here, address="2001:db8::2")  # the same network
        assert waiting() == CEREMONIES.at_once
        assert begin(here, address="198.51.100.7")
    with clock.frozen(now + CEREMONIES.every):
        assert begin(here, address="2001:db8::1")
        with pytest.raises(Refused, match="sign-in-wait"):
            begin(here, address="2001:db8::1")


def test_of_many_at_once_one_finishes(own_cast: Cast) -> None:
    here = at(own_cast.telephone)
    key = begin(here)
    ready, outcomes = threading.Barrier(AT_ONCE), [False] * AT_ONCE

    def run(place: int) -> None:
        ready.wait()
        outcomes[place] = ceremonies.finish("test", tenant=here, key=key) is not None

    threads = [threading.Thread(target=run, args=(place,)) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes.count(True) == 1
