"""Sends what was queued: once, as far as SMTP can tell, and never not at all."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select, update

from portal.core import clock, db
from portal.core.ids import PublicId
from portal.core.outbox import Handler
from portal.core.sealed import Unsealed
from portal.core.tenancy import Scope
from portal.gateways.smtp import Letter, NotNow, Outgoing, RefusedForGood
from portal.mail.models import Mail, State

Give = Callable[[Mail], None]


def handler(outgoing: Outgoing | None, *, keep: bool = False) -> Handler:
    """What the worker does with a queued mail.

    Without a mail server it waits for one, or, with `keep`, counts as kept. A job delivered twice sends once; only a worker that
    dies between the mail server's yes and the commit makes another send the same mail, with the same Message-ID, again.
    """
    give = _sending(outgoing) if outgoing else _keep if keep else _wait

    def deliver(payload: Mapping[str, Any]) -> None:
        public_id = PublicId(payload["mail"])
        try:
            with db.session().begin_nested():  # gives the mail's row back before its trouble is noted
                _deliver(public_id, give)
        except NotNow as trouble:
            _note(public_id, trouble)
            raise

    return deliver


def _deliver(public_id: PublicId, give: Give) -> None:
    # Whoever holds the row has it for a moment only, and may leave the mail as it is: the job is tried again, not left out.
    queued = select(Mail).where(Mail.public_id == public_id, Mail.state == State.QUEUED).with_for_update(nowait=True)
    try:
        mail = db.session().scalars(queued).first()
    except Unsealed as error:
        raise NotNow("sealed") from error
    if mail is not None:
        give(mail)
        mail.settled_at = clock.now()
        db.session().flush()


def _sending(outgoing: Outgoing) -> Give:
    def send(mail: Mail) -> None:
        try:
            outgoing.send(_letter(mail))
        except RefusedForGood as trouble:  # what it says stays: it can be sent again, once the mailbox is there
            mail.state, mail.trouble = State.REFUSED.value, str(trouble)
        else:
            mail.state, mail.trouble, mail.content = State.SENT.value, None, None

    return send


def _keep(mail: Mail) -> None:
    mail.state = State.KEPT.value


def _wait(_mail: Mail) -> None:
    raise NotNow("unset")


def _letter(mail: Mail) -> Letter:
    content = json.loads(mail.content or "{}")
    return Letter(
        message_id=mail.message_id,
        sender=mail.sender,
        recipient=mail.recipient,
        reply_to=mail.reply_to,
        subject=mail.subject,
        text=content["text"],
        html=content["html"],
        language=mail.language,
        written_at=mail.created_at,
    )


def _note(public_id: PublicId, trouble: NotNow) -> None:
    """In a transaction of its own: with the job, everything else is taken back."""
    tried = update(Mail).where(Mail.public_id == public_id).values(tries=Mail.tries + 1, trouble=str(trouble))
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(tried)
