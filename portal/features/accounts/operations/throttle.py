"""Guessing gets slower and slower, for whoever guesses; being guessed at does not lock anybody out."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from portal.core import clock, db, secrets
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.accounts import queries, rules
from portal.features.accounts.models import Account, SignInTrouble
from portal.features.accounts.rules import Patience


class Counters(dict[bytes, Patience]):
    """Where an attempt counts; `person` is the counter of the sign-in name that is tried, by which all of them are found."""

    def __init__(self, counted: Mapping[bytes, Patience], person: bytes | None = None) -> None:
        super().__init__(counted)
        self.person = person

    def whose(self, key: bytes) -> bytes | None:
        return None if self[key] is rules.PLACE else self.person


def counters(reseller_id: int, person: str, address: str, known_device: str | None) -> Counters:
    """Where an attempt counts.

    `known_device`: the mark of a device on which this person signed in before. It counts for itself: what strangers do with
    the same name, or at the same address, does not keep it waiting.
    """
    whose = of_person(reseller_id, person)
    if known_device:
        return Counters({secrets.fingerprint(secrets.pepper(), "device", known_device): rules.ONE_PERSON}, whose)
    counted = {
        secrets.fingerprint(secrets.pepper(), "person", str(reseller_id), person, rules.place(address)): rules.ONE_PERSON,
        whose: rules.ACCOUNT,
        **_places("address", address),
    }
    return Counters(counted, whose)


def _places(what: str, address: str) -> dict[bytes, Patience]:
    return {secrets.fingerprint(secrets.pepper(), what, place): rules.PLACE for place in rules.places(address)}


def of_person(reseller_id: int, person: str) -> bytes:
    """The counter of a sign-in name, wherever it is tried."""
    return secrets.fingerprint(secrets.pepper(), "account", str(reseller_id), person)


def for_links(reseller_id: int, typed: str, address: str) -> Counters:
    """Where asking for a mailed link counts, whether or not the name is anybody's."""
    counted = {
        secrets.fingerprint(secrets.pepper(), "link for", str(reseller_id), typed): rules.ASKING,
        **_places("link at", address),
    }
    return Counters(counted)


def lift(account: Account) -> None:
    """Whoever was guessed at may try again at once, from anywhere but where the guessing goes on."""
    counted = of_person(account.reseller_id, queries.sign_in_name(account))
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(delete(SignInTrouble).where(SignInTrouble.key == counted))


def lift_everywhere(account: Account) -> None:
    """Whoever mistyped may try again at once, at home and on known devices too; so may those who guessed."""
    person = of_person(account.reseller_id, queries.sign_in_name(account))
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(delete(SignInTrouble).where(SignInTrouble.person == person))


def of_account(what: str, account: Account) -> Counters:
    """One counter for something that only the account itself is asked."""
    return Counters({secrets.fingerprint(what, account.public_id): rules.ONE_PERSON})


def count(counted: Counters) -> int:
    """Counts before the password is looked at, so that many attempts at once gain nothing, and for good, whatever follows.

    Says how often the account's name has failed in all, 0 for a known device.
    """
    with db.unit_of_work(Scope.platform()):
        held = [(counted[trouble.key], trouble) for trouble in _hold(counted, clock.now())]
        now = clock.now()  # others may have held them until this moment
        for _patience, trouble in held:
            if trouble.last_at <= now - rules.FORGOTTEN_AFTER:
                trouble.failures = 0
        newcomer = any(patience is rules.ONE_PERSON and not trouble.failures for patience, trouble in held)
        waits = [trouble.wait_until - now for patience, trouble in held if not (newcomer and patience is rules.ACCOUNT)]
        if max(waits) > timedelta(0):
            raise Refused("sign-in-wait", wait=max(waits))
        for patience, trouble in held:
            trouble.failures += 1
            trouble.last_at = now
            trouble.wait_until = now + patience.wait(trouble.failures)
        return max((trouble.failures for patience, trouble in held if patience is rules.ACCOUNT), default=0)


def _hold(counted: Counters, now: datetime) -> list[SignInTrouble]:
    """The counters, made when missing, and locked in one order for all."""
    start = {"failures": 0, "last_at": now, "wait_until": now}
    rows = [{"key": key, "person": counted.whose(key), **start} for key in sorted(counted)]
    unchanged = {"failures": SignInTrouble.failures}
    wanted = insert(SignInTrouble).values(rows).on_conflict_do_update(index_elements=["key"], set_=unchanged)
    return list(db.session().scalars(wanted.returning(SignInTrouble)))


def forget(counted: Counters) -> None:
    """A success clears the person; to the place it only gives back what it counted, for others may be guessing there."""
    now = clock.now()
    with db.unit_of_work(Scope.platform()) as session:
        for trouble in _hold(counted, now):
            if counted[trouble.key] is rules.PLACE:
                trouble.failures, trouble.wait_until = max(trouble.failures - 1, 0), now
            else:
                session.delete(trouble)
    with db.unit_of_work(Scope.platform()) as session:
        old = select(SignInTrouble.key).where(SignInTrouble.last_at <= now - rules.FORGOTTEN_AFTER).limit(100)
        session.execute(delete(SignInTrouble).where(SignInTrouble.key.in_(old.with_for_update(skip_locked=True))))
