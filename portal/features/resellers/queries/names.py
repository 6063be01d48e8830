"""SIP domains and web hosts as their provider sees them; the operator sees everybody's."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import aliased

from portal.core import db, places
from portal.core.errors import NotFound, Refused
from portal.core.ids import PublicId
from portal.core.leaves import Beside, begins
from portal.core.places import Page
from portal.features.resellers.models import Reseller, SipDomain, WebHost

_living = SipDomain.removed_at.is_(None)


@dataclass(frozen=True)
class ListedDomain:
    id: int
    public_id: PublicId
    domain: str
    languages: Sequence[str]
    points: str | None
    reseller: str


@dataclass(frozen=True)
class ListedHost:
    public_id: PublicId
    host: str
    title: str | None
    domain: str | None
    proved_at: datetime | None
    gone_at: datetime | None
    points: str | None
    reseller: str


@dataclass(frozen=True)
class DomainSheet:
    """A SIP domain with all that its page says; `lines` live in it."""

    domain: SipDomain
    reseller: Reseller
    hosts: Sequence[WebHost]
    lines: int


@dataclass(frozen=True)
class HostSheet:
    """A web host; `siblings` are the other proved hosts of its provider."""

    host: WebHost
    domain: SipDomain | None
    reseller: Reseller
    siblings: int


# --- what features above know of a domain ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Users:
    """`lines`: how many live in each of these domains; `speakers`: how many of a provider, or in a domain, chose a language."""

    lines: Callable[[Collection[int]], Mapping[int, int]]
    speakers: Callable[[int, int | None], Mapping[str, int]]


_users: list[Users] = []


def install_users(users: Users) -> None:
    _users[:] = [users]


def lines_in(domain_ids: Collection[int]) -> Mapping[int, int]:
    return _users[0].lines(domain_ids) if domain_ids else {}


def speakers(reseller_id: int, domain_id: int | None = None) -> Mapping[str, int]:
    """How many people have chosen each language for themselves. One statement."""
    return _users[0].speakers(reseller_id, domain_id)


Reader = Callable[[Beside | None, int], Sequence[Any]]


# --- lists ----------------------------------------------------------------------------------------------------------------


def domain_page(words: str, *, size: int, place: Beside | None = None) -> Page[ListedDomain]:
    """By name. One statement, two where the list begins anew."""
    wanted = select(
        SipDomain.id, SipDomain.public_id, SipDomain.domain, SipDomain.languages, SipDomain.points, Reseller.name
    ).join(Reseller, Reseller.id == SipDomain.reseller_id)
    found = wanted.where(_living, *_begins(SipDomain.domain, words))
    return places.page(_reader(ListedDomain, found, SipDomain, SipDomain.domain), place, size)


def host_page(words: str, *, size: int, place: Beside | None = None) -> Page[ListedHost]:
    """By name. One statement, two where the list begins anew."""
    wanted = select(
        WebHost.public_id,
        WebHost.host,
        WebHost.title,
        SipDomain.domain,
        WebHost.proved_at,
        WebHost.gone_at,
        WebHost.points,
        Reseller.name,
    ).join(Reseller, Reseller.id == WebHost.reseller_id)
    found = wanted.outerjoin(SipDomain, SipDomain.id == WebHost.domain_id).where(*_begins(WebHost.host, words))
    return places.page(_reader(ListedHost, found, WebHost, WebHost.host), place, size)


def _reader(kind: Callable[..., Any], found: Select[*tuple[Any, ...]], table: Any, name: Any) -> Reader:
    def read(place: Beside | None, size: int) -> list[Any]:
        back = place is not None and place.back
        wanted, key = found, tuple_(name, table.id)
        if place is not None:
            at = select(name, table.id).where(table.public_id == place.public_id).subquery()
            here = tuple_(select(at.c[0]).scalar_subquery(), select(at.c.id).scalar_subquery())
            wanted = wanted.where(key < here if back else key > here)
        order = [column.desc() if back else column for column in (name, table.id)]
        return [kind(*row) for row in db.session().execute(wanted.order_by(*order).limit(size))]

    return read


def _begins(name: Any, words: str) -> list[ColumnElement[bool]]:
    typed = words.strip().lower()
    return [begins(name, typed)] if typed else []


# --- one of them ----------------------------------------------------------------------------------------------------------


def domain(public_id: PublicId) -> SipDomain:
    """As it is stored now. Raises NotFound."""
    wanted = select(SipDomain).where(SipDomain.public_id == public_id, _living)
    found = db.session().scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def domain_sheet(public_id: PublicId) -> DomainSheet:
    """Three statements. Raises NotFound."""
    fresh = select(SipDomain, Reseller).join(Reseller, Reseller.id == SipDomain.reseller_id)
    row = (
        db.session()
        .execute(fresh.where(SipDomain.public_id == public_id, _living).execution_options(populate_existing=True))
        .first()
    )
    if row is None:
        raise NotFound
    hosts = db.session().scalars(select(WebHost).where(WebHost.domain_id == row[0].id).order_by(WebHost.host)).all()
    return DomainSheet(row[0], row[1], hosts, lines_in([row[0].id]).get(row[0].id, 0))


def host(public_id: PublicId) -> WebHost:
    """Raises NotFound."""
    found = db.session().scalar(select(WebHost).where(WebHost.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def host_sheet(public_id: PublicId) -> HostSheet:
    """One statement. Raises NotFound."""
    others = aliased(WebHost)
    siblings = select(func.count()).where(
        others.reseller_id == WebHost.reseller_id, others.proved_at.is_not(None), others.id != WebHost.id
    )
    wanted = (
        select(WebHost, SipDomain, Reseller, siblings.correlate(WebHost).scalar_subquery())
        .join(Reseller, Reseller.id == WebHost.reseller_id)
        .outerjoin(SipDomain, SipDomain.id == WebHost.domain_id)
        .where(WebHost.public_id == public_id)
    )
    row = db.session().execute(wanted.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound
    return HostSheet(*row)


def reseller(reseller_id: int) -> Reseller:
    """Raises NotFound."""
    wanted = select(Reseller).where(Reseller.id == reseller_id).execution_options(populate_existing=True)
    found = db.session().scalar(wanted)
    if found is None:
        raise NotFound
    return found


def domains_of(reseller_id: int, *, most: int) -> Sequence[SipDomain]:
    """The first of a provider's SIP domains, by name."""
    own = select(SipDomain).where(SipDomain.reseller_id == reseller_id, _living)
    return db.session().scalars(own.order_by(SipDomain.domain).limit(most)).all()


