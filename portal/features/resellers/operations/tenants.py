"""Bringing a tenant to life: the reseller, its SIP domains, its web hosts."""

from collections.abc import Sequence

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.features.resellers import rules
from portal.features.resellers.models import Reseller, SipDomain, WebHost


def create_reseller(
    *, by: Identity, name: str, theme: str, languages: Sequence[str], time_zone: str, operator: bool = False,
) -> Reseller:
    reseller = Reseller(name=name, theme=theme, languages=list(languages), time_zone=time_zone, operator=operator)
    db.session().add(reseller)
    db.session().flush()
    audit.record(Event.RESELLER_CREATED, by=by, subject=reseller.public_id, label=name, reseller_id=reseller.id)
    return reseller


def add_domain(
    *, by: Identity, reseller: Reseller, domain: str, languages: Sequence[str], time_zone: str, cc: str, ac: str,
) -> SipDomain:
    """A SIP domain with what its subscribers start with; `cc` and `ac` say where a number without them belongs."""
    added = SipDomain(
        reseller_id=reseller.id,
        domain=rules.host_name(domain, field="domain", longest=rules.LONGEST_DOMAIN),
        languages=list(languages),
        time_zone=time_zone,
        cc=cc,
        ac=ac,
    )
    db.session().add(added)
    db.session().flush()
    audit.record(Event.DOMAIN_ADDED, by=by, subject=added.public_id, label=added.domain, reseller_id=reseller.id)
    return added


def add_host(
    *, by: Identity, reseller: Reseller, host: str, domain: SipDomain | None = None, title: str | None = None,
) -> WebHost:
    """A web host; tied to a SIP domain, bare user names are of that domain. `title`: whose telephone system it is for.

    It answers once its owner is proved; for what the operator of the platform adds, that is not asked.
    """
    added = WebHost(
        reseller_id=reseller.id,
        host=rules.host_name(host, field="host"),
        domain_id=domain.id if domain else None,
        title=title,
        proved_at=clock.now() if by.role in {None, Role.OPERATOR} else None,
    )
    db.session().add(added)
    db.session().flush()
    audit.record(Event.HOST_ADDED, by=by, label=added.host, reseller_id=reseller.id)
    return added
