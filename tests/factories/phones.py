"""Telephones that are signed in, written as the switch writes them."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core import db, ids
from portal.core.ids import PublicId
from portal.features.subscribers.models import Subscriber

USUAL = "Yealink SIP-T46S 66.86.0.15"


def signs_in(
    line: Subscriber,
    user_agent: str = USUAL,
    *,
    heard: str | None = "sip:203.0.113.9:5062;transport=tls",
    instance: str | None = None,
    lasting: timedelta = timedelta(hours=1),
) -> PublicId:
    """`heard`: where from, when that is not what the phone says of itself."""
    session = db.session()
    session.flush()
    role = session.scalar(text("SELECT current_user"))
    session.execute(text("SET LOCAL ROLE portal_owner"))
    found = session.execute(
        text(
            "INSERT INTO kamailio.location"
            " (ruid, username, domain, contact, received, expires, last_modified, user_agent, socket, instance)"
            " SELECT :ruid, username, domain, 'sip:' || username || '@192.168.1.20:5060', :heard,"
            " timezone('UTC', clock_timestamp()) + :lasting, timezone('UTC', clock_timestamp()), :user_agent,"
            " 'udp:192.0.2.1:5060', :instance"
            " FROM subscriber JOIN sip_domain ON sip_domain.id = domain_id WHERE subscriber.id = :line RETURNING public_id"
        ),
        {
            "ruid": ids.new(),
            "heard": heard,
            "lasting": lasting,
            "user_agent": user_agent,
            "instance": instance,
            "line": line.id,
        },
    ).scalar_one()
    session.execute(text(f"SET LOCAL ROLE {role}"))
    return PublicId(str(found))


def nothing_told(session: Session) -> None:
    """As if whoever is told of new phones had been told."""
    role = session.scalar(text("SELECT current_user"))
    session.execute(text("SET LOCAL ROLE portal_owner"))
    session.execute(text("DELETE FROM job WHERE kind = 'device-new'"))
    session.execute(text(f"SET LOCAL ROLE {role}"))
