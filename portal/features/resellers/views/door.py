"""The blueprint, and what all its pages share."""

from typing import Any

from flask import Blueprint, current_app

from portal.core import i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.audit import queries as audit_queries, rules as audit
from portal.features.resellers import queries, rules
from portal.features.resellers.models import Reseller
from portal.features.resellers.operations import Watch
from portal.web.session import me
from portal.web.tenant import tenant

bp = Blueprint("resellers", __name__, template_folder="../templates")
LATEST = 5


def watch() -> Watch:
    found: Watch = current_app.extensions["dns"]
    return found


def own_reseller() -> Reseller:
    """For whom new things are made: staff have one, the operator the platform's."""
    own = me().reseller_id
    if own is None:
        raise NotFound
    return queries.reseller(own)


def history(subject: PublicId, *, beside: bool) -> dict[str, Any]:
    """What was changed last, beside a page."""
    if not beside:
        return {"history": None, "changes": 0}
    found = audit_queries.history([subject], LATEST)
    told = audit.told(found.entries, reader=me().public_id, home_cc=tenant().home.cc)
    return {"history": told, "changes": found.total}


def words() -> dict[str, Any]:
    """What templates of this feature say things with."""
    return {"readable": rules.readable, "language_name": i18n.language_name, "restrictions": rules.RESTRICTIONS}
