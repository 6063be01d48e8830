"""Importing one row comes to the same as doing it by the operation: the same line, or the same refusal."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NoReturn

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from portal.core import db
from portal.core.errors import CONSTRAINTS, Refused
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number
from portal.features.pbx import operations, queries
from portal.features.pbx.models import ImportKind
from portal.features.pbx.queries.snapshot import snapshot
from portal.features.pbx.rules import RingingPolicy
from portal.features.pbx.rules.plan_rows import LineNow
from portal.features.resellers.models import Reseller
from portal.features.subscribers.models import OutgoingNumber
from portal.features.subscribers.queries import line as line_of
from tests.cast import Cast
from tests.features.pbx.imports.conftest import Importing

COLUMNS = {
    "extension": "Extension",
    "display_name": "Name",
    "email": "E-mail",
    "username": "SIP user name",
    "web_username": "Web user name",
    "language": "Language",
}


class RolledBackError(Exception):
    pass


def _roll_back() -> NoReturn:
    raise RolledBackError


def by_operation(importing: Importing, act: Callable[[], object]) -> str | dict[str, LineNow]:
    """What comes of it: the code of a refusal, or the lines of the company. Nothing stays."""
    found: dict[str, LineNow] = {}
    try:
        with db.unit_of_work(importing.scope) as session:
            act()
            session.flush()
            found = lines(importing)
            _roll_back()
    except Refused as refusal:
        return refusal.code
    except RolledBackError:
        return found


def by_import(importing: Importing, *file: str, kind: ImportKind = ImportKind.EXTENSIONS) -> str | dict[str, LineNow]:
    run = importing.check(*file, kind=kind)
    codes = importing.codes(run)[0]
    if codes:
        return codes[0]
    if importing.verdicts(run) != ["same"]:
        importing.asked(run, operations.imports.write)
    with db.unit_of_work(importing.scope):
        return lines(importing)


def lines(importing: Importing) -> dict[str, LineNow]:
    return {handle: replace(one, public_id="") for handle, one in snapshot(importing.customer_id).lines.items()}


NEW = [
    {"extension": "104", "display_name": "Dora Klein"},
    {"extension": " 1 04 ", "display_name": "  Dora   Klein ", "email": " dora@lantern.example "},
    {"extension": "104", "display_name": "Dora", "username": "Dora.K", "web_username": "DORA", "language": "de"},
    {"extension": "104", "display_name": "Dora", "username": "dora"},
    {"extension": "104", "display_name": ""},
    {"extension": "104", "display_name": "x" * 128},
    {"extension": "104", "display_name": "Dora", "username": "alice"},
    {"extension": "104", "display_name": "Dora", "username": "do ra"},
    {"extension": "104", "display_name": "Dora", "username": ".dora"},
    {"extension": "104", "display_name": "Dora", "username": "dörä"},
    {"extension": "104", "display_name": "Dora", "web_username": "alice"},
    {"extension": "104", "display_name": "Dora", "web_username": "a..b"},
    {"extension": "104", "display_name": "Dora", "email": "dora@"},
    {"extension": "104", "display_name": "Dora", "email": "d" * 250 + "@x.example"},
    {"extension": "", "display_name": "Dora"},
    {"extension": "1o4", "display_name": "Dora"},
    {"extension": "12345678901", "display_name": "Dora"},
    {"extension": "600", "display_name": "Dora"},
    {"extension": "99", "display_name": "Dora"},
    {"extension": "700", "display_name": "Dora"},
    {"extension": "99", "display_name": "", "username": "do ra"},
    {"extension": "151", "display_name": "Dora"},  # its number is one of the pool
    {"extension": "152", "display_name": "Dora"},  # its number is somebody else's
]


@pytest.fixture
def narrow(importing: Importing, own_cast: Cast) -> Importing:
    """Extensions of Lantern Co reach from 100 to 699; the numbers of two of them are in use."""
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Customer).where(Customer.id == own_cast.lantern.id).values(extension_min=100, extension_max=699))
        own = {"reseller_id": own_cast.telephone.id, "cc": "49", "ac": "30", "role": "alias"}
        for extension, of in (("151", own_cast.clare), ("152", own_cast.ike)):
            line = of.subscriber
            session.add(
                Number(
                    customer_id=line.customer_id,
                    subscriber_id=line.id,
                    sn=f"5550000{extension}",
                    digits=f"49305550000{extension}",
                    **own,
                )
            )
    return importing


@pytest.mark.parametrize("row", NEW, ids=lambda row: "-".join(row.values())[:40])
def test_a_new_extension(narrow: Importing, own_cast: Cast, row: Mapping[str, str]) -> None:
    def create() -> None:
        operations.create_extension(by=own_cast.clare.identity, customer_id=own_cast.lantern.id, **row)  # type: ignore[arg-type]

    asked = by_operation_or_constraint(narrow, create)
    got = by_import(narrow, ",".join(COLUMNS[name] for name in row), ",".join(f'"{value}"' for value in row.values()))
    assert got == asked


def by_operation_or_constraint(importing: Importing, act: Callable[[], object]) -> str | dict[str, LineNow]:
    """What only the database knows, the operation learns from it."""
    try:
        return by_operation(importing, act)
    except IntegrityError as error:
        return CONSTRAINTS[error.orig.diag.constraint_name][0]  # type: ignore[union-attr]


@pytest.mark.parametrize("row", [NEW[0], NEW[4]], ids=["fine", "without a name"])
@pytest.mark.parametrize("full", ["customer", "reseller"])
def test_a_full_contract(importing: Importing, own_cast: Cast, full: str, row: Mapping[str, str]) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        if full == "customer":
            session.get_one(Customer, own_cast.lantern.id).max_subscribers = 5
        else:
            session.get_one(Reseller, own_cast.telephone.id).max_subscribers = 6

    def create() -> None:
        operations.create_extension(by=own_cast.clare.identity, customer_id=own_cast.lantern.id, **row)  # type: ignore[arg-type]

    got = by_import(importing, ",".join(COLUMNS[name] for name in row), ",".join(row.values()))
    assert got == by_operation(importing, create) == f"{full}-full"


PERSON = {"display_name": "Alice Meier", "email": "", "web_username": "alice", "language": ""}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"display_name": "Alice  Weber"},
        {"email": "alice@lantern.example", "language": "de"},
        {"web_username": "Ally"},
        {"web_username": "bob"},
        {"web_username": "b ob"},
        {"display_name": " "},
        {"email": "nobody"},
    ],
    ids=str,
)
def test_somebody_who_is_there(importing: Importing, own_cast: Cast, changes: Mapping[str, str]) -> None:
    row = {**PERSON, **changes}

    def change() -> None:
        line = queries.extension(own_cast.alice.subscriber.public_id)
        operations.change_person(
            by=own_cast.clare.identity,
            line=line,
            version=line.version,
            display_name=row["display_name"],
            email=row["email"],
            web_username=row["web_username"],
            language=row["language"],
        )

    asked = by_operation(importing, change)
    got = by_import(importing, "Extension,Name,E-mail,Web user name,Language", ",".join(["101", *row.values()]))
    assert got == asked


@pytest.mark.parametrize("outgoing", ["own", "base", "+49 30 5550700", "+49 30 5550703"])
def test_numbers_of_somebody(importing: Importing, own_cast: Cast, outgoing: str) -> None:
    def change() -> None:
        line = queries.extension(own_cast.alice.subscriber.public_id)
        pool = {number.digits: number.public_id for number in queries.free_numbers(own_cast.lantern.id, 20)}
        operations.change_numbers(
            by=own_cast.clare.identity,
            line=line,
            version=line.version,
            extension="101",
            add=[pool["49305550700"], pool["49305550701"]],
            outgoing=OutgoingNumber(outgoing) if outgoing in {"own", "base"} else OutgoingNumber.ALIAS,
            outgoing_alias=pool.get("".join(sign for sign in outgoing if sign.isdigit())),
        )

    asked = by_operation(importing, change)
    got = by_import(importing, "Ext,Called people see,DIDs", f'101,{outgoing},"030 5550700, +49 30 5550701"')
    assert got == asked


GROUPS = [
    ("601", "Support", "circular", "20", ["alice", "bob"]),
    ("601", "Sales", "serial", "10", []),
    ("601", "Sales", "serial", "0", []),
    ("601", "Sales", "serial", "3601", []),
    ("600", "Support", "serial", "10", ["carol"]),
    ("101", "Support", "serial", "10", []),
    ("601", "", "serial", "10", []),
    ("601", "日本", "random", "10", ["clare"]),
    ("601", "Support", "parallel", "10", ["alice", "alice"]),
    ("601", "Support", "parallel", "10", ["sales"]),
]


@pytest.mark.parametrize(("extension", "name", "policy", "seconds", "members"), GROUPS)
def test_a_group(
    importing: Importing, own_cast: Cast, extension: str, name: str, policy: str, seconds: str, members: list[str]
) -> None:
    handles = {"alice": "101", "bob": "102", "carol": "103", "clare": "clare", "sales": "600"}
    people = {
        **{name: own_cast.people[name].subscriber for name in ("alice", "bob", "carol", "clare")},
        "sales": own_cast.groups["sales"],
    }

    def create() -> None:
        operations.create_group(
            by=own_cast.clare.identity,
            customer_id=own_cast.lantern.id,
            display_name=name,
            extension=extension,
            policy=RingingPolicy(policy),
            ring_seconds=int(seconds),
            members=[line_of(people[one].public_id) for one in members],
        )

    asked = by_operation(importing, create) if extension != "600" else by_operation(importing, lambda: None)
    got = by_import(
        importing,
        "Extension,Name,Ringing policy,Seconds of ringing,Members",
        f'{extension},{name},{policy},{seconds},"{"; ".join(handles[one] for one in members)}"',
        kind=ImportKind.GROUPS,
    )
    if extension == "600":  # there already: the file changes it
        assert isinstance(got, dict)
        assert (got["600"].name, got["600"].policy, got["600"].members) == ("Support", "serial", ("103",))
    else:
        assert got == asked


def test_a_number(importing: Importing, own_cast: Cast) -> None:
    def give() -> None:
        pool = {number.digits: number.public_id for number in queries.free_numbers(own_cast.lantern.id, 20)}
        to = queries.extension(own_cast.bob.subscriber.public_id)
        operations.assign_numbers(
            by=own_cast.clare.identity, customer_id=own_cast.lantern.id, numbers=[pool["49305550702"]], to=to
        )

    asked = by_operation(importing, give)
    got = by_import(importing, "Number;Given to", "+49 30 5550702;102", kind=ImportKind.NUMBERS)
    assert got == asked
