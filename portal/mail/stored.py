"""Own words for mails, as they are kept."""

from sqlalchemy import select

from portal.core import db
from portal.mail.composing import Words
from portal.mail.models import MailTemplate


def own_words(reseller_id: int, kind: str, language: str) -> Words | None:
    """None where the usual words stand. One statement."""
    own = MailTemplate.reseller_id == reseller_id, MailTemplate.kind == kind, MailTemplate.language == language
    row = db.session().execute(select(MailTemplate.subject, MailTemplate.body).where(*own)).first()
    return Words(row.subject, row.body) if row else None
