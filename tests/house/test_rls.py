"""Three belts keep tenants apart. Each is looked at alone here, and shown to bite."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from sqlalchemy import Connection, Table, delete, exists, func, insert, select, text, update
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError
from sqlalchemy.orm import aliased

from portal.core import db
from portal.core.tenancy import ForeignRow, NoScope, OfCustomer, OfReseller, Scope
from portal.features.accounts.models import Account, AccountSession
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast
from tests.factories.subscribers import SubscriberFactory
from tests.house.test_roles import ROLES

# Tables that hold nobody's data: who may see them is said by grants, or by a policy of their own.
OF_NOBODY = {
    "alembic_version",
    "job",
    "sign_in_trouble",
    "call_known_leg",
    "call_import",
    "call_import_reject",
    "worker_beat",
    "peering_group",
    "peering_server",
    "switch_node",
}

TABLES = """
    SELECT c.relname AS name, c.relrowsecurity AS on, c.relforcerowsecurity AS forced, c.relispartition AS part,
           ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) AS columns
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""


@pytest.fixture
def alone(bare: db.Database, own_cast: Cast) -> Cast:
    """The cast, with units of work that only belt one guards."""
    db.install(bare)
    return own_cast


def table(mapped: type[db.Base]) -> Table:
    """What Core sees of a mapped class: the ORM's guard does not know whose it is."""
    return cast("Table", mapped.__table__)


def tenant_tables(connection: Connection) -> list[Any]:
    return [row for row in connection.execute(text(TABLES)) if not row.part and row.name not in OF_NOBODY]


# --- belt two: the database -------------------------------------------------------------------------------------------------


def test_every_tenant_table_is_protected_for_its_owner_too(owner: Connection) -> None:
    tables = tenant_tables(owner)
    assert {"reseller", "account", "subscriber", "call_record"} <= {row.name for row in tables}
    assert [row.name for row in tables if not (row.on and row.forced)] == []
    assert [row.name for row in tables if not {"reseller_id", "customer_id"} & set(row.columns) and row.name != "reseller"] == []


def test_policies_speak_of_the_reseller_and_where_there_is_one_of_the_customer(owner: Connection) -> None:
    found = owner.execute(
        text(
            "SELECT tablename, qual, with_check FROM pg_policies"
            " WHERE permissive = 'PERMISSIVE' AND cmd = 'ALL' AND roles = '{public}'"
        )
    )
    rules = {row.tablename: (row.qual, row.with_check) for row in found}
    for table in tenant_tables(owner):
        for rule in rules[table.name]:
            assert "app.reseller" in rule, table.name
            if "customer_id" in table.columns or table.name == "customer":
                assert "app.customer" in rule, table.name


def test_no_policy_is_added_that_lets_more_through(owner: Connection) -> None:
    several = owner.execute(
        text(
            "SELECT tablename FROM pg_policies WHERE permissive = 'PERMISSIVE' AND roles = '{public}'"
            " GROUP BY tablename HAVING count(*) > 1"
        ),
    )
    assert list(several.scalars()) == []


def test_partitions_cannot_be_reached(owner: Connection) -> None:
    owner.execute(text("SELECT ensure_call_partition(now())"))
    parts = [row for row in owner.execute(text(TABLES)) if row.part]
    assert parts
    assert [row.name for row in parts if not (row.on and row.forced)] == []
    for row in parts:
        for role in (*ROLES, "public"):
            granted = owner.scalar(
                text(
                    "SELECT count(*) FROM information_schema.role_table_grants WHERE table_name = :name AND grantee ILIKE :role"
                ),
                {"name": row.name, "role": role},
            )
            assert granted == 0, f"{role} reaches {row.name}"


def test_a_partition_asked_for_by_name_answers_nothing(own_database: db.Database, own_cast: Cast, owner: Connection) -> None:
    owner.execute(text("SELECT ensure_call_partition(now())"))
    name = owner.scalar(text("SELECT max(relname) FROM pg_class WHERE relispartition AND relkind = 'r'"))
    owner.commit()
    with pytest.raises(ProgrammingError, match="permission denied"), db.unit_of_work(own_cast.clare.scope) as session:
        session.execute(text(f'SELECT * FROM "{name}"'))


