"""The row of what a line does besides forwarding: held, made when it is first needed, one version for the whole page."""

from sqlalchemy.orm.attributes import flag_modified

from portal.core import db
from portal.core.errors import Conflict, NotFound
from portal.features.callhandling import queries
from portal.features.callhandling.models import LineHandling
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Kind, Subscriber


def handling_of(line: Subscriber) -> LineHandling:
    """Kept from others until the end of the transaction, as the line itself. Raises NotFound when the line has ended."""
    subscribers.hold(line)
    found = db.session().get(LineHandling, line.id, populate_existing=True)
    return found or queries.usual(line)


def at_version(line: Subscriber, version: int) -> LineHandling:
    """The same, if nobody has changed it since it was at this version; 0 is before it was first changed. Raises Conflict."""
    handling = handling_of(line)
    if handling.version != version:
        raise Conflict(handling.version)
    return handling


def renewed(handling: LineHandling) -> None:
    """A new version, also where only the rows beside it have changed."""
    if handling.version == 0:
        handling.version = 1
        db.session().add(handling)
    else:
        flag_modified(handling, "ring_seconds")
    db.session().flush()


def check_has_phone(line: Subscriber) -> None:
    """A group calls nobody and shows no number. Raises NotFound."""
    if line.kind == Kind.GROUP:
        raise NotFound
