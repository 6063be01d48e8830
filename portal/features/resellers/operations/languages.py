"""The languages of a provider."""

from collections.abc import Sequence

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.errors import Conflict
from portal.core.identity import Identity
from portal.features.resellers import queries, rules
from portal.features.resellers.models import Reseller


def change_reseller_languages(*, by: Identity, reseller: Reseller, version: int, languages: Sequence[str]) -> Reseller:
    """Which languages a provider allows, the default first. What it no longer allows, its SIP domains no longer offer."""
    reseller = queries.hold_reseller(reseller.id)
    if reseller.version != version:
        raise Conflict(reseller.version)
    was = list(reseller.languages)
    now = rules.check_languages(languages, kept=was)
    if now == was:
        return reseller
    reseller.languages = now
    narrowed = queries.domains_that_speak(reseller.id, [one for one in was if one not in now])
    for domain in narrowed:
        domain.languages = [one for one in domain.languages if one in now] or now[:1]
    names = [rules.readable(domain.domain) for domain in narrowed]
    audit.record(
        Event.LANGUAGES_CHANGED,
        by=by,
        subject=reseller.public_id,
        label=reseller.name,
        reseller_id=reseller.id,
        languages=(was, now),
        domains=names,
    )
    db.session().flush()
    return reseller
