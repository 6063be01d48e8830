"""What intake has to know: which lines are ours, and which legs were taken before."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, SmallInteger, Text, any_, column, func, literal, select

from portal.core import db
from portal.core.phone import Home
from portal.features.calls.models import KnownLeg
from portal.features.calls.rules.legs import Address
from portal.features.calls.rules.sides import Line
from portal.features.numbers.models import Number
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Status, Subscriber

LegKey = tuple[str, int]
Extension = tuple[int, str]  # of a customer


def homes() -> dict[str, Home]:
    """What a number without a country or area code means in each SIP domain."""
    rows = db.session().execute(select(SipDomain.domain, SipDomain.cc, SipDomain.ac).where(SipDomain.removed_at.is_(None)))
    return {domain: Home(cc, ac) for domain, cc, ac in rows}


def known_legs(keys: Collection[LegKey]) -> dict[LegKey, datetime]:
    """Those of the legs that were taken before, and when they began."""
    asked = func.unnest(
        _texts(call_id for call_id, _leg in keys),
        literal([leg for _call_id, leg in keys], ARRAY(SmallInteger)),
    ).table_valued(column("call_id", Text), column("leg", SmallInteger)).render_derived()
    found = (
        select(KnownLeg.start_time)
        .where(KnownLeg.call_id == asked.c.call_id, KnownLeg.leg == asked.c.leg)
        .limit(1)
        .lateral("found")
    )
    rows = db.session().execute(select(asked.c.call_id, asked.c.leg, found.c.start_time).join(found, literal(True)))
    return {(call_id, leg): start_time for call_id, leg, start_time in rows}


def lines(addresses: Collection[Address], domains: Collection[str]) -> dict[Address, Line]:
    """The lines at these addresses: by SIP user, by extension, by number; one that is gone when there is no other.

    `domains`: the SIP domains that are ours; a number at another one is not our line.
    """
    ours = [address for address in addresses if address.domain in domains]
    numbered = [address for address in addresses if address.digits and (not address.domain or address.domain in domains)]
    found = _by_user(ours, gone=True)
    found |= _by_number(numbered)
    found |= _by_extension(ours)
    return found | _by_user(ours, gone=False)


def _texts(values: Iterable[str]) -> ColumnElement[list[str]]:
    return literal(list(values), ARRAY(Text))


def _by_user(addresses: Collection[Address], *, gone: bool) -> dict[Address, Line]:
    asked = func.unnest(
        _texts(address.user for address in addresses), _texts(address.domain for address in addresses),
    ).table_valued(column("username", Text), column("domain", Text)).render_derived()
    rows = db.session().execute(
        select(asked.c.username, asked.c.domain, *_LINE)
        .join(SipDomain, (SipDomain.domain == asked.c.domain) & SipDomain.removed_at.is_(None))
        .join(Subscriber, (Subscriber.domain_id == SipDomain.id) & (Subscriber.username == asked.c.username))
        .where((Subscriber.status == Status.TERMINATED) if gone else (Subscriber.status != Status.TERMINATED))
        .order_by(Subscriber.id),
    )
    at = {(user, domain): _line(*line) for user, domain, *line in rows}
    return {address: at[address[:2]] for address in addresses if address[:2] in at}


def _by_extension(addresses: Collection[Address]) -> dict[Address, Line]:
    """In a domain that several customers share, an extension may say too little."""
    wanted = [address for address in addresses if address.user.isdecimal()]
    rows = db.session().execute(
        select(Subscriber.extension, SipDomain.domain, *_LINE)
        .join(SipDomain, SipDomain.id == Subscriber.domain_id)
        .where(
            SipDomain.domain == any_(_texts({address.domain for address in wanted})),
            SipDomain.removed_at.is_(None),
            Subscriber.extension == any_(_texts({address.user for address in wanted})),
            Subscriber.status != Status.TERMINATED,
        ),
    )
    at: dict[tuple[str | None, str], list[Line]] = {}
    for extension, domain, *line in rows:
        at.setdefault((extension, domain), []).append(_line(*line))
    return {address: at[address[:2]][0] for address in wanted if len(at.get(address[:2], ())) == 1}


def colleagues(extensions: Collection[Extension]) -> dict[Extension, Line]:
    """The lines that customers have at these extensions."""
    keys = {customer_id for customer_id, _extension in extensions}
    rows = db.session().execute(
        select(*_LINE).where(
            Subscriber.customer_id == any_(literal(list(keys), ARRAY(Integer))),
            Subscriber.extension == any_(_texts({extension for _key, extension in extensions})),
            Subscriber.status != Status.TERMINATED,
        ),
    )
    return {(line.customer_id, line.label): line for line in (_line(*row) for row in rows)}


def _by_number(addresses: Collection[Address]) -> dict[Address, Line]:
    rows = db.session().execute(
        select(Number.digits, *_LINE)
        .join(Subscriber, Subscriber.id == Number.subscriber_id)
        .where(Number.digits == any_(_texts({address.digits for address in addresses if address.digits}))),
    )
    at = {digits: _line(*line) for digits, *line in rows}
    return {address: at[address.digits] for address in addresses if address.digits in at}


_LINE = (Subscriber.reseller_id, Subscriber.customer_id, Subscriber.id, func.coalesce(Subscriber.extension, Subscriber.username))


def _line(*columns: Any) -> Line:
    return Line(*columns)
