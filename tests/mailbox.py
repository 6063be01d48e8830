"""What was written by mail, as its receivers read it."""

import json
import re
from dataclasses import dataclass

from sqlalchemy import select

from portal.core import db
from portal.core.tenancy import Scope
from portal.mail.models import Mail


@dataclass(frozen=True)
class Read:
    kind: str
    to: str
    subject: str
    text: str
    html: str
    language: str

    @property
    def link(self) -> str:
        """The one address in the text that the person is to follow."""
        found: list[str] = re.findall(r"https?://\S+", self.text)
        return found[0]

    @property
    def path(self) -> str:
        return "/" + self.link.partition("://")[2].partition("/")[2]


def mails(kind: str | None = None) -> list[Read]:
    """All that were written, the oldest first; of one kind, if that is said."""
    with db.unit_of_work(Scope.platform()) as session:
        wanted = select(Mail).order_by(Mail.id)
        found = session.scalars(wanted.where(Mail.kind == kind) if kind else wanted).all()
        return [_read(mail) for mail in found]


def _read(mail: Mail) -> Read:
    content = json.loads(mail.content or "{}")
    return Read(mail.kind, mail.recipient, mail.subject, content.get("text", ""), content.get("html", ""), mail.language)
