"""The blueprint, and what all its pages share."""

from collections.abc import Sequence

from flask import Blueprint

from portal.core import phone
from portal.core.audit import AuditEntry
from portal.features.audit import rules as audit
from portal.features.numbers import queries as number_queries
from portal.web.nav import within as within
from portal.web.session import me
from portal.web.tenant import tenant

bp = Blueprint("subscribers", __name__, template_folder="../templates")
PLACE = "customers.index"  # of the navigation, that all these pages are part of
SUGGESTED = 5


def told(entries: Sequence[AuditEntry]) -> list[audit.Told]:
    return audit.told(entries, reader=me().public_id, home_cc=tenant().home.cc)


def suggested_numbers(reseller_id: int) -> list[str]:
    """Numbers that wait for somebody, as they can be typed anywhere: released ones, then the next of each block."""
    waiting = [*number_queries.released(reseller_id, SUGGESTED), *number_queries.next_free(reseller_id)]
    return list(dict.fromkeys(phone.display(one.digits, "") for one in waiting))
