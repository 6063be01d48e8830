"""A whole import is undone, or nothing of it."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from portal.core import clock, db
from portal.core.audit import AuditEntry, Event
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.callhandling import operations as callhandling
from portal.features.callhandling.rules import Destination, Plan, When
from portal.features.contacts.models import Contact
from portal.features.numbers.models import Number
from portal.features.pbx import operations, queries
from portal.features.pbx.models import Import, ImportKind, ImportState
from portal.features.pbx.queries.snapshot import snapshot
from portal.features.pbx.rules.plan_rows import Snapshot
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.queries import line as line_of
from tests.cast import Cast
from tests.features.pbx.imports.conftest import Importing

EXTENSIONS = (
    "Extension;Name;E-mail;Web user name;Language;Called people see;Do not disturb;Music on hold;Further numbers;Groups;Profile",
    '101;Alice Weber;alice@new.example;ally;de;+49 30 5550701;yes;no;"+49 30 5550701; +49 30 5550700";;Sparing',
    '104;Dora;dora@lantern.example;;;base;;;"+49 30 5550702";Sales;',
    "105;Emil;;;;;;;;600;Sparing",
)
GROUPS = (
    "Extension;Name;Ringing policy;Seconds of ringing;Members;Further numbers;Members’ own forwarding is ignored",
    '600;Verkauf;In order;25;"103; 101";+49 30 5550701;on',
    '601;Support;In turn;;"clare; 102";+49 30 5550702;',
)
NUMBERS = ("Number;Given to", "+49 30 5550700;101", "+49 30 5550701;Sales", "+49 30 5550702;102")


def now(importing: Importing) -> Snapshot:
    with db.unit_of_work(importing.scope):
        return snapshot(importing.customer_id)


@pytest.fixture
def company(importing: Importing, own_cast: Cast) -> Importing:
    """Lantern Co with a profile, and numbers with bob and with the group, one of which is shown."""
    with db.unit_of_work(importing.scope) as session:
        subscribers.add_profile(by=importing.by, customer_id=importing.customer_id, name="Sparing", levels={})
        pool = {number.digits: number.public_id for number in queries.free_numbers(importing.customer_id, 20)}
        bob = queries.extension(own_cast.bob.subscriber.public_id)
        operations.assign_numbers(by=importing.by, customer_id=importing.customer_id, numbers=[pool["49305550703"]], to=bob)
        number = session.scalars(select(Number).where(Number.digits == "49305550703")).one()
        session.execute(update(Subscriber).where(Subscriber.id == bob.id).values(outgoing="alias", outgoing_number_id=number.id))
    return importing


@pytest.mark.parametrize("kind", list(ImportKind))
def test_everything_is_as_it_was(company: Importing, kind: ImportKind) -> None:
    before = now(company)
    file = {ImportKind.EXTENSIONS: EXTENSIONS, ImportKind.GROUPS: GROUPS, ImportKind.NUMBERS: NUMBERS}[kind]
    run = company.write(*file, kind=kind)
    assert (run.state, run.trouble, run.counts["refused"]) == (ImportState.WRITTEN, None, 0)
    written = now(company)
    assert written != before
    run = company.undo(run)
    assert (run.state, run.trouble) == (ImportState.UNDONE, None)
    assert now(company) == before
    with db.unit_of_work(company.scope) as session:
        undone = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.IMPORT_UNDONE)).one()
        assert (undone.actor_name, undone.label, undone.subject) == ("Clare Fenn", "people.csv", run.public_id)


def test_what_is_written_is_what_the_file_says(company: Importing) -> None:
    company.write(*EXTENSIONS)
    lines = now(company).lines
    alice, dora, sales = lines["101"], lines["104"], lines["600"]
    assert (alice.name, alice.email, alice.web_username, alice.language) == ("Alice Weber", "alice@new.example", "ally", "de")
    assert (alice.outgoing, alice.do_not_disturb, alice.music_on_hold) == ("49305550701", True, False)
    assert (alice.numbers, alice.groups, alice.profile) == (("49305550700", "49305550701"), (), "Sparing")
    assert (dora.outgoing, dora.numbers, dora.groups, dora.profile) == ("base", ("49305550702",), ("600",), None)
    assert sales.members == ("102", "103", "104", "105")


def test_groups_are_written_as_the_file_says(company: Importing) -> None:
    company.write(*GROUPS, kind=ImportKind.GROUPS)
    sales, support = now(company).lines["600"], now(company).lines["601"]
    assert (sales.name, sales.policy, sales.ring_seconds, sales.members) == ("Verkauf", "serial", 25, ("103", "101"))
    assert (sales.ignore_forwards, sales.numbers) == (True, ("49305550701",))
    assert (support.name, support.username, support.policy, support.ring_seconds) == ("Support", "support", "circular", 10)
    assert support.members == ("clare", "102")
    with db.unit_of_work(company.scope) as session:
        made = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.GROUP_CREATED)).one()
        assert made.details == {
            "extension": "601",
            "number": "49305550000601",
            "policy": "circular",
            "members": ["Clare Fenn", "Bob Turner"],
        }
        changed = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.GROUP_CHANGED)).one()
        assert changed.details["ring_seconds"] == [10, 25]
        ordered = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.GROUP_MEMBERS_CHANGED)).one()
        assert ordered.details == {"members": ["Carol Nguyen", "Alice Meier"]}


def test_numbers_change_hands_and_come_back(company: Importing) -> None:
    file = ("Number;Given to", "+49 30 5550703;", "+49 30 5550702;102")
    run = company.write(*file, kind=ImportKind.NUMBERS)
    bob = now(company).lines["102"]
    assert (bob.numbers, bob.outgoing) == (("49305550702",), "own")
    company.undo(run)
    bob = now(company).lines["102"]
    assert (bob.numbers, bob.outgoing) == (("49305550703",), "49305550703")


def test_what_one_row_gives_back_another_may_have(company: Importing) -> None:
    before = now(company)
    run = company.write("Extension;Numbers", "102;", "101;+49 30 5550703")
    assert (now(company).lines["101"].numbers, now(company).lines["102"].outgoing) == (("49305550703",), "own")
    assert importing_changes(company, run) == [
        {"numbers": [["49305550703"], []], "outgoing": ["49305550703", "own"]},
        {"numbers": [[], ["49305550703"]]},
    ]
    company.undo(run)
    assert now(company) == before


def importing_changes(importing: Importing, run: Import) -> list[object]:
    return [row.changes for row in importing.rows(run)]


def test_nothing_of_an_undone_line_is_left(company: Importing) -> None:
    run = company.write(*EXTENSIONS)
    with db.unit_of_work(company.scope) as session:
        dora = session.scalars(select(Subscriber).where(Subscriber.extension == "104")).one()
        contact_id, line_id = dora.contact_id, dora.id
    company.undo(run)
    with db.unit_of_work(Scope.platform()) as session:
        dora = session.get_one(Subscriber, line_id)
        assert (dora.status, dora.ha1_md5, dora.contact_id) == ("terminated", None, None)
        assert session.get(Contact, contact_id) is None
        assert session.scalars(select(Account.status).where(Account.subscriber_id == line_id)).all() == ["terminated"]
        assert not session.scalar(select(func.count()).select_from(Number).where(Number.subscriber_id == line_id))
        events = session.scalars(select(AuditEntry.event).where(AuditEntry.subject == dora.public_id).order_by(AuditEntry.id))
        assert list(events) == ["extension-created", "number-assigned", "number-returned", "extension-terminated"]
    again = company.write(*EXTENSIONS)
    assert again.state == ImportState.WRITTEN


def rename_alice(importing: Importing, cast: Cast) -> None:
    line = queries.extension(cast.alice.subscriber.public_id)
    operations.change_allowed(by=importing.by, line=line, version=line.version, do_not_disturb=False, music_on_hold=True)


def end_dora(importing: Importing, cast: Cast) -> None:
    dora = db.session().scalars(select(Subscriber).where(Subscriber.extension == "104")).one()
    operations.terminate(by=importing.by, line=dora)


def order_sales(importing: Importing, cast: Cast) -> None:
    group = line_of(cast.groups["sales"].public_id)
    people = [cast.carol.subscriber.public_id]
    operations.set_members(by=importing.by, group=group, version=group.version, members=people)


def give_number(importing: Importing, cast: Cast) -> None:
    number = db.session().scalars(select(Number).where(Number.digits == "49305550702")).one()
    to = queries.extension(cast.carol.subscriber.public_id)
    operations.assign_numbers(by=importing.by, customer_id=importing.customer_id, numbers=[number.public_id], to=to)


def dora_of(cast: Cast) -> Subscriber:
    return db.session().scalars(select(Subscriber).where(Subscriber.extension == "104")).one()


def forward_dora(importing: Importing, cast: Cast) -> None:
    plan = Plan(when=When.ALWAYS, destinations=(Destination(number="4930111222"),))
    callhandling.add_forward(by=importing.by, line=dora_of(cast), plan=plan)


def sign_dora_in(importing: Importing, cast: Cast) -> None:
    db.session().execute(update(Account).where(Account.subscriber_id == dora_of(cast).id).values(last_sign_in_at=clock.now()))


@pytest.mark.parametrize(
    ("touch", "name"),
    [
        (rename_alice, "Alice Weber"),
        (end_dora, "Dora"),
        (order_sales, "Sales"),
        (give_number, "Dora"),
        (forward_dora, "Dora"),
        (sign_dora_in, "Dora"),
    ],
    ids=["changed", "ended", "ordered", "number", "forwards", "signed-in"],
)
def test_what_was_touched_keeps_all_of_it(
    company: Importing, own_cast: Cast, touch: Callable[[Importing, Cast], None], name: str
) -> None:
    run = company.write(*EXTENSIONS)
    with db.unit_of_work(company.scope):
        touch(company, own_cast)
    before = now(company)
    run = company.undo(run)
    assert run.state == ImportState.WRITTEN
    assert now(company) == before
    with db.unit_of_work(company.scope):
        sentence = queries.imports.trouble(queries.imports.run(run.public_id))
    assert sentence.startswith(f"{name} ") or f"{name}," in sentence or f", {name}" in sentence
    assert sentence.endswith("changed after the import. Undoing it would undo that as well, so nothing was changed.")


def test_a_number_that_went_on_keeps_its_import(company: Importing, own_cast: Cast) -> None:
    run = company.write(*NUMBERS, kind=ImportKind.NUMBERS)
    with db.unit_of_work(company.scope):
        give_number(company, own_cast)
    before = now(company)
    run = company.undo(run)
    assert (run.state, run.trouble and run.trouble["facts"]) == (ImportState.WRITTEN, {"names": "+49 30 5550702"})
    assert now(company) == before


def test_a_number_given_back_that_went_to_somebody_else_stays_there(company: Importing, own_cast: Cast) -> None:
    run = company.write("Extension;Numbers", "102;")
    with db.unit_of_work(company.scope) as session:
        number = session.scalars(select(Number).where(Number.digits == "49305550703")).one()
        to = queries.extension(own_cast.carol.subscriber.public_id)
        operations.assign_numbers(by=company.by, customer_id=company.customer_id, numbers=[number.public_id], to=to)
    run = company.undo(run)
    assert (run.state, run.trouble and run.trouble["code"]) == (ImportState.WRITTEN, "import-touched")
    assert now(company).lines["103"].numbers == ("49305550703",)


def test_many_touched_ones_are_named_in_part(importing: Importing) -> None:
    run = importing.write("Extension,Name", *(f"{n},Person {n}" for n in range(110, 120)))
    with db.unit_of_work(importing.scope) as session:
        session.execute(update(Subscriber).where(Subscriber.extension_number.between(110, 119)).values(version=9))
    run = importing.undo(run)
    assert run.trouble == {
        "code": "import-touched-more",
        "field": None,
        "facts": {"names": "Person 110, Person 111, Person 112"},
    }
