"""The demo world, filled once for all of these tests: the names, numbers and calls that docs, pictures and tests speak of."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Select, func, inspect, select

from portal import demo
from portal.core import clock, db, i18n, postgres
from portal.core.audit import AuditEntry
from portal.core.tenancy import Scope
from portal.demo import calls, rhythm, world
from portal.demo.traffic import company_day
from portal.features.audit.cli import audit
from portal.features.branding import queries as branding
from portal.features.calls.models import CallImportReject, CallRecord
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.pbx import queries as pbx
from portal.features.pbx.models import Group, Member
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from portal.features.subscribers.models import Kind, Status, Subscriber
from portal.settings import Settings, SettingsError
from tests.browser import Browser
from tests.conftest import _copied
from tests.features.dashboard.test_pages import fact, text_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)  # a Tuesday, 14:05 in Berlin
Browse = Callable[..., Browser]


@pytest.fixture(scope="module")
def filled(server: postgres.Server, template: str) -> Iterator[db.Database]:
    for made in _copied(server, template):
        db.install(made)
        with clock.frozen(NOW):
            demo.fill()
        yield made


@pytest.fixture(autouse=True)
def here(filled: db.Database, app: Flask) -> Iterator[None]:
    app.extensions["tenants"].forget()
    db.install(filled)
    with clock.frozen(NOW):
        yield
    app.extensions["tenants"].forget()


def rows(wanted: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        return session.execute(wanted).all()


def one(wanted: Select[*tuple[Any, ...]]) -> Any:
    found = rows(wanted)
    assert len(found) == 1, found
    return found[0]


def customer(name: str) -> Any:
    return one(select(Customer.id, Customer.reseller_id, Customer.external_id, Customer.contact_id).where(Customer.name == name))


def lantern_calls(*which: Any) -> Sequence[Any]:
    columns = (CallRecord.start_time, CallRecord.direction, CallRecord.result, CallRecord.duration_ms, CallRecord.other_number)
    return rows(select(*columns).where(CallRecord.customer_id == customer("Lantern Co").id, CallRecord.in_company, *which))


# --- who and where ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "domain", "reseller", "languages", "frame"),
    [
        ("isar.localhost", "sip.isar.example", "Isar Telecom", ("de", "en"), "quiet"),
        ("telephone.localhost", "telephone.example", "TelephOne", ("en", "de", "es"), "quiet"),
        ("lantern.localhost", "lantern.telephone.example", "TelephOne", ("en", "de", "es"), "quiet"),
        ("cheapcall.localhost", "cheapcall.example", "Cheap Call", ("de", "en", "tr"), "branded"),
        ("cheapcall-fr.localhost", "cheapcall-fr.example", "Cheap Call in France", ("fr", "en", "ar"), "branded"),
    ],
)
def test_hosts(
    app: Flask, settings: Settings, host: str, domain: str, reseller: str, languages: tuple[str, ...], frame: str
) -> None:
    tenant = app.extensions["tenants"](host)
    assert (tenant.domain, tenant.reseller_name) == (domain, reseller)
    assert one(select(SipDomain.languages).where(SipDomain.domain == domain)).languages == list(languages)
    offered = tuple(language for language in languages if language in i18n.available())
    assert tenant.languages == offered, "complete ones, the first is the default"
    assert branding.themes(settings.themes_dir)[tenant.theme].frame == frame


def test_lantern_co_has_a_host_of_its_own() -> None:
    assert rows(select(WebHost.host, WebHost.title).where(WebHost.title.is_not(None))) == [("lantern.localhost", "Lantern Co")]
    assert rows(select(Reseller.name).where(Reseller.operator)) == [("Isar Telecom",)]


@pytest.mark.parametrize(
    ("host", "name", "shown"),
    [
        ("isar.localhost", "olga@isar.example", "Cheap Call in France"),
        ("telephone.localhost", "tom@telephone.example", "lantern.telephone.example"),
        ("cheapcall.localhost", "rita@cheapcall.example", "cheapcall.example"),
        ("lantern.localhost", "clare", "Lantern Co can be reached."),
        ("lantern.localhost", "clare@lantern.telephone.example", "Lantern Co can be reached."),
        ("lantern.localhost", "alice", "Calls to"),
        ("lantern.localhost", "bob", "Colleagues reach you at 102"),
        ("lantern.localhost", "carol", "Calls to"),
        ("lantern.localhost", "160", "Colleagues reach you at 160"),
        ("telephone.localhost", "ike", "City Bank can be reached."),
        ("isar.localhost", "rylic", "You can be reached at 089 99998007."),
        ("cheapcall.localhost", "charlie", "You can be reached at 069 90009310."),
    ],
)
def test_everybody_signs_in(browse: Browse, host: str, name: str, shown: str) -> None:
    browser = browse(host=host)
    answer = browser.post("/login", {"username": name, "password": world.PASSWORD})
    assert answer.status_code == 303
    assert shown in text_of(browser.follow(answer).text)


@pytest.mark.parametrize(
    ("host", "name"), [("cheapcall.localhost", "clare"), ("isar.localhost", "ike"), ("telephone.localhost", "charlie")]
)
def test_nobody_signs_in_elsewhere(browse: Browse, host: str, name: str) -> None:
    assert browse(host=host).post("/login", {"username": name, "password": world.PASSWORD}).status_code == 422


@pytest.mark.parametrize(
    ("host", "name"), [("telephone.localhost", "ike"), ("cheapcall.localhost", "charlie"), ("isar.localhost", "rylic")]
)
def test_nobody_else_s_pages_name_anything_of_lantern(browse: Browse, host: str, name: str) -> None:
    browser = browse(host=host)
    browser.post("/login", {"username": name, "password": world.PASSWORD})
    for path in ("/", "/account"):
        page = browser.get(path).text
        assert not [
            word
            for word in ("Lantern", "Clare Fenn", "Alice Meier", "5550000", *(ring.name for ring in world.GROUPS))
            if word in page
        ]


# --- Lantern Co ------------------------------------------------------------------------------------------------------


def test_a_company_of_60() -> None:
    lantern = customer("Lantern Co")
    with db.unit_of_work(Scope.customer(lantern.reseller_id, lantern.id)):
        facts, pool = pbx.facts(lantern.id), pbx.pool_facts(lantern.id)
    assert (facts.people, facts.limit) == (60, 100)
    assert (facts.allowed.low, facts.allowed.high, facts.next_free) == (100, 699, 161)
    assert (pool.total, pool.free) == (20, 7)
    names = {
        name
        for (name,) in rows(
            select(Subscriber.display_name).where(Subscriber.customer_id == lantern.id, Subscriber.status != "terminated")
        )
    }
    assert not [name for name in names if name.startswith("Dora")], "she comes in a story of the tests"
    assert len({name.split()[0] for name in names}) > 55


@pytest.mark.parametrize(
    ("username", "name", "extension"),
    [("alice", "Alice Meier", "101"), ("bob", "Bob Turner", "102"), ("carol", "Carol Nguyen", "103")],
)
def test_the_first_three(username: str, name: str, extension: str) -> None:
    line = one(
        select(Subscriber.display_name, Subscriber.extension, Number.digits)
        .join(SipDomain, SipDomain.id == Subscriber.domain_id)
        .join(Number, (Number.subscriber_id == Subscriber.id) & (Number.role == Role.PRIMARY))
        .where(Subscriber.username == username, SipDomain.domain == "lantern.telephone.example"),
    )
    assert line == (name, extension, f"49305550000{extension}")


def test_the_pilot_holds_the_base_number() -> None:
    pilots = select(Subscriber.display_name, Number.digits).join(Number, Number.subscriber_id == Subscriber.id)
    found = rows(pilots.where(Subscriber.kind == Kind.PILOT, Number.role == Role.PRIMARY).order_by(Number.digits))
    assert found == [("Clare Fenn", "49305550000"), ("Ike Leonard", "49305560000")]


@pytest.mark.parametrize(
    ("name", "extension", "policy", "members"),
    [
        ("Sales", "600", "parallel", ["101", "102", "103"]),
        ("Support", "601", "circular", [str(extension) for extension in range(104, 112)]),
        ("Reception", "602", "serial", ["112", "113", "101"]),
    ],
)
def test_groups(name: str, extension: str, policy: str, members: list[str]) -> None:
    group = one(
        select(Subscriber.id, Subscriber.extension, Group.policy)
        .join(Group, Group.subscriber_id == Subscriber.id)
        .where(Subscriber.display_name == name)
    )
    assert (group.extension, group.policy) == (extension, policy)
    places = select(Subscriber.extension).join(Member, Member.subscriber_id == Subscriber.id)
    assert [found for (found,) in rows(places.where(Member.group_id == group.id).order_by(Member.position))] == members


def test_some_extensions_are_locked() -> None:
    locked = rows(select(Subscriber.extension).where(Subscriber.lock_level > 0, Subscriber.status != Status.TERMINATED))
    assert 1 <= len(locked) <= 3


def test_what_was_changed_is_told_in_order() -> None:
    entries = rows(
        select(AuditEntry.at, AuditEntry.event).where(AuditEntry.customer_id == customer("Lantern Co").id).order_by(AuditEntry.id)
    )
    moments = [entry.at for entry in entries]
    assert moments == sorted(moments)
    assert moments[-1] <= NOW
    assert len({entry.event for entry in entries if entry.at > NOW - timedelta(weeks=4)}) >= 7


def test_one_contact_may_have_two_customers() -> None:
    dts, times = customer("DTS"), customer("Morning Times")
    assert (dts.external_id, times.external_id) == ("0007", "0008")
    assert dts.contact_id == times.contact_id
    contacts = {
        name
        for (name,) in rows(
            select(func.concat_ws(" ", Contact.first_name, Contact.last_name)).where(Contact.company.is_not(None))
        )
    }
    assert {"Clare Fenn", "Ike Leonard"} <= contacts


def test_external_numbers_tell_the_customers_of_a_provider_apart() -> None:
    given = rows(select(Customer.reseller_id, Customer.external_id).where(Customer.external_id.is_not(None)))
    assert len(given) == len(set(given))
    kinds = {kind for (kind,) in rows(select(Customer.kind))}
    assert kinds == {"residential", "soho", "cloudpbx", "trunk", "mobile", "calling_card"}
    lines = select(Customer.name).where(Customer.id.in_(select(Subscriber.customer_id)), Customer.status == "active")
    idle = {name for (name,) in rows(select(Customer.name).where(Customer.status == "active"))} - {
        name for (name,) in rows(lines)
    }
    assert idle == {"Morning Times"}, "who is a customer telephones"


def test_the_operator_has_contracts(browse: Browse) -> None:
    browser = browse(host="isar.localhost")
    browser.post("/login", {"username": "olga@isar.example", "password": world.PASSWORD})
    contracts, people = text_of(browser.get("/contracts").text), text_of(browser.get("/system-contacts").text)
    for provider in world.PROVIDERS:
        assert provider.operator or provider.name in contracts
    for partner in ("Rheinweg Carrier", "Atlantic Exchange"):
        assert partner in contracts
        assert partner in people


# --- calls -----------------------------------------------------------------------------------------------------------


def test_three_months_of_calls_until_now() -> None:
    found = lantern_calls()
    assert len(found) >= 20_000
    assert NOW - timedelta(days=93) < min(call.start_time for call in found) < NOW - timedelta(days=88)
    assert NOW - timedelta(minutes=30) < max(call.start_time for call in found) <= NOW
    assert not rows(select(CallImportReject.reason))


def test_they_have_an_office_s_rhythm() -> None:
    local = [call.start_time.astimezone(BERLIN) for call in lantern_calls()]
    hours, days = Counter(at.hour for at in local), Counter(at.weekday() for at in local)
    assert hours[10] > 1.5 * hours[12] > 0, "people eat"
    assert sum(hours[hour] for hour in range(8, 18)) > 0.95 * len(local)
    assert days[5] + days[6] < 0.02 * len(local)
    holiday = date(2026, 10, 3)
    assert sum(at.date() == holiday for at in local) < 20


def test_there_is_every_kind_of_call() -> None:
    found = lantern_calls()
    assert {call.direction for call in found} == {"in", "out", "inside", "forward"}
    assert {"ok", "busy", "noanswer", "cancel", "failed"} <= {call.result for call in found}
    assert any(call.direction == "in" and call.other_number is None for call in found), "hidden callers"
    callers = Counter(call.other_number for call in found if call.direction == "in" and call.other_number)
    assert sum(number for _caller, number in callers.most_common(150)) > 0.6 * sum(callers.values()), "most callers return"


def test_alice_s_call_to_argentina() -> None:
    call = one(
        select(CallRecord.duration_ms, CallRecord.result, CallRecord.other_number, CallRecord.start_time, Subscriber.username)
        .join(Subscriber, Subscriber.id == CallRecord.subscriber_id)
        .where(CallRecord.other_number.startswith("54")),
    )
    assert (call.duration_ms, call.result, call.other_number, call.username) == (300_000, "ok", "541143265500", "alice")
    assert call.start_time.astimezone(BERLIN).date() == date(2026, 11, 23), "the working day before"


def test_the_others_telephone_too() -> None:
    counts = dict(
        rows(select(Customer.name, func.count()).join(CallRecord, CallRecord.customer_id == Customer.id).group_by(Customer.name))
    )
    assert all(200 < counts[name] < 1500 for name in ("City Bank", "DTS", "Charlie Adler"))


def test_the_dashboard_agrees_with_the_calls(browse: Browse) -> None:
    browser = browse(host="lantern.localhost")
    browser.post("/login", {"username": "clare", "password": world.PASSWORD})
    page = browser.get("/").text
    today = lantern_calls(CallRecord.start_time >= datetime(2026, 11, 23, 23, tzinfo=UTC))
    assert fact(page, "Calls today")[0] == str(len(today))
    assert fact(page, "Missed")[0] == str(sum(call.direction == "in" and call.result != "ok" for call in today))
    assert fact(page, "Extensions")[0] == "60"
    assert fact(page, "Numbers free") == ("7 of 20", "Last given to Kofi Mensah")


def test_a_day_s_calls_follow_from_the_day() -> None:
    day = date(2026, 9, 15)
    assert (
        list(company_day(calls.LANTERN, day))
        == list(company_day(calls.LANTERN, day))
        != list(company_day(calls.LANTERN, day + timedelta(days=7)))
    )


def test_three_months_have_enough_calls_whenever_they_end() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(3 * 365)]
    counts = [rhythm.office_calls(day, calls.LANTERN.usual, rhythm.chance_of(calls.LANTERN.name, day)) for day in days]
    assert min(sum(counts[start : start + 92]) for start in range(len(days) - 92)) > 20_000


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter(year: int, sunday: date) -> None:
    assert rhythm.easter(year) == sunday
    assert rhythm.is_holiday(sunday + timedelta(days=1))


# --- again -----------------------------------------------------------------------------------------------------------


def test_filled_again_it_is_the_same() -> None:
    before = len(lantern_calls()), len(rows(select(Subscriber.id))), len(rows(select(AuditEntry.id)))
    demo.fill()
    assert before == (len(lantern_calls()), len(rows(select(Subscriber.id))), len(rows(select(AuditEntry.id))))


def test_the_calls_since_then_are_added(server: postgres.Server, filled: db.Database) -> None:
    filled.dispose()  # a database in use cannot be copied
    for later in _copied(server, str(filled.url.database)):
        db.install(later)
        before = len(lantern_calls())
        with clock.frozen(NOW + timedelta(days=2)):
            demo.fill()
        assert before + 500 < len(lantern_calls()) < before + 1500
        assert len(lantern_calls(CallRecord.other_number.startswith("54"))) == 1


def test_a_reseller_that_was_added_is_no_somebody_else(server: postgres.Server, filled: db.Database) -> None:
    filled.dispose()
    for tried in _copied(server, str(filled.url.database)):
        db.install(tried)
        with db.unit_of_work(Scope.platform()) as session:
            session.add(Reseller(name="North Voice", theme="isar", languages=["en"]))
        demo.fill()
        assert len(rows(select(Reseller.id).where(Reseller.name == "North Voice"))) == 1


def test_a_database_of_somebody_else_is_left_alone(own_database: db.Database, settings: Settings) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.add(Reseller(name="Real Telecom", theme="isar", languages=["en"]))
    with pytest.raises(SettingsError, match="other tenants"):
        demo.fill()
    owned = Settings(
        data_dir=settings.data_dir,
        secret_keys=settings.secret_keys,
        database_url=own_database.url.render_as_string(hide_password=False),
    )
    with pytest.raises(SettingsError, match="other tenants"):
        demo.forget(owned)


def test_a_demo_in_a_database_of_one_s_own_is_forgotten(own_database: db.Database, settings: Settings) -> None:
    url = own_database.url.render_as_string(hide_password=False)
    own_database.dispose()
    demo.forget(Settings(data_dir=settings.data_dir, secret_keys=settings.secret_keys, database_url=url))
    assert set(inspect(own_database.engine).get_table_names()) <= {"alembic_version"}
    own_database.dispose()


def test_an_embedded_demo_is_forgotten_with_its_database(settings: Settings) -> None:
    demo.forget(settings)
    fresh = db.open_database(settings, role=db.OWNER)
    assert inspect(fresh.engine).get_table_names() == []
    fresh.dispose()


def test_the_greeting_names_every_host_and_the_password_once() -> None:
    greeting = demo.welcome(8123, mailbox=True)
    for provider in world.PROVIDERS:
        for domain in provider.domains:
            assert greeting.count(f"http://{domain.host}:8123 ") == 1
    assert greeting.count(world.PASSWORD) == 1


def test_the_greeting_says_where_mails_are_read() -> None:
    assert "Mails are read at http://lantern.localhost:8123/_mailbox" in demo.welcome(8123, mailbox=True)
    assert "_mailbox" not in demo.welcome(8123, mailbox=False)


def test_the_audit_log_is_a_whole_chain() -> None:
    result = CliRunner().invoke(audit, ["verify"])
    assert result.exit_code == 0, result.output
    assert len(re.findall(r"^[^:]+: \d+ entries, all as written\. Head: ", result.output, re.MULTILINE)) == len(world.PROVIDERS)


def test_a_file_waits_to_be_imported(browse: Browse) -> None:
    browser = browse(host="lantern.localhost")
    browser.post("/login", {"username": "clare", "password": world.PASSWORD})
    found = re.search(r'href="(/imports/[^"]+)"><bdi>hamburg-office.csv', browser.get("/imports").text)
    assert found is not None
    report = text_of(browser.get(found[1]).text)
    assert "8 extensions will be added. 1 extension will be changed. 2 rows cannot be imported." in report


def test_calls_go_on_where_people_have_set_it_up(browse: Browse) -> None:
    browser = browse(host="lantern.localhost")
    browser.post("/login", {"username": "alice", "password": world.PASSWORD})

    def told(question: str) -> str:
        text = text_of(browser.get(f"/call-handling?day=2026-11-25&{question}").text)
        return " ".join(text.replace("\u2066", "").replace("\u2069", "").split())

    after_hours = "Alice Meier: calls go straight to Bob Turner, 102. It is “After hours”. The caller is not in “Family”."
    assert after_hours in told("time=18:05")
    assert "Alice Meier rings." in told("time=18:05&caller=0171+3920021")
    assert "Alice Meier: no phone is signed in, calls go to 0171 3920010." in told("time=10:00&phones=off")
