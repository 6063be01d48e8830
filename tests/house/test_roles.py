"""The roles that the portal and the switch work as: few, and none of them special."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from portal.core import db, postgres
from portal.core.tenancy import Scope
from tests.cast import Cast

ROLES = ("portal_web", "portal_worker")
SWITCH = ("portal_switch", "kamailio")  # of all tenants, by nature: what they see is said by grants


def test_what_the_switch_may_see_nobody_of_the_portal_does(owner: Connection) -> None:
    """Policies of their own have the switch's two roles only, and no role that the portal works as has their rights."""
    others = owner.scalars(text("SELECT DISTINCT unnest(roles)::text FROM pg_policies WHERE roles <> '{public}'"))
    assert set(others) == set(SWITCH)
    for role in (*ROLES, postgres.OWNER):
        for other in SWITCH:
            has = text("SELECT pg_has_role(CAST(:role AS name), CAST(:other AS name), 'USAGE')")
            assert not owner.scalar(has, {"role": role, "other": other}), f"{role} has the rights of {other}"


def test_the_portals_roles_are_nobody_special(owner: Connection) -> None:
    roles = owner.execute(text("SELECT * FROM pg_roles WHERE rolname = ANY (:roles)"), {"roles": list(ROLES)}).mappings().all()
    assert len(roles) == len(ROLES)
    for role in roles:
        powers = {name for name in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication") if role[name]}
        assert powers == set(), role["rolname"]
    owned = owner.scalars(
        text("SELECT relname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE r.rolname = ANY (:roles)"),
        {"roles": list(ROLES)},
    )
    assert list(owned) == []


def test_everybody_may_nothing(owner: Connection) -> None:
    granted = owner.scalars(
        text("SELECT table_name FROM information_schema.role_table_grants WHERE table_schema = 'public' AND grantee = 'PUBLIC'"),
    )
    assert list(granted) == []


def test_functions_with_their_makers_rights_are_few_and_fixed(owner: Connection) -> None:
    found = owner.execute(
        text("SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"),
    ).all()
    assert {row.proname for row in found} == {"ensure_call_partition", "waiting_jobs", "retry_jobs", "waiting_reloads"}
    assert all(any(setting.startswith("search_path=") for setting in row.proconfig) for row in found)


def test_views_ask_as_whoever_looks(owner: Connection) -> None:
    careless = owner.scalars(
        text("""
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
            AND NOT coalesce(reloptions @> '{security_invoker=true}', false)
        """),
    )
    assert list(careless) == []


def test_the_audit_log_is_only_added_to(own_cast: Cast) -> None:
    for words in ("UPDATE audit_entry SET event = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        with pytest.raises(ProgrammingError, match="permission denied"), db.unit_of_work(Scope.platform()) as session:
            session.execute(text(words))


def test_pages_cannot_read_jobs(own_cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), db.unit_of_work(Scope.platform()) as session:
        session.execute(text("SELECT * FROM job"))
