"""What is sold, and what a new customer of each kind starts with."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import NamedTuple

from portal.core.i18n import N_


class Product(StrEnum):
    CLOUDPBX = auto()
    SIP = auto()


class Kind(StrEnum):
    """What is sold; it decides the product, and what a new customer starts with."""

    RESIDENTIAL = auto()
    SOHO = auto()
    CLOUDPBX = auto()
    TRUNK = auto()
    MOBILE = auto()
    CALLING_CARD = auto()

    @property
    def product(self) -> Product:
        return Product.CLOUDPBX if self is Kind.CLOUDPBX else Product.SIP


class KindText(NamedTuple):
    title: str
    sentence: str
    icon: str


KIND_TEXTS: Mapping[Kind, KindText] = {
    Kind.CLOUDPBX: KindText(N_("CloudPBX"), N_("A company with extensions and groups that its own pilot runs."), "building-2"),
    Kind.SOHO: KindText(N_("Small office"), N_("A few lines for an office or a shop, without a telephone system."), "store"),
    Kind.RESIDENTIAL: KindText(N_("Residential"), N_("A household: a line or two, and prices that include tax."), "house"),
    Kind.TRUNK: KindText(
        N_("SIP trunk"), N_("A company that has a telephone system of its own, and many calls at once."), "route"
    ),
    Kind.MOBILE: KindText(N_("Mobile"), N_("A person who telephones with an app, wherever they are."), "smartphone"),
    Kind.CALLING_CARD: KindText(
        N_("Calling card"), N_("A person who dials in and pays beforehand; there is no invoice."), "ticket"
    ),
}


class Defaults(NamedTuple):
    """`lines` and `calls` at most, calls at the same time; `first` to `last` are extensions."""

    lines: int | None
    calls: int | None
    add_vat: bool
    send_invoice: bool
    first: int | None = None
    last: int | None = None


# Companies are quoted prices without tax, so it is added; private people are quoted what they pay. Where somebody pays
# beforehand nothing is invoiced. A limit is what such a customer usually needs: it bounds what a stolen password can cost.
KIND_DEFAULTS: Mapping[Kind, Defaults] = {
    Kind.RESIDENTIAL: Defaults(lines=2, calls=2, add_vat=False, send_invoice=True),
    Kind.SOHO: Defaults(lines=5, calls=4, add_vat=True, send_invoice=True),
    Kind.CLOUDPBX: Defaults(lines=25, calls=10, add_vat=True, send_invoice=True, first=100, last=699),
    Kind.TRUNK: Defaults(lines=2, calls=30, add_vat=True, send_invoice=True),  # as many as a primary rate interface carries
    Kind.MOBILE: Defaults(lines=1, calls=2, add_vat=False, send_invoice=True),  # one that speaks, one that waits
    Kind.CALLING_CARD: Defaults(lines=1, calls=1, add_vat=False, send_invoice=False),
}


def slug(kind: Kind) -> str:
    return kind.value.replace("_", "-")


# By the last part of an address; a company with a CloudPBX is made by a wizard of its own.
FORMS: Mapping[str, Kind] = {slug(kind): kind for kind in Kind if kind is not Kind.CLOUDPBX}
