"""What somebody finds: all that their pages show them, and nothing else, in one statement."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, literal, null, or_, select, union_all

from portal.core import clock, db, i18n, phone
from portal.core.identity import Identity
from portal.core.permissions import STAFF, P
from portal.core.phone import Home
from portal.features.accounts.models import Account, Status as AccountStatus
from portal.features.accounts.queries.people import begins
from portal.features.calls.models import CallRecord
from portal.features.calls.queries import whose
from portal.features.contacts.models import Contact, Status as ContactStatus
from portal.features.customers.models import Customer, Status as CustomerStatus
from portal.features.dashboard.rules import Kind
from portal.features.numbers.models import Number, Role
from portal.features.phonebook import queries as phonebook
from portal.features.phonebook.models import Entry, EntryNumber
from portal.features.resellers.models import Reseller, SipDomain, Status as ResellerStatus, WebHost
from portal.features.subscribers.models import Kind as LineKind, Status as LineStatus, Subscriber

SHOWN = 8  # of each kind
SHORTEST = 2  # signs
SHORTEST_NUMBER = 3  # digits by which callers are found
LONGEST_EXTENSION = 5
CALLS_SINCE = timedelta(days=365)
CALLS_LOOKED_AT = 500
TELLING = ("sort", "number", "about", "of", "more")  # what tells a hit from others
Found = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Sought:
    """What was typed, as it can be meant: a name, the beginning of an address, the beginning of a number."""

    name: str
    written: str
    digits: str
    prefix: str | None

    @property
    def typed(self) -> str:
        return self.written.lower()

    @property
    def extension(self) -> str:
        return self.digits if len(self.digits) <= LONGEST_EXTENSION else ""


@dataclass(frozen=True)
class Hit:
    """`public_id`: of what it leads to. What tells it from others: its `sort` of its kind, its `number` in digits,
    `about`, the customer `of` whom it is, and `more`, like the provider.
    """

    public_id: str | None
    title: str
    sort: str | None
    number: str | None
    about: str | None
    of: str | None
    more: str | None


@dataclass(frozen=True)
class Hits:
    kind: Kind
    rows: Sequence[Hit]
    more: bool


def sought(words: str, home: Home) -> Sought:
    digits = phone.bare(words).removeprefix("+")
    plain = digits if digits.isascii() and digits.isdigit() else ""
    return Sought(i18n.sort_key(words), words.strip(), plain, phone.search_digits(words, home) if plain else None)


def search(who: Identity, words: str, home: Home) -> list[Hits]:
    """By kind, in the order of rules.Kind; each by name. One statement, none for too little."""
    if len(words.strip()) < SHORTEST:
        return []
    arms = [arm for arm in _arms(who, sought(words, home)) if arm is not None]
    if not arms:
        return []
    rows = db.session().execute(union_all(*(select(arm.limit(SHOWN + 1).subquery()) for arm in arms))).all()
    order = list(Kind)
    rows = sorted(rows, key=lambda row: (order.index(Kind(row.kind)), row.place))
    return [_hits(Kind(kind), list(some)) for kind, some in groupby(rows, key=lambda row: row.kind)]


def _hits(kind: Kind, rows: Sequence[Any]) -> Hits:
    shown = [Hit(*row[:-2]) for row in rows[:SHOWN]]
    return Hits(kind, shown, more=len(rows) > SHOWN)


def _arms(who: Identity, what: Sought) -> Iterator[Found | None]:
    for kind, (permission, arm) in (OF_STAFF if who.role in STAFF else OF_CUSTOMERS).items():
        if who.can(permission):
            found = arm(who, what)
            yield None if found is None else found.add_columns(literal(kind.value, Text).label("kind"))


def _row(public_id: Any, title: Any, place: Any, about: Any = None, more: Any = None, **told: Any) -> Found:
    """`place`: by which they are ordered; `told`: the rest of what a hit says."""
    said = {"about": about, "more": more, **told}
    texts = {"public_id": public_id, "title": title, **{name: said.get(name) for name in TELLING}, "place": place}
    columns = [(null() if value is None else cast(value, Text)) for value in texts.values()]
    return select(*(cast(column, Text).label(name) for name, column in zip(texts, columns, strict=True))).order_by(place)


# --- staff --------------------------------------------------------------------------------------------------------------------


def _own(who: Identity, of: Any) -> ColumnElement[bool]:
    """Of the own provider; operators find those of all."""
    whose_key: ColumnElement[Any] = of.reseller_id
    return whose_key.in_(select(Reseller.id)) if who.can(P.RESELLERS_VIEW) else whose_key == who.reseller_id


def _provider(who: Identity, of: Any) -> Any:
    """Whose it is, for those who see several."""
    return select(Reseller.name).where(Reseller.id == of.reseller_id).scalar_subquery() if who.can(P.RESELLERS_VIEW) else None


def _external(column: Any, what: Sought) -> ColumnElement[bool]:
    """As it was typed, or all in capitals or small letters."""
    return or_(*(begins(column, one) for one in {what.written: 0, what.written.upper(): 0, what.typed: 0}))


def _customers(who: Identity, what: Sought) -> Found:
    named = or_(begins(Customer.name_sort, what.name), _external(Customer.external_id, what))
    more = {"sort": Customer.kind, "about": Customer.external_id, "more": _provider(who, Customer)}
    found = _row(Customer.public_id, Customer.name, Customer.name_sort, **more)
    return found.where(_own(who, Customer), Customer.status != CustomerStatus.TERMINATED, named)


def _contacts(who: Identity, what: Sought) -> Found:
    person = func.nullif(func.concat_ws(" ", Contact.first_name, Contact.last_name), "")
    title = func.coalesce(Contact.company, person, Contact.email)
    named = or_(begins(Contact.name_sort, what.name), begins(Contact.email_sort, what.typed))
    found = _row(Contact.public_id, title, Contact.name_sort, Contact.email, _provider(who, Contact))
    return found.where(_own(who, Contact), Contact.status != ContactStatus.TERMINATED, named)


def _lines(who: Identity, what: Sought) -> Found:
    named = begins(Subscriber.name_sort, what.name), Subscriber.username == what.typed, _external(Subscriber.external_id, what)
    number = select(Number.digits).where(Number.subscriber_id == Subscriber.id, Number.role == Role.PRIMARY).scalar_subquery()
    more = {"sort": Subscriber.kind, "number": number, "about": Subscriber.external_id, "of": Customer.name}
    found = _row(Subscriber.public_id, Subscriber.display_name, Subscriber.name_sort, more=_provider(who, Subscriber), **more)
    found = found.join(Customer, Customer.id == Subscriber.customer_id)
    return found.where(_own(who, Subscriber), Subscriber.status != LineStatus.TERMINATED, or_(*named))


def _numbers(who: Identity, what: Sought) -> Found | None:
    if what.prefix is None:
        return None
    more = {"sort": Subscriber.kind, "about": Subscriber.display_name, "of": Customer.name, "more": _provider(who, Number)}
    found = _row(Subscriber.public_id, Number.digits, Number.digits, **more)
    found = found.join(Subscriber, Subscriber.id == Number.subscriber_id).join(Customer, Customer.id == Number.customer_id)
    return found.where(_own(who, Number), begins(Number.digits, what.prefix))


def _accounts(who: Identity, what: Sought) -> Found:
    meant = [begins(Account.name_sort, what.name), begins(Account.name_turned, what.name)]
    meant += [begins(Account.username, what.typed), begins(Account.email_sort, what.typed)]
    user, at, domain = what.typed.rpartition("@")
    if at:
        domains = select(SipDomain.id).where(_own(who, SipDomain), begins(SipDomain.domain, domain))
        meant.append(and_(Account.username == user, Account.domain_id.in_(domains)))
    name = select(SipDomain.domain).where(SipDomain.id == Account.domain_id).scalar_subquery()
    signs_in_as = func.concat_ws("@", Account.username, name)
    found = _row(Account.public_id, Account.name, Account.name_sort, signs_in_as, _provider(who, Account))
    return found.where(_own(who, Account), Account.status != AccountStatus.TERMINATED, or_(*meant))


def _domains(who: Identity, what: Sought) -> Found:
    hosts = select(WebHost.domain_id).where(_own(who, WebHost), begins(WebHost.host, what.typed), WebHost.domain_id.is_not(None))
    found = _row(SipDomain.public_id, SipDomain.domain, SipDomain.domain, None, _provider(who, SipDomain))
    named = or_(begins(SipDomain.domain, what.typed), SipDomain.id.in_(hosts))
    return found.where(_own(who, SipDomain), SipDomain.removed_at.is_(None), named)


def _resellers(_who: Identity, what: Sought) -> Found:
    found = _row(Reseller.public_id, Reseller.name, Reseller.name_sort)
    return found.where(Reseller.status != ResellerStatus.TERMINATED, begins(Reseller.name_sort, what.name))


# --- people of customers ------------------------------------------------------------------------------------------------------


def _company(who: Identity, of: Any) -> tuple[ColumnElement[bool], ...]:
    return of.reseller_id == who.reseller_id, of.customer_id == who.customer_id


def _named_lines(who: Identity, what: Sought, kind: LineKind) -> Found:
    meant = [Subscriber.name_sort.contains(what.name, autoescape=True)]
    if what.extension:
        meant.append(Subscriber.extension.startswith(what.extension))
    found = _row(Subscriber.public_id, Subscriber.display_name, Subscriber.name_sort, Subscriber.extension)
    alive = Subscriber.kind == kind, Subscriber.status != LineStatus.TERMINATED
    return found.where(*_company(who, Subscriber), *alive, or_(*meant))


def _extensions(who: Identity, what: Sought) -> Found:
    return _named_lines(who, what, LineKind.EXTENSION)


def _groups(who: Identity, what: Sought) -> Found:
    return _named_lines(who, what, LineKind.GROUP)


def _company_numbers(who: Identity, what: Sought) -> Found | None:
    if not what.digits:
        return None
    meant = [Number.digits.endswith(what.digits)] if len(what.digits) >= SHORTEST_NUMBER else []
    meant += [begins(Number.digits, what.prefix)] if what.prefix is not None else []
    found = _row(Subscriber.public_id, Number.digits, Number.digits, Subscriber.display_name)
    found = found.join(Subscriber, Subscriber.id == Number.subscriber_id)
    return found.where(*_company(who, Number), or_(literal(value=False), *meant))


def _entries(who: Identity, what: Sought) -> Found:
    whom = phonebook.reader(who)
    meant = [Entry.name_sort.contains(what.name, autoescape=True), Entry.company_sort.contains(what.name, autoescape=True)]
    first = select(func.min(EntryNumber.digits)).where(EntryNumber.entry_id == Entry.id).correlate(Entry).scalar_subquery()
    if what.prefix is not None and len(what.digits) >= SHORTEST_NUMBER:
        numbered = phonebook.seen(whom, EntryNumber), begins(EntryNumber.digits, what.prefix)
        meant.append(Entry.id.in_(select(EntryNumber.entry_id).where(*numbered)))
    return _row(Entry.public_id, Entry.name, Entry.name_sort, Entry.company, first).where(phonebook.seen(whom), or_(*meant))


def _callers(who: Identity, what: Sought) -> Found | None:
    """With whom there were calls: hidden ones have no number, and are not found."""
    if what.prefix is None or len(what.digits) < SHORTEST_NUMBER:
        return None
    since = CallRecord.start_time >= clock.now() - CALLS_SINCE
    some = select(CallRecord.other_number, CallRecord.start_time).where(*whose(who).records(), since)
    some = some.where(begins(CallRecord.other_number, what.prefix), CallRecord.other_subscriber_id.is_(None))
    calls = some.limit(CALLS_LOOKED_AT).subquery()
    number = calls.c.other_number
    known = phonebook.name_for(phonebook.reader(who), number, "known")
    return _row(None, number, number, known).group_by(number)


Arm = Callable[[Identity, Sought], Found | None]
OF_STAFF: Mapping[Kind, tuple[P, Arm]] = {
    Kind.RESELLERS: (P.RESELLERS_VIEW, _resellers),
    Kind.CUSTOMERS: (P.CUSTOMERS_VIEW, _customers),
    Kind.CONTACTS: (P.CONTACTS_VIEW, _contacts),
    Kind.LINES: (P.LINES_VIEW, _lines),
    Kind.NUMBERS: (P.LINES_VIEW, _numbers),
    Kind.ACCOUNTS: (P.ACCOUNTS_VIEW, _accounts),
    Kind.DOMAINS: (P.DOMAINS_VIEW, _domains),
}
OF_CUSTOMERS: Mapping[Kind, tuple[P, Arm]] = {
    Kind.EXTENSIONS: (P.EXTENSIONS_VIEW, _extensions),
    Kind.GROUPS: (P.GROUPS_VIEW, _groups),
    Kind.COMPANY_NUMBERS: (P.NUMBERS_VIEW, _company_numbers),
    Kind.PHONEBOOK: (P.PHONEBOOK, _entries),
    Kind.CALLERS: (P.CALLS_VIEW, _callers),
}
