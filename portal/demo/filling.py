"""Writes the demo world, once, and keeps its calls up to now."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial

from sqlalchemy import func, select, update

from portal.core import clock, db, postgres, schema, secrets
from portal.core.identity import Identity
from portal.core.tenancy import Scope
from portal.demo import blocks, calls, classes, contracts, peers, phones, story, world
from portal.demo.actors import SETUP, identity_of
from portal.demo.book import charlies_friends
from portal.demo.story import moment
from portal.features.accounts import operations as accounts
from portal.features.accounts.models import Account
from portal.features.contacts import operations as contacts
from portal.features.contacts.models import Contact
from portal.features.customers import operations as customers
from portal.features.customers.models import Customer, Kind
from portal.features.numbers import operations as numbers
from portal.features.pbx import operations as pbx
from portal.features.resellers import operations as resellers
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.operations import NewLine
from portal.features.subscribers.queries import company as company_of
from portal.settings import Settings, SettingsError


def forget(settings: Settings) -> None:
    """Removes everything from a database that holds the demo world or nothing. Raises SettingsError for any other."""
    owner = db.open_database(settings, role=db.OWNER)
    db.install(owner)
    try:
        _check_ours(strictly=settings.database_url is not None)
        if settings.database_url is not None:
            schema.upgrade(owner)
            schema.downgrade(owner, "base")
    finally:
        owner.dispose()
    if settings.database_url is None:
        postgres.drop_database(postgres.ensure(settings.data_dir / "postgres"), db.EMBEDDED)


def fill() -> None:
    """Fills an empty database with the demo world; where it stands already, only the calls since then are added.

    Raises SettingsError when the database holds something else. What people added to the demo is no reason: it stands.
    """
    _check_ours(strictly=False)
    if not _stands():
        with _one_transaction():
            _make()
            phones.sign_in()
    phones.stay()
    calls.bring_up_to_now()


def _stands() -> bool:
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        return session.scalar(select(WebHost.id).where(WebHost.host == "lantern.localhost")) is not None


def _check_ours(*, strictly: bool) -> None:
    """Strictly: resellers that somebody added to the demo are not forgotten with it."""
    ours = [provider.name for provider in world.PROVIDERS]
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        made = session.connection().dialect.has_table(session.connection(), Reseller.__tablename__)
        others = made and session.scalar(select(func.count()).select_from(Reseller).where(Reseller.name.not_in(ours)))
        if others and (strictly or not _stands()):
            raise SettingsError("This database holds other tenants than the demo’s and is left alone; use one of its own.")


@contextmanager
def _one_transaction() -> Iterator[None]:
    """All of it or nothing, whatever units of work are opened inside."""
    database = db.database()
    with database.engine.begin() as connection:
        database.bind = connection
        try:
            yield
        finally:
            database.bind = database.engine


@dataclass
class _Home:
    """A provider, its SIP domains and whoever works there."""

    reseller_id: int
    domains: dict[str, int]
    staff: Identity


def _make() -> None:
    began = moment(story.GROWN_OVER + 20, "09:00")
    with clock.frozen(began):
        homes = {provider.name: _provider(provider) for provider in world.PROVIDERS}
        blocks.make_blocks(homes["Isar Telecom"].staff)
    contracts.sign(homes["Isar Telecom"].staff)
    peers.connect(homes["Isar Telecom"].staff)
    classes.offer(homes["TelephOne"].staff, homes["TelephOne"].reseller_id)
    _lantern(homes["TelephOne"])
    _city_bank(homes["TelephOne"])
    blocks.make_trunk(homes["TelephOne"].staff, homes["TelephOne"].reseller_id, homes["TelephOne"].domains["telephone.example"])
    classes.win_others(homes["TelephOne"].staff, homes["TelephOne"].reseller_id, homes["TelephOne"].domains["telephone.example"])
    _rylic(homes["Isar Telecom"])
    _charlie(homes["Cheap Call"])


def _provider(provider: world.Provider) -> _Home:
    with db.unit_of_work(Scope.platform()):
        first = provider.domains[0]
        reseller = resellers.create_reseller(
            by=SETUP,
            name=provider.name,
            theme=provider.theme,
            languages=first.languages,
            time_zone=first.time_zone,
            operator=provider.operator,
        )
        domains = {domain.name: _domain(reseller, domain) for domain in provider.domains}
        staff = [_employ(reseller.id, one) for one in world.STAFF if one.provider == provider.name]
        return _Home(reseller.id, domains, staff[0] if staff else SETUP)


def _domain(reseller: Reseller, domain: world.Domain) -> int:
    made = resellers.add_domain(
        by=SETUP,
        reseller=reseller,
        domain=domain.name,
        languages=domain.languages,
        time_zone=domain.time_zone,
        cc=domain.cc,
        ac=domain.ac,
    )
    resellers.add_host(by=SETUP, reseller=reseller, host=domain.host, domain=made, title=domain.title)
    return made.id


@cache
def _hash() -> str:
    return secrets.hash_password(world.PASSWORD)


def _employ(reseller_id: int, one: world.Staff) -> Identity:
    account = accounts.open_staff_account(by=SETUP, reseller_id=reseller_id, role=one.role, email=one.email, name=one.name)
    account.password_hash, account.password_set_at = _hash(), clock.now()
    return identity_of(account)


# --- TelephOne -------------------------------------------------------------------------------------------------------


def _lantern(home: _Home) -> None:
    with clock.frozen(moment(story.GROWN_OVER, "08:30")), db.unit_of_work(Scope.reseller(home.reseller_id)):
        contact = contacts.create_contact(
            by=home.staff,
            reseller_id=home.reseller_id,
            **world.CLARE.contact,
            company="Lantern Co",
            street="Leuchtturmweg 5",
            postcode="10115",
            city="Berlin",
            country="DE",
        )
        company = _company(home, contact, "Lantern Co", "0001", limit=100)
        pilot = _pilot(home, company, world.CLARE)
        first = world.POOL[: world.POOL_AT_FIRST]
        numbers.add_numbers(by=home.staff, customer=company, holder_id=pilot.subscriber.id, parts=first)
        clare, customer_id = _of(pilot)
    with db.unit_of_work(Scope.customer(home.reseller_id, customer_id)):
        story.play(story.Lantern(clare, home.staff, company_of(customer_id).pilot).steps())
        _open_all_doors()


def _city_bank(home: _Home) -> None:
    with clock.frozen(moment(120, "09:10")), db.unit_of_work(Scope.reseller(home.reseller_id)):
        contact = contacts.create_contact(
            by=home.staff,
            reseller_id=home.reseller_id,
            **world.IKE.contact,
            company="City Bank",
            city="Berlin",
            country="DE",
        )
        bank = _company(home, contact, "City Bank", "0002", limit=25)
        pilot = _pilot(home, bank, world.IKE)
        numbers.add_numbers(by=home.staff, customer=bank, holder_id=pilot.subscriber.id, parts=world.BANK_POOL)
        ike, customer_id = _of(pilot)
    with db.unit_of_work(Scope.customer(home.reseller_id, customer_id)):
        story.play([(moment(119, f"10:{n * 7:02}"), partial(_hire, ike, customer_id, one)) for n, one in enumerate(world.BANK)])
        _open_all_doors()


def _hire(by: Identity, customer_id: int, one: world.Colleague) -> None:
    pbx.create_extension(by=by, customer_id=customer_id, display_name=one.name, extension=one.extension)


def _company(home: _Home, contact: Contact, name: str, external_id: str, *, limit: int) -> Customer:
    return customers.create_customer(
        by=home.staff,
        contact=contact,
        name=name,
        external_id=external_id,
        kind=Kind.CLOUDPBX,
        max_subscribers=limit,
        extension_min=100,
        extension_max=699,
    )


def _pilot(home: _Home, customer: Customer, person: world.Person) -> NewLine:
    return subscribers.create_pilot(
        by=home.staff,
        customer=customer,
        domain=db.session().get_one(SipDomain, home.domains[person.domain]),
        username=person.username,
        display_name=person.name,
        base=person.number,
        email=person.email,
    )


def _of(pilot: NewLine) -> tuple[Identity, int]:
    if pilot.account is None:
        raise ValueError("a pilot has an account")
    return identity_of(pilot.account), pilot.subscriber.customer_id


def _open_all_doors() -> None:
    """The password of the demo for everybody in the scope; nobody owes a new one."""
    db.session().execute(update(Account).values(password_hash=_hash(), password_set_at=clock.now(), must_change_password=False))


# --- regular subscribers ---------------------------------------------------------------------------------------------


def _rylic(home: _Home) -> None:
    """One contact, two customers: the external # tells them apart."""
    with clock.frozen(moment(90, "14:20")), db.unit_of_work(Scope.reseller(home.reseller_id)):
        contact = contacts.create_contact(
            by=home.staff,
            reseller_id=home.reseller_id,
            **world.RYLIC.contact,
            company="DTS",
            city="München",
            country="DE",
        )
        dts = _single(home, contact, "DTS", "0007")
        _single(home, contact, "Morning Times", "0008")
        _regular(home, dts, world.RYLIC)


