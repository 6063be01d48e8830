"""How tests set up a second factor, and what an authenticator app shows."""

import re
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import AuditEntry
from portal.core.tenancy import Scope
from portal.features.accounts import operations
from portal.features.accounts.models import AccountSession, Authenticator, Passkey, SignInRules
from portal.features.accounts.rules import STEP
from portal.mail.models import Mail
from tests.browser import Browser
from tests.cast import PASSWORD, Person

KEY = re.compile(r'data-copy="([A-Z2-7 ]{32,})"')
CODE = re.compile(r"[2-9a-z]{4}(?:-[2-9a-z]{4}){3}")


def shown(seed: str, at: datetime | None = None) -> str:
    """What the app shows."""
    return pyotp.TOTP(seed).at(at or clock.now())


def give_app(person: Person, *, ago: timedelta = timedelta(hours=1)) -> tuple[str, list[str]]:
    """The person has an authenticator app since then. Its seed, and the recovery codes."""
    with clock.frozen(clock.now() - ago):
        with db.unit_of_work(person.scope):
            operations.begin_totp(by=person.identity)
        seed = seed_of(person)
        with db.unit_of_work(person.scope):
            return seed, operations.confirm_totp(by=person.identity, code=shown(seed))


def seed_of(person: Person) -> str:
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalars(select(Authenticator.seed).where(Authenticator.account_id == person.account.id)).one()


def give_passkey(person: Person, host: str) -> None:
    """As far as everybody is concerned who does not ask for it."""
    with db.unit_of_work(Scope.platform()) as session:
        session.add(
            Passkey(
                reseller_id=person.account.reseller_id,
                customer_id=person.account.customer_id,
                account_id=person.account.id,
                host=host,
                credential_id=f"{person.account.id} at {host}".encode(),
                public_key=b"a public key",
                sign_count=0,
                transports=[],
                backed_up=False,
                name="Laptop",
                created_at=clock.now(),
            ),
        )


def require_factor(reseller_id: int, *roles: str) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.add(SignInRules(reseller_id=reseller_id, factor_roles=list(roles)))


def type_password(browser: Browser, person: Person, password: str = PASSWORD, *, goal: str = "") -> None:
    """The first step of a sign-in; the second is asked for."""
    answer = browser.post("/login" + goal, {"username": person.sign_in_name, "password": password})
    assert answer.headers["Location"].startswith("/second-factor"), answer.headers["Location"]


def type_code(browser: Browser, code: str, query: str = "") -> int:
    """The second step; 303 is success."""
    return browser.post(f"/second-factor{query}", {"code": code}).status_code


def wait_a_step() -> timedelta:
    return timedelta(seconds=STEP)


def sessions(person: Person) -> list[AccountSession]:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalars(select(AccountSession).where(AccountSession.account_id == person.account.id)).all()
        session.expunge_all()
        return list(found)


def events(person: Person) -> list[str]:
    """What happened to this person's account, the newest last."""
    with db.unit_of_work(Scope.platform()) as session:
        wanted = select(AuditEntry.event).where(AuditEntry.subject == person.account.public_id).order_by(AuditEntry.id)
        return list(session.scalars(wanted))


def mails(person: Person) -> list[str]:
    """The subjects of the mails to this person, the newest last."""
    with db.unit_of_work(Scope.platform()) as session:
        return list(session.scalars(select(Mail.subject).where(Mail.account == person.account.public_id).order_by(Mail.id)))
