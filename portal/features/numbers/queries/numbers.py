from collections.abc import Collection, Sequence

from sqlalchemy import Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.numbers.models import Number, Role


def primary_of(subscriber_id: int) -> Number | None:
    """The number by which a line is reached first."""
    return db.session().scalars(select(Number).where(Number.subscriber_id == subscriber_id, Number.role == Role.PRIMARY)).first()


def aliases_of(subscriber_id: int) -> list[Number]:
    """The further numbers of a line, in order."""
    further = select(Number).where(Number.subscriber_id == subscriber_id, Number.role == Role.ALIAS).order_by(Number.digits)
    return list(db.session().scalars(further))


def held(customer_id: int, public_ids: Collection[PublicId]) -> list[Number]:
    """Numbers of this customer's pool, in order, kept from others until the end of the transaction.

    NotFound when one is not among them.
    """
    found = (
        db.session()
        .scalars(
            select(Number)
            .where(Number.customer_id == customer_id, Number.public_id.in_(public_ids), Number.role == Role.ALIAS)
            .order_by(Number.digits)
            .with_for_update(key_share=True),
            execution_options={"populate_existing": True},
        )
        .all()
    )
    if len(found) != len(set(public_ids)):
        raise NotFound
    return list(found)


def known(digits: Sequence[str]) -> list[Number]:
    """Those of these numbers that the scope can see, whoever has them."""
    return list(db.session().scalars(select(Number).where(Number.digits.in_(digits)).order_by(Number.digits)))


def outside_blocks(reseller_id: int, digits: Collection[str]) -> dict[str, bool]:
    """Those of these numbers that cannot come to a customer of this reseller, and whether they lie in a block of somebody else.

    Blocks are kept as they are until the end of the transaction.
    """
    found = func.numbers_outside(literal(list(digits), ARRAY(Text)), reseller_id).table_valued("number", "elsewhere")
    return {row.number: row.elsewhere for row in db.session().execute(select(found.c.number, found.c.elsewhere))}


def in_use(reseller_id: int, digits: Collection[str]) -> list[str]:
    """Those of these numbers that somebody has, whoever it is. Ones that were released elsewhere are nobody's any more."""
    found = func.numbers_in_use(literal(list(digits), ARRAY(Text)), reseller_id).table_valued("number")
    return list(db.session().scalars(select(found.c.number)))
