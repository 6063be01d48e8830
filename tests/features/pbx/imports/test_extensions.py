"""A file of extensions: what its dry run says, what writing it does."""

from sqlalchemy import func, select

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.features.accounts.models import Account
from portal.features.contacts.models import Contact
from portal.features.numbers.models import Number, Role
from portal.features.pbx import queries
from portal.features.pbx.models import ImportState
from portal.features.pbx.operations import imports
from portal.features.pbx.queries.snapshot import snapshot
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast
from tests.features.pbx.imports.conftest import Importing

HEAD = "Extension,Name,E-mail"


def line_of(extension: str) -> Subscriber:
    return db.session().scalars(select(Subscriber).where(Subscriber.extension == extension, Subscriber.status == "active")).one()


def test_new_people_are_there_with_all_that_belongs_to_them(importing: Importing, own_cast: Cast) -> None:
    run = importing.write(HEAD, "104,Dora Klein,dora@lantern.example", "105,Émile Zola,")
    assert (run.state, run.counts) == (ImportState.WRITTEN, {"new": 2, "changed": 0, "same": 0, "refused": 0})
    with db.unit_of_work(own_cast.clare.scope) as session:
        dora = line_of("104")
        assert (dora.display_name, dora.username, dora.name_sort) == ("Dora Klein", "104", "dora klein")
        account = session.scalars(select(Account).where(Account.subscriber_id == dora.id)).one()
        assert (account.username, account.email, account.password_hash) == ("104", "dora@lantern.example", None)
        assert session.scalars(select(Contact.email).where(Contact.id == dora.contact_id)).one() == "dora@lantern.example"
        number = session.scalars(select(Number).where(Number.subscriber_id == dora.id)).one()
        assert (number.digits, number.role) == ("49305550000104", Role.PRIMARY)
        assert dora.ha1_md5
        assert line_of("105").contact_id is None
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.EXTENSION_CREATED).limit(1)).one()
        assert (entry.actor, entry.actor_name) == (own_cast.clare.account.public_id, "Clare Fenn")
        whole = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.IMPORT_WRITTEN)).one()
        assert (whole.label, whole.details) == ("people.csv", {"added": 2, "changed": 0})


def test_somebody_who_is_there_is_changed(importing: Importing, own_cast: Cast) -> None:
    run = importing.write(
        "Extension;Name;Do not disturb;Language;Further numbers",
        '101;Alice Weber;yes;Deutsch;"+49 30 5550701"',
        "102;Bob Turner;;;",
    )
    assert importing.verdicts(run) == ["changed", "same"]
    (alice, _bob) = importing.rows(run)
    assert alice.changes == {
        "display_name": ["Alice Meier", "Alice Weber"],
        "do_not_disturb": [False, True],
        "language": [None, "de"],
        "numbers": [[], ["49305550701"]],
    }
    with db.unit_of_work(own_cast.clare.scope) as session:
        found = queries.sheet(own_cast.alice.subscriber.public_id)
        assert (found.line.display_name, found.line.do_not_disturb, found.line.language) == ("Alice Weber", True, "de")
        assert [alias.digits for alias in found.aliases] == ["49305550701"]
        assert found.account is not None
        assert found.account.name == "Alice Weber"
        events = set(session.scalars(select(AuditEntry.event).where(AuditEntry.subject == found.line.public_id)))
        assert events == {Event.EXTENSION_CHANGED, Event.NUMBER_ASSIGNED}
        assert session.scalar(select(func.count()).select_from(Number).where(Number.subscriber_id == found.line.id)) == 2


def test_a_file_is_undone(importing: Importing, own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope):
        before = imports_view(own_cast)
    run = importing.write(
        "Extension;Name;E-mail;Groups;Further numbers",
        "101;Alice Weber;alice@lantern.example;;+49 30 5550701",
        "104;Dora;dora@lantern.example;Sales;+49 30 5550702",
    )
    with db.unit_of_work(own_cast.clare.scope):
        assert imports_view(own_cast) != before
    run = importing.undo(run)
    assert (run.state, run.trouble) == (ImportState.UNDONE, None)
    with db.unit_of_work(own_cast.clare.scope):
        assert imports_view(own_cast) == before


def imports_view(own_cast: Cast) -> object:
    return snapshot(own_cast.lantern.id)


def test_passwords_are_taken_once(importing: Importing, own_cast: Cast) -> None:
    run = importing.write(HEAD, "104,Dora Klein,")
    with db.unit_of_work(own_cast.clare.scope):
        (dora,) = imports.take_passwords(by=own_cast.clare.identity, run=queries.imports.run(run.public_id))
    assert (dora.extension, dora.name, dora.username) == ("104", "Dora Klein", "104")
    assert len(dora.password) == 19
