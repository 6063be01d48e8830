"""Classes of service of a reseller."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.customers.models import Customer, Kind, ServiceClass, Status
from portal.features.customers.rules import Allowance


@dataclass(frozen=True)
class ClassUse:
    """`customers` have it and have not ended."""

    service_class: ServiceClass
    customers: int

    @property
    def allowance(self) -> Allowance:
        return Allowance(self.service_class.levels)

    @property
    def kinds(self) -> list[Kind]:
        return [kind for kind in Kind if kind.value in self.service_class.kinds]


def service_classes(reseller_id: int) -> list[ClassUse]:
    """By name. One statement."""
    live = Customer.service_class_id == ServiceClass.id, Customer.status != Status.TERMINATED
    held = select(func.count()).select_from(Customer).where(*live).correlate(ServiceClass).scalar_subquery()
    wanted = select(ServiceClass, held).where(ServiceClass.reseller_id == reseller_id)
    return [ClassUse(*row) for row in db.session().execute(wanted.order_by(ServiceClass.name_sort))]


def service_class(public_id: PublicId) -> ServiceClass:
    """Raises NotFound."""
    found = db.session().scalars(select(ServiceClass).where(ServiceClass.public_id == public_id)).first()
    if found is None:
        raise NotFound
    return found


def hold_class(service_class: ServiceClass) -> ServiceClass:
    """As it is stored now, kept from others until the end of the transaction. NotFound when it is gone meanwhile."""
    wanted = select(ServiceClass).where(ServiceClass.id == service_class.id).with_for_update(key_share=True)
    found = db.session().scalars(wanted, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound
    return found


def usual_class(reseller_id: int, kind: Kind) -> ServiceClass | None:
    """What a new customer of this kind gets."""
    wanted = select(ServiceClass).where(ServiceClass.reseller_id == reseller_id, ServiceClass.kinds.contains([kind.value]))
    return db.session().scalars(wanted.order_by(ServiceClass.name_sort).limit(1)).first()


def class_name_taken(reseller_id: int, name_sort: str, besides: int | None = None) -> bool:
    wanted = select(ServiceClass.id).where(ServiceClass.reseller_id == reseller_id, ServiceClass.name_sort == name_sort)
    return db.session().scalar(wanted.where(ServiceClass.id != (besides or 0)).limit(1)) is not None
