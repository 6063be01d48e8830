"""A reseller in one go: itself, its contract, the host where it begins, its first administrator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.core import db, i18n
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.features.accounts import operations as accounts
from portal.features.accounts.models import Account, SignInRules
from portal.features.branding import operations as branding
from portal.features.contacts import operations as contacts
from portal.features.contacts.models import Contact
from portal.features.contacts.rules import check_email
from portal.features.customers.models import ContractProduct
from portal.features.platform import queries, rules
from portal.features.platform.operations.contracts import add_contract
from portal.features.resellers import operations as resellers
from portal.features.resellers.models import Reseller

PLAIN = "neutral"  # its own name, in a look that is nobody's


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a new reseller is to be; texts as they were typed. `look`: the files of a theme, else a plain one.

    Without a `contact` a system contact is made of the administrator's.
    """

    name: str
    admin_name: str
    admin_email: str
    host: str
    languages: Sequence[str]
    time_zone: str
    look: Mapping[str, bytes] | None = None
    contact: Contact | None = None
    external_id: str | None = None
    max_subscribers: int | None = None
    blocks_only: bool = False


def create_reseller(*, by: Identity, wish: Wish, under: str) -> tuple[Reseller, Account]:
    """`under`: the host below which a host of one word lies. Raises Refused; then nothing of it is there."""
    name = rules.check_name(wish.name)
    if not wish.languages:
        raise Refused("reseller-languages", field="languages")
    email = check_email(wish.admin_email)
    reseller = resellers.create_reseller(by=by, name=name, theme=PLAIN, languages=wish.languages, time_zone=wish.time_zone)
    reseller.max_subscribers, reseller.blocks_only = wish.max_subscribers, wish.blocks_only
    contact = wish.contact or contacts.create_contact(by=by, reseller_id=None, email=email, **_person(name, wish.admin_name))
    add_contract(
        by=by,
        product=ContractProduct.RESELLER,
        name=name,
        contact=contact,
        external_id=wish.external_id,
        reseller=reseller,
    )
    resellers.add_host(by=by, reseller=reseller, host=rules.check_host(wish.host, under))
    _begin_with_own_rules(by, reseller)
    if wish.look:
        _dress(by, reseller, wish.look)
    return reseller, invite_administrator(by=by, reseller=reseller, name=wish.admin_name, email=email)


def _dress(by: Identity, reseller: Reseller, look: Mapping[str, bytes]) -> None:
    """What waits in its brand editor: its own name in the colours and letters of a theme."""
    there = replace(by, reseller_id=reseller.id)
    draft = branding.begin_draft(by=there, name=reseller.name)
    branding.take_look(by=there, draft=draft, version=draft.version, files=look)


def _person(company: str, name: str) -> dict[str, str]:
    first, _blank, last = name.strip().rpartition(" ")
    return {"company": company, "first_name": first, "last_name": last}


def _begin_with_own_rules(by: Identity, reseller: Reseller) -> None:
    """What the platform's own reseller asks of those who sign in is what a new one asks, until it decides for itself."""
    own = db.session().scalars(select(SignInRules).where(SignInRules.reseller_id == by.reseller_id)).first()
    if own is not None:
        db.session().add(
            SignInRules(reseller_id=reseller.id, password_days=own.password_days, factor_roles=list(own.factor_roles))
        )


def invite_administrator(*, by: Identity, reseller: Reseller, name: str, email: str) -> Account:
    """Somebody who may do all of a reseller's things; chooses a password by a mailed link, at the reseller's own host."""
    reseller = queries.hold(reseller)
    email = check_email(email)
    if queries.staff_of(reseller.id, email):
        raise Refused("admin-taken", field="email")
    name = " ".join(name.split())
    if not name:
        raise Refused("admin-name", field="admin")
    account = accounts.open_staff_account(by=by, reseller_id=reseller.id, role=Role.RESELLER, email=email, name=name)
    account.language = i18n.best([i18n.current()], tuple(reseller.languages))
    accounts.invite(by=by, account=account)
    return account