@pytest.mark.parametrize("role", [db.WEB, db.WORKER, db.OWNER])
def test_without_settings_nothing_is_seen(own_database: db.Database, own_cast: Cast, owner: Connection, role: str | None) -> None:
    opened = db.Database(own_database.url, role=role)
    with opened.engine.connect() as connection:
        for name in (row.name for row in tenant_tables(owner)):
            if connection.scalar(text("SELECT has_table_privilege(:name, 'SELECT')"), {"name": name}):
                assert connection.scalar(text(f"SELECT count(*) FROM {name}")) == 0, name
    opened.dispose()
    assert owner.scalar(text("SELECT count(*) FROM account")) == len(own_cast.people)


@pytest.mark.parametrize("setting", ["", "all ", "ALL", "1 OR 1=1", "-1"])
def test_an_odd_setting_shows_nothing(own_database: db.Database, own_cast: Cast, setting: str) -> None:
    with own_database.engine.connect() as web:
        web.execute(select(func.set_config("app.reseller", setting, True), func.set_config("app.customer", "all", True)))
        try:
            seen = web.scalar(select(func.count()).select_from(Account.__table__))
        except DataError:
            seen = 0
        assert seen == 0


def test_core_selects_and_sql_in_words_stay_within_the_scope(own_cast: Cast) -> None:
    lantern = {person.account.name for person in own_cast.people.values() if person.account.customer_id == own_cast.lantern.id}
    with db.unit_of_work(own_cast.clare.scope) as session:
        assert set(session.scalars(select(Account.__table__.c.name))) == lantern
        assert set(session.scalars(text("SELECT name FROM account"))) == lantern
        assert set(session.connection().exec_driver_sql("SELECT name FROM account").scalars()) == lantern


def test_bulk_inserts_for_another_customer_are_stopped(own_cast: Cast) -> None:
    row = {
        "reseller_id": own_cast.telephone.id,
        "customer_id": own_cast.city_bank.id,
        "cc": "49",
        "ac": "30",
        "sn": "1",
        "digits": "49301",
    }
    row |= {"role": "alias", "subscriber_id": own_cast.ike.account.subscriber_id, "version": 1, "public_id": "0123456789abcdef"}
    for statement in (insert(Number), insert(table(Number))):
        with pytest.raises(ProgrammingError, match="row-level security"), db.unit_of_work(own_cast.clare.scope) as session:
            session.execute(statement, [row])
        with pytest.raises(ProgrammingError, match="row-level security"), db.unit_of_work(own_cast.clare.scope) as session:
            session.execute(statement.values(row))


def test_rows_cannot_be_given_away(own_cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), db.unit_of_work(own_cast.clare.scope) as session:
        session.execute(update(Number).values(customer_id=own_cast.city_bank.id))


def test_bulk_updates_by_key_do_not_reach_others(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope) as session:
        session.execute(text("UPDATE account SET name = 'stolen' WHERE id = :id"), {"id": own_cast.ike.account.id})
        session.execute(update(table(Account)).where(Account.id == own_cast.ike.account.id).values(name="stolen"))
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(Account.name).where(Account.id == own_cast.ike.account.id)) == "Ike Leonard"


@pytest.mark.parametrize(
    "deed",
    [
        lambda who: update(Reseller).values(name="Mine"),
        lambda who: update(SipDomain).values(time_zone="UTC"),
        lambda who: insert(table(SipDomain)).values(
            reseller_id=who.telephone.id,
            public_id="0123456789abcdef",
            domain="new.example",
            languages=["en"],
            time_zone="UTC",
            cc="1",
            ac="",
        ),
    ],
    ids=["reseller", "domain", "new domain"],
)
def test_a_customers_transaction_does_not_write_its_reseller(own_cast: Cast, deed: Callable[[Cast], Any]) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), db.unit_of_work(own_cast.clare.scope) as session:
        session.execute(deed(own_cast))
    with db.unit_of_work(own_cast.tom.scope) as session:
        session.execute(deed(own_cast))


def test_a_customers_transaction_deletes_no_domain(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope) as session:
        assert session.execute(text("DELETE FROM web_host RETURNING id")).all() == []


def test_a_customer_sees_its_own_sessions_alone(own_cast: Cast, browse: Callable[..., Any]) -> None:
    browse(own_cast.ike)
    browse(own_cast.alice)
    with db.unit_of_work(own_cast.clare.scope) as session:
        assert set(session.scalars(select(AccountSession.__table__.c.account_id))) == {own_cast.alice.account.id}


# --- belt three: foreign keys -----------------------------------------------------------------------------------------------

FOREIGN_KEYS = """
    SELECT k.conname AS name, f.relname AS source, t.relname AS target,
           ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)) AS own,
           ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey)) theirs
    FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
    WHERE k.contype = 'f' AND k.conparentid = 0
"""


