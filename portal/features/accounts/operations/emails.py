"""One's own name and e-mail address. A new address counts only when it is known that somebody reads there."""

from collections.abc import Callable

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.features.accounts import mails, queries, rules
from portal.features.accounts.models import Account, Purpose
from portal.features.accounts.operations import tokens
from portal.features.accounts.operations.entering import as_actor
from portal.features.accounts.operations.links import invite
from portal.features.accounts.operations.viewing import check_alone, check_moves_mail
from portal.features.accounts.queries import Link

MOST_AN_HOUR = 5  # mails to addresses that nobody has confirmed

Follow = Callable[[Account], None]  # brings an account's name and address to its line


def rename(*, by: Identity, name: str, follow: Follow) -> Account:
    check_alone(by)
    account, name = queries.own(by), rules.check_name(name)
    if name == account.name:
        return account
    changed = (account.name, name)
    account.name = name
    db.session().flush()
    follow(account)
    audit.record(Event.ACCOUNT_CHANGED, by=by, subject=account.public_id, label=name, display_name=changed)
    return account


def ask_email(*, by: Identity, address: str) -> None:
    """Sends a link to the new address; an older one opens nothing any more. Nothing changes before it is used."""
    check_alone(by)
    account = _hold(queries.own(by))
    if address.lower() == account.email_sort and (account.email_confirmed_at or _signs_in_with_email(account)):
        raise Refused("email-same", field="email")
    _check_free(account, address)
    if queries.mails_since_an_hour(account, "confirm_email") >= MOST_AN_HOUR:
        raise Refused("email-often", field="email")
    kept, token = tokens.issue(account, Purpose.EMAIL, email=address)
    mails.confirm_email(account, address=address, token=token, cause=f"confirm-email:{kept.public_id}")


def cancel_email(*, by: Identity) -> None:
    """The address that waits for its confirmation is forgotten."""
    check_alone(by)
    tokens.drop(queries.own(by), Purpose.EMAIL)


def remove_email(*, by: Identity, follow: Follow) -> None:
    """From then on mails go to the company, if it has an address. Staff sign in with theirs and keep it."""
    check_alone(by)
    account = _hold(queries.own(by))
    if account.domain_id is None:
        raise Refused("email-needed", field="email")
    if account.email is not None:
        _change(by, account, None, follow)


def confirm_email(*, link: Link, network_address: str, follow: Follow) -> Account:
    """By the link that was mailed there. Raises NotFound when it was used a moment ago."""
    account = _hold(link.account)
    address = link.token.email or ""
    _check_free(account, address)
    if not tokens.use(link.token):
        raise NotFound
    if address != account.email:
        _change(as_actor(account, network_address), account, address, follow)
    account.email_confirmed_at = clock.now()
    return account


def move_mail(*, by: Identity, account: Account, address: str | None) -> None:
    """By whoever looks after the person's line. The owner is told at the old address; links sent there open nothing any more.

    Whoever was still to choose a first password is invited at the new one.
    """
    check_alone(by)
    check_moves_mail(by, "email")
    was = account.email
    _move(account, address)
    if was:
        mails.email_changed(account, was=was, now=address, at=clock.now())
    if address and account.password_hash is None:
        invite(by=by, account=account)


def _move(account: Account, address: str | None) -> None:
    account.email = address
    tokens.drop(account, *Purpose)
    db.session().flush()


def _change(by: Identity, account: Account, now: str | None, follow: Follow) -> None:
    was = account.email
    if now and _signs_in_with_email(account):
        account.username = now.lower()
    _move(account, now)
    follow(account)
    audit.record(Event.EMAIL_CHANGED, by=by, subject=account.public_id, label=account.name, change=(was, now))
    if was:
        mails.email_changed(account, was=was, now=now, at=clock.now())


def _signs_in_with_email(account: Account) -> bool:
    return account.domain_id is None and account.username == account.email_sort


def _check_free(account: Account, address: str) -> None:
    """Staff sign in with their address: two cannot have the same."""
    if _signs_in_with_email(account) and queries.staff_user_taken(account.reseller_id, address.lower(), besides=account.id):
        raise Refused("email-taken", field="email")


def _hold(account: Account) -> Account:
    """One after the other: two at once would each leave a link."""
    db.session().refresh(account, with_for_update={"key_share": True})
    return account
