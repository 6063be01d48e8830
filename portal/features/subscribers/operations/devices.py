"""Telephones that are signed in: signing one off, and whether a new one is told by mail."""

from sqlalchemy import delete

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.features.subscribers import queries
from portal.features.subscribers.models import Registration, Subscriber
from portal.features.subscribers.operations.lines import record
from portal.features.subscribers.rules.devices import telephone, whereabouts


def sign_off(*, by: Identity, line: Subscriber, registration: Registration) -> None:
    """It rings no more, from this moment on. Raises NotFound when it is gone already."""
    name, place = telephone(registration.user_agent), whereabouts(registration.contact, registration.received)
    gone = delete(Registration).where(Registration.id == registration.id).returning(Registration.id)
    if db.session().scalar(gone) is None:
        raise NotFound
    record(Event.DEVICE_SIGNED_OFF, by=by, line=line, device=name.name, network=place.address)


def switch_device_mail(*, by: Identity, line: Subscriber, on: bool) -> None:
    """Switching it to what it is changes nothing."""
    line = queries.hold(line)
    if line.new_device_mail == on:
        return
    line.new_device_mail = on
    record(Event.LINE_CHANGED, by=by, line=line, new_device_mail=(not on, on))
    db.session().flush()
