"""What TelephOne sells: its classes of service, and customers of every kind beside the companies of the stories."""

from collections.abc import Mapping

from portal.core import clock, db
from portal.core.identity import Identity
from portal.core.phone import Parts
from portal.core.tenancy import Scope
from portal.demo.story import GROWN_OVER, moment
from portal.features.contacts import operations as contacts
from portal.features.customers import operations
from portal.features.customers.models import Customer, Kind, Status
from portal.features.customers.rules import KIND_DEFAULTS, Feature, Level
from portal.features.resellers.models import SipDomain
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import Kind as LineKind
from portal.features.subscribers.operations import Draft

HOME = {Feature.SPEED_DIAL: Level.OFF, Feature.BLOCK_OUTGOING: Level.USE}
CARD = dict.fromkeys((Feature.FORWARDING, Feature.SPEED_DIAL, Feature.PHONEBOOK, Feature.DO_NOT_DISTURB), Level.OFF)
CLASSES: Mapping[str, tuple[tuple[Kind, ...], Mapping[Feature, Level]]] = {
    "Business": ((Kind.CLOUDPBX, Kind.SOHO, Kind.TRUNK), {}),
    "Home": ((Kind.RESIDENTIAL, Kind.MOBILE), HOME),
    "Calling card": ((Kind.CALLING_CARD,), CARD),
}
# Name, kind, external #, e-mail, how they stand, and their lines: SIP user, what it is called, number.
OTHERS = (
    (
        "Bakery Sommer",
        Kind.SOHO,
        "0003",
        "office@sommer.example",
        Status.ACTIVE,
        (("sommer-shop", "Shop", "5570100"), ("sommer-bakery", "Bakehouse", "5570101")),
    ),
    ("Harbour Hotel", Kind.TRUNK, "0004", "it@harbour.example", Status.ACTIVE, (("harbour", "Harbour Hotel", "5570200"),)),
    ("Ella Brandt", Kind.RESIDENTIAL, "0005", "ella.brandt@mail.example", Status.ACTIVE, (("ella", "Ella Brandt", "5570300"),)),
    ("Noor Haddad", Kind.MOBILE, "0006", "noor.haddad@mail.example", Status.PENDING, ()),
    ("Globe Card", Kind.CALLING_CARD, "0009", "cards@globe.example", Status.ACTIVE, (("globe", "Globe Card", "5570400"),)),
)


def offer(by: Identity, reseller_id: int) -> None:
    """Before the first customer: each gets the class of its kind."""
    with clock.frozen(moment(GROWN_OVER + 1, "09:30")), db.unit_of_work(Scope.reseller(reseller_id)):
        for name, (kinds, levels) in CLASSES.items():
            operations.add_class(by=by, reseller_id=reseller_id, name=name, kinds=kinds, levels=levels)


def win_others(by: Identity, reseller_id: int, domain_id: int) -> None:
    for days, (name, kind, external_id, email, status, lines) in enumerate(OTHERS):
        with clock.frozen(moment(60 - days * 9, "15:10")), db.unit_of_work(Scope.reseller(reseller_id)) as session:
            private = kind in {Kind.RESIDENTIAL, Kind.MOBILE}
            first, _blank, last = name.partition(" ")
            called = {"first_name": first, "last_name": last} if private else {"company": name}
            contact = contacts.create_contact(by=by, reseller_id=reseller_id, email=email, city="Berlin", country="DE", **called)
            usual = KIND_DEFAULTS[kind]
            customer = operations.create_customer(
                by=by,
                contact=contact,
                name=name,
                kind=kind,
                external_id=external_id,
                max_subscribers=usual.lines,
                max_calls=usual.calls,
                status=status,
            )
            for username, called_so, sn in lines:
                _open(by, customer, session.get_one(SipDomain, domain_id), _draft(kind, username, called_so), sn)


def _draft(kind: Kind, username: str, name: str) -> Draft:
    sort = LineKind.TRUNK if kind is Kind.TRUNK else LineKind.REGULAR
    return Draft(kind=sort, username=username, display_name=name, portal=False)


def _open(by: Identity, customer: Customer, domain: SipDomain, draft: Draft, sn: str) -> None:
    subscribers.create_line(by=by, customer=customer, domain=domain, draft=draft, number=Parts("49", "30", sn))
