"""A reseller's own words for its mails."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.features.accounts import queries as accounts
from portal.features.accounts.models import Account
from portal.features.contacts import mails, queries, rules
from portal.mail import own
from portal.mail.composing import Words
from portal.mail.models import MailTemplate

NEW = 0  # the version of what nobody has stored yet
MOST_TRIES = 10  # test mails of a kind an hour, to one person


def check_mail(*, reseller_id: int, kind: str, words: Words) -> None:
    """Raises Refused at the field “subject” or “body”."""
    own.check(kind, words.subject, words.body, queries.spoken(reseller_id).hosts)


def change_mail(*, by: Identity, reseller_id: int, kind: str, language: str, version: int, words: Words) -> MailTemplate:
    """Raises Refused at the field “subject” or “body”, and Conflict."""
    check_mail(reseller_id=reseller_id, kind=kind, words=words)
    stored = queries.mail_template(reseller_id, kind, language, hold=True)
    if stored is None:
        row = {"reseller_id": reseller_id, "kind": kind, "language": language, "by_name": by.name}
        stored = _made(row, version, words)
    elif stored.version != version:
        raise Conflict(stored.version)
    elif (stored.subject, stored.body) == (words.subject, words.body):
        return stored
    else:
        stored.subject, stored.body, stored.by_name, stored.changed_at = words.subject, words.body, by.name, clock.now()
        db.session().flush()
    _record(Event.MAIL_TEMPLATE_CHANGED, by, reseller_id, kind, language)
    return stored


def _made(row: dict[str, Any], version: int, words: Words) -> MailTemplate:
    if version != NEW:
        raise Conflict(NEW)
    text = {"subject": words.subject, "body": words.body, "changed_at": clock.now(), "version": 1}
    made = db.session().scalar(insert(MailTemplate).values(row | text).on_conflict_do_nothing().returning(MailTemplate.id))
    stored = queries.mail_template(row["reseller_id"], row["kind"], row["language"])
    if made is None or stored is None:
        raise Conflict(stored.version if stored else NEW)
    return stored


def reset_mail(*, by: Identity, reseller_id: int, kind: str, language: str) -> None:
    """Back to the usual words."""
    stored = queries.mail_template(reseller_id, kind, language, hold=True)
    if stored is None:
        raise Refused("mail-not-own")
    db.session().delete(stored)
    db.session().flush()
    _record(Event.MAIL_TEMPLATE_RESET, by, reseller_id, kind, language)


def try_mail(*, by: Identity, account: Account, kind: str, language: str, words: Words | None) -> str:
    """Sends a mail as it would be to whoever tries it. Says where it went. `words`: None for the usual ones."""
    if words is not None:
        check_mail(reseller_id=account.reseller_id, kind=kind, words=words)
    address = accounts.mail_address(account.id)
    if address is None:
        raise Refused("mail-no-address")
    if accounts.mails_since_an_hour(account, kind) >= MOST_TRIES:
        raise Refused("mail-tried-often")
    mails.tried(mails.sample(account, kind, language, by.address), words)
    return address


def _record(event: Event, by: Identity, reseller_id: int, kind: str, language: str) -> None:
    label = rules.kind_words(kind)
    audit.record(event, by=by, label=label, reseller_id=reseller_id, mail=kind, language=language)
