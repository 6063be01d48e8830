"""The blueprint, and what all its pages share."""

from collections.abc import Sequence

from flask import Blueprint

from portal.core.audit import AuditEntry
from portal.features.audit import rules as audit
from portal.web.nav import within as within
from portal.web.session import customer_id as customer_id, me
from portal.web.tenant import tenant

bp = Blueprint("pbx", __name__, template_folder="../templates")


def told(entries: Sequence[AuditEntry]) -> list[audit.Told]:
    return audit.told(entries, reader=me().public_id, home_cc=tenant().home.cc)
