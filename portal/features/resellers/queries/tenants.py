from dataclasses import dataclass

from sqlalchemy import and_, null, select

from portal.core import db
from portal.core.errors import NotFound, Refused
from portal.core.phone import Home
from portal.core.tenancy import Scope, Tenant
from portal.features.resellers import rules
from portal.features.resellers.models import Reseller, SipDomain, Status, WebHost


def tenant_by_host(host: str) -> Tenant | None:
    """The tenant that a web host, or else a SIP domain asked for as one, belongs to; in a transaction of its own."""
    alive = Reseller.status != Status.TERMINATED
    by_host = select(Reseller, SipDomain, WebHost.title).join(WebHost, WebHost.reseller_id == Reseller.id)
    by_host = by_host.outerjoin(SipDomain, SipDomain.id == WebHost.domain_id)
    by_host = by_host.where(WebHost.host == host, WebHost.proved_at.is_not(None), alive)
    by_domain = select(Reseller, SipDomain, null()).join(SipDomain, SipDomain.reseller_id == Reseller.id)
    known = SipDomain.domain == host, SipDomain.in_browsers, SipDomain.removed_at.is_(None), alive
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        row = session.execute(by_host).first() or session.execute(by_domain.where(*known)).first()
        return _tenant(row[0], row[1], host, row[2]) if row else None


def _tenant(reseller: Reseller, domain: SipDomain | None, host: str, title: str | None) -> Tenant:
    wanted = tuple(domain.languages if domain else reseller.languages)
    return Tenant(
        reseller_id=reseller.id,
        reseller_name=reseller.name,
        reseller_active=reseller.status == Status.ACTIVE,
        operator=reseller.operator,
        host=host,
        theme=reseller.theme,
        languages=rules.offered(wanted),
        time_zone=domain.time_zone if domain else reseller.time_zone,
        home=Home(domain.cc, domain.ac) if domain else Home("49", "30"),
        domain_id=domain.id if domain else None,
        domain=domain.domain if domain else None,
        title=title,
        theme_version_id=reseller.theme_version_id,
    )


def domain_id(name: str, reseller_id: int) -> int | None:
    """The SIP domain of this name, if it is this reseller's own."""
    own = select(SipDomain.id).where(SipDomain.domain == name, SipDomain.reseller_id == reseller_id)
    return db.session().scalar(own.where(SipDomain.removed_at.is_(None)))


@dataclass(frozen=True)
class HomeHost:
    """Where an account's people find their portal; `languages` are those offered there, the default first."""

    host: str
    theme: str
    reseller_name: str
    languages: tuple[str, ...]
    time_zone: str
    theme_version_id: int | None = None


def home_of(reseller_id: int, domain_id: int | None) -> HomeHost:
    """The host of a SIP domain, else the reseller's first one. One statement."""
    own = [(WebHost.domain_id == domain_id).desc().nulls_last()] if domain_id is not None else []
    row = (
        db.session()
        .execute(
            select(Reseller, WebHost.host, SipDomain)
            .join(WebHost, and_(WebHost.reseller_id == Reseller.id, WebHost.proved_at.is_not(None)), isouter=True)
            .join(SipDomain, SipDomain.id == WebHost.domain_id, isouter=True)
            .where(Reseller.id == reseller_id)
            .order_by(*own, WebHost.id)
            .limit(1),
        )
        .first()
    )
    if row is None:
        raise NotFound
    reseller, host = row[0], row[1]
    domain: SipDomain | None = row[2]
    wanted = domain.languages if domain else reseller.languages
    return HomeHost(
        host=host or (domain.domain if domain else ""),
        theme=reseller.theme,
        reseller_name=reseller.name,
        languages=rules.offered(wanted),
        time_zone=domain.time_zone if domain else reseller.time_zone,
        theme_version_id=reseller.theme_version_id,
    )


def domain_name(domain_id: int) -> str:
    return db.session().scalars(select(SipDomain.domain).where(SipDomain.id == domain_id)).one()


def domains() -> list[SipDomain]:
    return list(db.session().scalars(select(SipDomain).where(SipDomain.removed_at.is_(None)).order_by(SipDomain.domain)))


def resellers() -> list[Reseller]:
    return list(db.session().scalars(select(Reseller).where(Reseller.status != Status.TERMINATED).order_by(Reseller.name)))


def hosts(reseller_id: int) -> list[str]:
    """The web addresses where a reseller answers, the first one first."""
    answering = select(WebHost.host).where(WebHost.reseller_id == reseller_id, WebHost.proved_at.is_not(None))
    return list(db.session().scalars(answering.order_by(WebHost.id)))


def hold_open(reseller_id: int) -> None:
    """Kept as it is until the end of the transaction. Raises Refused when the reseller is locked or has ended."""
    held = select(Reseller.status).where(Reseller.id == reseller_id).with_for_update(read=True)
    if db.session().scalar(held) != Status.ACTIVE:
        raise Refused("reseller-closed")
