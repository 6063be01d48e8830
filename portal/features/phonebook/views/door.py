"""The blueprint, and what all its pages share."""

from collections.abc import Sequence

from flask import Blueprint

from portal.core.audit import AuditEntry
from portal.features.audit import rules as audit
from portal.features.phonebook import models as models
from portal.web.session import me
from portal.web.tenant import tenant

bp = Blueprint("phonebook", __name__, template_folder="../templates")


def told(entries: Sequence[AuditEntry]) -> list[audit.Told]:
    return audit.told(entries, reader=me().public_id, home_cc=tenant().home.cc)
