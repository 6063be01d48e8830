"""Who has chosen a language for themselves."""

from collections.abc import Mapping

from sqlalchemy import func, select

from portal.core import db
from portal.features.accounts.models import Account, Status


def speakers(reseller_id: int, domain_id: int | None = None) -> Mapping[str, int]:
    """How many people of a provider, or of one of its SIP domains, have chosen each language. One statement."""
    chosen = select(Account.language, func.count()).where(Account.reseller_id == reseller_id, Account.language.is_not(None))
    if domain_id is not None:
        chosen = chosen.where(Account.domain_id == domain_id)
    rows = db.session().execute(chosen.where(Account.status != Status.TERMINATED).group_by(Account.language))
    return {str(language): people for language, people in rows}
