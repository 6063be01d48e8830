"""Mails, and what became of them. What they say is not read here but for the mailbox of the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, distinct, func, or_, select
from sqlalchemy.orm import aliased, defer

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.resellers.models import Reseller
from portal.mail.models import Mail, State

_THERE, _LATER = aliased(Mail), aliased(Mail)
SETTLED = (State.SENT, State.REFUSED, State.BOUNCED)
BACK = (State.REFUSED, State.BOUNCED)
SHOWN_IN_MAILBOX = 100
_address = func.lower(Mail.recipient)
_troubled = or_(Mail.state.in_(BACK), and_(Mail.state == State.QUEUED, Mail.tries > 0))


@dataclass(frozen=True)
class Asked:
    """`words`: what the address begins with. The page goes on behind (`after`) or before (`before`) a mail of the list."""

    words: str = ""
    troubled: bool = False
    after: PublicId | None = None
    before: PublicId | None = None


@dataclass(frozen=True)
class ListedMail:
    """`repeatable`: it is in trouble, and what it says is still there."""

    public_id: PublicId
    kind: str
    recipient: str
    state: str
    tries: int
    trouble: str | None
    created_at: datetime
    settled_at: datetime | None
    reseller: str
    repeatable: bool


@dataclass(frozen=True)
class Page:
    """`newer` and `older` say whether the list goes on before and behind these mails."""

    mails: Sequence[ListedMail]
    newer: bool
    older: bool


def mails(asked: Asked, size: int) -> Page:
    """Newest first. One statement; a second one when somebody goes back to the beginning."""
    back = asked.before is not None
    found = _listed(asked, size + 1)
    more, found = len(found) > size, found[:size]
    if (back and not more) or (asked.after and not found):
        return mails(Asked(asked.words, asked.troubled), size)
    if back:
        return Page(found[::-1], newer=True, older=True)
    return Page(found, newer=asked.after is not None, older=more)


def _listed(asked: Asked, most: int) -> list[ListedMail]:
    wanted: Select[*tuple[Any, ...]] = (
        select(
            Mail.public_id,
            Mail.kind,
            Mail.recipient,
            Mail.state,
            Mail.tries,
            Mail.trouble,
            Mail.created_at,
            Mail.settled_at,
            Reseller.name,
            and_(_troubled, Mail.content.is_not(None)),
        )
        .join(Reseller, Reseller.id == Mail.reseller_id)
        .where(*_conditions(asked))
        .order_by(Mail.id.asc() if asked.before else Mail.id.desc())
        .limit(most)
    )
    return [ListedMail(*row) for row in db.session().execute(wanted)]


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [_troubled] if asked.troubled else []
    if asked.words:
        wanted.append(_address.startswith(asked.words.lower(), autoescape=True))
    if asked.before:
        wanted.append(Mail.id > _place(asked.before))
    elif asked.after:
        wanted.append(Mail.id < _place(asked.after))
    return wanted


def _place(public_id: PublicId) -> ColumnElement[int]:
    return select(_THERE.id).where(_THERE.public_id == public_id).scalar_subquery()


def mail(public_id: PublicId) -> Mail:
    """Raises NotFound."""
    wanted = select(Mail).where(Mail.public_id == public_id).options(defer(Mail.content))
    found = db.session().scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def has_content(mail: Mail) -> bool:
    """Whether it is still known what the mail says."""
    return bool(db.session().scalar(select(Mail.content.is_not(None)).where(Mail.id == mail.id)))


def troubled_count() -> int:
    """How many addresses give mails back, and have taken none since. One statement."""
    arrived = (
        select(_LATER.id)
        .where(_LATER.reseller_id == Mail.reseller_id, func.lower(_LATER.recipient) == _address)
        .where(_LATER.id > Mail.id, _LATER.state == State.SENT)
        .exists()
    )
    wanted = select(func.count(distinct(_address))).where(_troubled, Mail.state.in_(BACK), ~arrived)
    return db.session().scalar(wanted) or 0


def returned(address: str) -> Mail | None:
    """The newest mail to this address of which it is known what became, if it did not arrive. One statement."""
    wanted = select(Mail).where(_address == address.lower(), Mail.state.in_(SETTLED)).options(defer(Mail.content))
    newest_settled = db.session().scalars(wanted.order_by(Mail.id.desc()).limit(1)).first()
    return newest_settled if newest_settled is not None and newest_settled.state in BACK else None


# --- the mailbox of the demo ------------------------------------------------------------------------------------------------


def newest() -> Sequence[Mail]:
    wanted = select(Mail).options(defer(Mail.content)).order_by(Mail.id.desc())
    return db.session().scalars(wanted.limit(SHOWN_IN_MAILBOX)).all()


def opened(public_id: PublicId) -> Mail:
    """With what it says. Raises NotFound."""
    found = db.session().scalars(select(Mail).where(Mail.public_id == public_id)).first()
    if found is None:
        raise NotFound
    return found