def test_foreign_keys_between_tenants_rows_contain_the_reseller(owner: Connection) -> None:
    tenants = {row.name for row in tenant_tables(owner)}
    keys = [row for row in owner.execute(text(FOREIGN_KEYS)) if row.source in tenants and row.target in tenants]
    assert len(keys) > 10
    careless = {row.name for row in keys if _own_key(row) not in row.own or _forgets_theirs(row)}
    assert careless == OF_THE_PLATFORM


# A contract is with a reseller, but its contact belongs to nobody's tenant.
OF_THE_PLATFORM = {"fk_contract_contact_id"}


def _own_key(row: Any) -> str:
    """A reseller's own id is its reseller’s."""
    return "id" if row.source == "reseller" else "reseller_id"


def _forgets_theirs(row: Any) -> bool:
    return "reseller_id" not in row.theirs and row.target != "reseller"


def test_foreign_keys_between_customers_rows_contain_the_customer(owner: Connection) -> None:
    columns = {row.name: set(row.columns) for row in tenant_tables(owner)}
    both = [
        row
        for row in owner.execute(text(FOREIGN_KEYS))
        if "customer_id" in columns.get(row.source, set()) and "customer_id" in columns.get(row.target, set())
    ]
    whole = [(row.source, row.target, set(row.own)) for row in both if "customer_id" in row.own]

    def covered(key: Any) -> bool:
        return any((source, target) == (key.source, key.target) and own >= set(key.own) for source, target, own in whole)

    # Accounts of staff have no customer: their sessions are held by the shorter key, the people's by both.
    # A number that waits for another customer has none either; that it is one's own is checked where it is chosen.
    careless = {row.name for row in both if not covered(row)}
    # Staff, who have no customer, view as people who have one.
    assert careless == {"fk_subscriber_outgoing_number", "fk_account_session_viewing"}


def test_a_row_that_mixes_tenants_is_refused_by_the_database(alone: Cast) -> None:
    mixed = [
        Contact(reseller_id=999_999, email="x@y.example"),
        _line(alone, reseller_id=alone.cheapcall.id),
        _line(alone, domain_id=alone.domains["cheapcall"].id),
        _line(alone, customer_id=alone.charlie.account.customer_id),
        Number(
            reseller_id=alone.telephone.id,
            customer_id=alone.city_bank.id,
            subscriber_id=alone.alice.account.subscriber_id,
            cc="49",
            ac="30",
            sn="99",
            digits="493099",
        ),
    ]
    for row in mixed:
        with pytest.raises(IntegrityError, match="foreign key"), db.unit_of_work(Scope.platform()) as session:
            session.add(row)


def _line(who: Cast, **mixed: int | None) -> Subscriber:
    own = {"reseller_id": who.telephone.id, "customer_id": who.lantern.id, "domain_id": who.domains["lantern"].id}
    line: Subscriber = SubscriberFactory.build(kind="regular", **(own | mixed))
    return line


# --- belt one: the session --------------------------------------------------------------------------------------------------


def test_no_scope_no_query(own_database: db.Database) -> None:
    with db.PortalSession(own_database.engine) as session:
        for statement in (select(Account), text("SELECT 1"), update(Account).values(name="x"), delete(Account)):
            with pytest.raises(NoScope):
                session.execute(statement)
        session.add(Account())
        with pytest.raises(NoScope):
            session.flush()


def test_no_unit_of_work_no_session() -> None:
    with pytest.raises(RuntimeError, match="no unit of work"):
        db.session()


def names_of_lantern(who: Cast) -> set[str]:
    return {person.account.name for person in who.people.values() if person.account.customer_id == who.lantern.id}


other = aliased(Account)
READS = {
    "entities": lambda session: {account.name for account in session.scalars(select(Account))},
    "columns": lambda session: set(session.scalars(select(Account.name))),
    "alias": lambda session: set(session.scalars(select(other.name))),
    "joined": lambda session: set(session.scalars(select(Account.name).join(Subscriber, Subscriber.id == Account.subscriber_id))),
    "joined alias": lambda session: set(session.scalars(select(other.name).join(Customer, Customer.id == other.customer_id))),
    "joined to all": lambda session: set(session.scalars(select(other.name).select_from(Customer).join(other, other.id > 0))),
    "outer joined": lambda session: set(
        session.scalars(select(other.name).select_from(Customer).join(other, other.id > 0, isouter=True))
    ),
    "where": lambda session: set(session.scalars(select(Account.name).where(Account.name.is_not(None) | (Account.id > 0)))),
    "subquery": lambda session: set(session.scalars(select(select(Account.name).subquery().c.name))),
    "cte": lambda session: set(session.scalars(select(select(Account.name).cte().c.name))),
    "union": lambda session: set(session.scalars(select(Account.name).union(select(other.name)))),
    "two tables": lambda session: set(session.scalars(select(Account.name).where(Account.subscriber_id == Subscriber.id))),
    "legacy": lambda session: {account.name for account in session.query(Account)},
}


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_every_read_gets_the_scope(alone: Cast, read: Callable[[Any], set[str]]) -> None:
    with db.unit_of_work(alone.clare.scope) as session:
        assert read(session) == names_of_lantern(alone)


