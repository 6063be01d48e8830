"""Queues a mail in the transaction that causes it."""

import hashlib
import json
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from portal.core import clock, db, outbox
from portal.mail.composing import Written, compose
from portal.mail.letterhead import Letterhead, Recipient
from portal.mail.models import Mail, State
from portal.mail.stored import own_words

JOB = "mail"


def post(folder: str, *, cause: str, letterhead: Letterhead, to: Recipient, **facts: Any) -> bool:
    """Writes a mail, in the reseller's own words if it has some, and queues it.

    `cause` names what it is written for: False when that was told already.
    """
    words = own_words(to.reseller_id, folder.rpartition("/")[2], to.language)
    written = compose(folder, letterhead=letterhead, to=to, words=words, **facts)
    return send(folder, written, cause=cause, letterhead=letterhead, to=to)


def send(folder: str, written: Written, *, cause: str, letterhead: Letterhead, to: Recipient) -> bool:
    """Queues what is written already. False when that was told before."""
    row = {
        "reseller_id": to.reseller_id,
        "customer_id": to.customer_id,
        "account": to.account,
        "kind": folder.rpartition("/")[2],
        "cause": cause,
        "message_id": message_id(cause, letterhead.host),
        "recipient": to.address,
        "sender": letterhead.sender,
        "reply_to": letterhead.support_mail or None,
        "language": to.language,
        "subject": written.subject,
        "content": json.dumps({"text": written.text, "html": written.html}),
        "state": State.QUEUED.value,
        "created_at": clock.now(),
    }
    new = insert(Mail).values(row).on_conflict_do_nothing(index_elements=["cause"]).returning(Mail.public_id)
    public_id = db.session().scalar(new)
    if public_id is None:
        return False
    outbox.enqueue(JOB, {"mail": public_id})
    return True


def repeat(mail: Mail) -> None:
    """Queues a mail that did not arrive once more. One that is on its way already is left to whoever delivers it, now."""
    if mail.state != State.QUEUED:
        mail.state, mail.settled_at, mail.trouble = State.QUEUED.value, None, None
    outbox.enqueue(JOB, {"mail": mail.public_id})


def message_id(cause: str, host: str) -> str:
    """The same for the same cause: a mail that has to be sent again is the same mail."""
    return f"<{hashlib.sha256(cause.encode()).hexdigest()[:32]}@{host}>"
