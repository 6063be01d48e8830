"""What an account has besides its password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.types import Text

from portal.core import db
from portal.features.accounts import rules
from portal.features.accounts.models import Account, Authenticator, Passkey, RecoveryCode


@dataclass(frozen=True)
class Factors:
    """`app_since`: since when the authenticator app counts; `codes_left`: of the recovery codes; `hosts`: where passkeys work."""

    app_since: datetime | None
    app_used_at: datetime | None
    codes_left: int
    hosts: tuple[str, ...]

    @property
    def any(self) -> bool:
        return self.app_since is not None or bool(self.hosts)

    @property
    def few_codes(self) -> bool:
        return self.any and self.codes_left <= rules.FEW


def factors(account_id: int) -> Factors:
    left = select(func.count()).where(RecoveryCode.account_id == Account.id, RecoveryCode.used_at.is_(None))
    hosts = select(func.array_agg(aggregate_order_by(Passkey.host.distinct(), Passkey.host), type_=ARRAY(Text)))
    found = db.session().execute(
        select(
            Authenticator.confirmed_at,
            Authenticator.last_step,
            left.scalar_subquery(),
            hosts.where(Passkey.account_id == Account.id).scalar_subquery(),
        )
        .select_from(Account)
        .outerjoin(Authenticator, Authenticator.account_id == Account.id)
        .where(Account.id == account_id),
    ).one()
    since, step, codes, where = found
    return Factors(
        app_since=since,
        app_used_at=rules.time_of(step) if since and step else None,
        codes_left=codes,
        hosts=tuple(where or ()),
    )


def seed_to_confirm(account_id: int) -> str | None:
    """The seed of an authenticator app that is being set up."""
    wanted = select(Authenticator.seed).where(Authenticator.account_id == account_id, Authenticator.confirmed_at.is_(None))
    return db.session().scalar(wanted)