def test_counts_and_questions_get_the_scope(alone: Cast) -> None:
    ike = alone.ike.account.id
    with db.unit_of_work(alone.clare.scope) as session:
        assert session.scalar(select(func.count()).select_from(Account)) == len(names_of_lantern(alone))
        assert session.scalar(select(exists().where(Account.id == ike))) is False
        assert session.scalar(select(exists(select(Account.id).where(Account.id == ike)))) is False
        assert session.get(Account, ike) is None
        assert session.scalars(select(Customer.name)).all() == ["Lantern Co"]
        assert session.scalars(select(Reseller.name)).all() == ["TelephOne"]


def test_the_resellers_scope_is_wider_than_the_customers(alone: Cast) -> None:
    with db.unit_of_work(alone.tom.scope) as session:
        assert set(session.scalars(select(Customer.name))) == {"Lantern Co", "City Bank"}
        assert set(session.scalars(select(Reseller.name))) == {"TelephOne"}
    with db.unit_of_work(Scope.platform()) as session:
        assert len(session.scalars(select(Reseller.name)).all()) == 3


def test_update_and_delete_get_the_scope(alone: Cast) -> None:
    with db.unit_of_work(alone.clare.scope) as session:
        session.execute(update(Account).values(time_zone="UTC"))
        session.execute(update(Account).where(Account.id == alone.ike.account.id).values(name="stolen"))
        session.execute(delete(Number))
    with db.unit_of_work(Scope.platform()) as session:
        changed = set(session.scalars(select(Account.name).where(Account.time_zone == "UTC")))
        assert changed == names_of_lantern(alone)
        left = set(session.scalars(select(Number.customer_id)))
        assert left == {alone.city_bank.id, alone.charlie.account.customer_id}


def test_foreign_rows_are_refused_before_they_are_written(alone: Cast) -> None:
    for reseller, customer in ((alone.cheapcall.id, None), (alone.telephone.id, alone.city_bank.id), (None, None)):
        with pytest.raises(ForeignRow), db.unit_of_work(alone.clare.scope) as session:
            session.add(Number(reseller_id=reseller, customer_id=customer, cc="49", ac="30", sn="1", digits="49301"))
    with pytest.raises(ForeignRow), db.unit_of_work(alone.tom.scope) as session:
        session.add(Contact(reseller_id=alone.cheapcall.id, email="x@y.example"))
    with pytest.raises(ForeignRow), db.unit_of_work(alone.tom.scope) as session:
        session.add(Reseller(name="Another", theme="isar", languages=["en"]))


def test_own_rows_cannot_be_moved_away(alone: Cast) -> None:
    with pytest.raises(ForeignRow), db.unit_of_work(alone.clare.scope) as session:
        session.scalars(select(Number)).first().customer_id = alone.city_bank.id  # type: ignore[union-attr]


def test_a_foreign_row_brought_along_is_neither_changed_nor_deleted(alone: Cast) -> None:
    with pytest.raises(ForeignRow), db.unit_of_work(alone.clare.scope) as session:
        session.merge(alone.ike.account, load=False).name = "stolen"
    with pytest.raises(ForeignRow), db.unit_of_work(alone.clare.scope) as session:
        session.delete(session.merge(alone.ike.account, load=False))


def test_every_mapped_table_of_a_tenant_is_known_to_belt_one(owner: Connection) -> None:
    mapped = {mapper.local_table.name: mapper.class_ for mapper in db.Base.registry.mappers}  # type: ignore[attr-defined]
    for table in tenant_tables(owner):
        if table.name in mapped:
            assert issubclass(mapped[table.name], OfReseller), table.name
            if "customer_id" in table.columns or table.name == "customer":
                assert issubclass(mapped[table.name], OfCustomer), table.name