def _charlie(home: _Home) -> None:
    with clock.frozen(moment(75, "18:05")), db.unit_of_work(Scope.reseller(home.reseller_id)):
        contact = contacts.create_contact(
            by=home.staff,
            reseller_id=home.reseller_id,
            **world.CHARLIE.contact,
            city="Frankfurt am Main",
            country="DE",
        )
        adler = _single(home, contact, "Charlie Adler", "1042")
        charlies_friends(_regular(home, adler, world.CHARLIE))


def _single(home: _Home, contact: Contact, name: str, external_id: str) -> Customer:
    return customers.create_customer(by=home.staff, contact=contact, name=name, kind=Kind.RESIDENTIAL, external_id=external_id)


def _regular(home: _Home, customer: Customer, person: world.Person) -> Identity:
    """Whoever has the line."""
    line = subscribers.create_regular(
        by=home.staff,
        customer=customer,
        domain=db.session().get_one(SipDomain, home.domains[person.domain]),
        username=person.username,
        display_name=person.name,
        number=person.number,
        email=person.email,
    )
    db.session().flush()
    opened = update(Account).where(Account.customer_id == customer.id)
    db.session().execute(opened.values(password_hash=_hash(), password_set_at=clock.now()))
    if line.account is None:
        raise ValueError("a regular subscriber has an account")
    return identity_of(line.account)
