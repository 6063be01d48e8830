"""Own words for mails: which there are, and whose addresses their links may lead to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.core import db, i18n
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from portal.mail.models import MailTemplate


@dataclass(frozen=True)
class Spoken:
    """Of one reseller: the languages of its mails, the default first, and the hosts at which its people sign in."""

    languages: Sequence[str]
    hosts: Sequence[str]


def spoken(reseller_id: int) -> Spoken:
    """One statement."""
    there = SipDomain.reseller_id == reseller_id, SipDomain.removed_at.is_(None)
    domains = select(func.array_agg(func.array_to_string(SipDomain.languages, " "))).where(*there)
    proved = WebHost.reseller_id == reseller_id, WebHost.proved_at.is_not(None)
    hosts = select(func.array_agg(WebHost.host)).where(*proved)
    wanted = select(Reseller.languages, domains.scalar_subquery(), hosts.scalar_subquery()).where(Reseller.id == reseller_id)
    own, more, found = db.session().execute(wanted).one()
    every = dict.fromkeys([*own, *(one for words in more or () for one in words.split())])
    offered = [one for one in every if one in i18n.available()]
    return Spoken(offered or [i18n.SOURCE_LANGUAGE], sorted(found or ()))


def changed_mails(reseller_id: int) -> Mapping[str, list[str]]:
    """Kind -> the languages with own words. One statement."""
    rows = db.session().execute(
        select(MailTemplate.kind, func.array_agg(MailTemplate.language))
        .where(MailTemplate.reseller_id == reseller_id)
        .group_by(MailTemplate.kind)
    )
    return {kind: sorted(languages) for kind, languages in rows}


def mail_template(reseller_id: int, kind: str, language: str, *, hold: bool = False) -> MailTemplate | None:
    """As stored now; None where the usual words stand. `hold`: kept from others until the end of the transaction."""
    own = MailTemplate.reseller_id == reseller_id, MailTemplate.kind == kind, MailTemplate.language == language
    wanted = select(MailTemplate).where(*own)
    wanted = wanted.with_for_update() if hold else wanted
    return db.session().scalars(wanted, execution_options={"populate_existing": True}).first()
