"""Bringing a tenant to life."""

from collections.abc import Sequence

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.resellers.models import Reseller


def create_reseller(
    *,
    by: Identity,
    name: str,
    theme: str,
    languages: Sequence[str],
    time_zone: str,
    operator: bool = False,
) -> Reseller:
    reseller = Reseller(name=name, theme=theme, languages=list(languages), time_zone=time_zone, operator=operator)
    db.session().add(reseller)
    db.session().flush()
    audit.record(Event.RESELLER_CREATED, by=by, subject=reseller.public_id, label=name, reseller_id=reseller.id)
    return reseller