def domains_that_speak(reseller_id: int, languages: Collection[str]) -> Sequence[SipDomain]:
    """Those of a provider that offer one of these languages, held."""
    own = select(SipDomain).where(SipDomain.reseller_id == reseller_id, _living, SipDomain.languages.overlap(list(languages)))
    return db.session().scalars(own.order_by(SipDomain.id).with_for_update()).all()


# --- for those who write --------------------------------------------------------------------------------------------------


def elsewhere(name: str, reseller_id: int, *, as_domain: bool) -> bool:
    """Whether somebody else has this name; it is not said who."""
    return bool(db.session().scalar(select(func.name_elsewhere(name, reseller_id, as_domain))))


def own_domain(domain: SipDomain | None, reseller_id: int) -> int | None:
    """The key of a domain to be tied to something of this provider, kept from being removed meanwhile.

    Raises Refused when it is gone, or somebody else's.
    """
    if domain is None:
        return None
    own = SipDomain.id == domain.id, SipDomain.reseller_id == reseller_id, _living
    key = db.session().scalar(select(SipDomain.id).where(*own).with_for_update(read=True, key_share=True))
    if key is None:
        raise Refused("domain-gone", field="domain")
    return key


def has_domain(name: str, reseller_id: int) -> bool:
    wanted = select(SipDomain.id).where(SipDomain.reseller_id == reseller_id, SipDomain.domain == name, _living)
    return db.session().scalar(wanted) is not None


def has_host(name: str, reseller_id: int) -> bool:
    wanted = select(WebHost.id).where(WebHost.reseller_id == reseller_id, WebHost.host == name)
    return db.session().scalar(wanted) is not None


def hold_domain(domain_id: int) -> SipDomain:
    """Fresh, and kept as it is until the end of the transaction. Raises NotFound."""
    wanted = select(SipDomain).where(SipDomain.id == domain_id, _living).with_for_update()
    found = db.session().scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def hold_host(host_id: int) -> WebHost:
    """As hold_domain."""
    wanted = select(WebHost).where(WebHost.id == host_id).with_for_update()
    found = db.session().scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def hosts_of(domain_id: int) -> Sequence[WebHost]:
    """Held."""
    return db.session().scalars(select(WebHost).where(WebHost.domain_id == domain_id).with_for_update()).all()


def hold_reseller(reseller_id: int) -> Reseller:
    """As hold_domain."""
    wanted = select(Reseller).where(Reseller.id == reseller_id).with_for_update()
    found = db.session().scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found
