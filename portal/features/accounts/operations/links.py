"""Back in by a mailed link: a forgotten password, an invitation."""

from portal.core import audit, clock, db, outbox
from portal.core.audit import CHANGED, Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.tenancy import Tenant
from portal.features.accounts import mails, queries, rules
from portal.features.accounts.models import Account, Purpose, Status
from portal.features.accounts.operations import passwords, throttle, tokens
from portal.features.accounts.operations.entering import as_actor
from portal.features.accounts.operations.sessions import end_sessions
from portal.features.accounts.operations.viewing import check_alone
from portal.features.accounts.queries import Link

MOST_AN_HOUR = 5  # mails about a forgotten password, to one account


def ask_for_reset(*, tenant: Tenant, username: str, address: str) -> None:
    """Leaves all work to the worker: whether the account exists changes nothing here, neither the answer nor its time.

    Counted in a transaction of its own, by name and by place; raises Refused when that was too often.
    """
    typed = username[: rules.LONGEST_NAME]
    throttle.count(throttle.for_links(tenant.reseller_id, typed.strip().lower(), address))
    outbox.enqueue("forgotten-password", {"host": tenant.host, "username": typed, "address": address})


def send_forgotten(*, tenant: Tenant, username: str, address: str) -> bool:
    """What the worker does for somebody who forgot the password. False when there is nobody to write to."""
    account = queries.by_sign_in_name(tenant, username)
    if account is None or account.status != Status.ACTIVE:
        return False
    if queries.mails_since_an_hour(account, "password_reset") >= MOST_AN_HOUR:
        return False
    by = Identity.system(account.name, reseller_id=account.reseller_id, customer_id=account.customer_id, address=address)
    return _send_reset(by, account)


def tell_of_guessing(*, tenant: Tenant, username: str, since: str) -> bool:
    """What the worker does when a name was tried again and again. `since` names the series: one mail for each."""
    account = queries.by_sign_in_name(tenant, username)
    if account is None or account.status != Status.ACTIVE:
        return False
    return mails.guessed(account, cause=f"guessed:{account.public_id}:{since}")


def send_reset(*, by: Identity, account: Account) -> str:
    """A link to a new password, on behalf of somebody. Says where it went; raises Refused without any address."""
    check_alone(by)
    return _sent_to(account, sent=_send_reset(by, account))


def _send_reset(by: Identity, account: Account) -> bool:
    kept, token = tokens.issue(account, Purpose.RESET)
    asked_by = by.name if by.account_id else None
    sent = mails.password_reset(account, token=token, cause=f"reset:{kept.public_id}", asked_by=asked_by)
    if sent:
        _trace(Event.RESET_SENT, by, account)
    return sent


def invite(*, by: Identity, account: Account) -> str:
    """A link with which somebody chooses a first password. Says where it went; raises Refused without any address."""
    check_alone(by)
    if account.password_hash is not None:
        raise Refused("invited-already")
    kept, token = tokens.issue(account, Purpose.INVITATION)
    sent = mails.invitation(account, token=token, cause=f"invitation:{kept.public_id}", invited_by=by.name)
    if sent:
        _trace(Event.INVITED, by, account)
    return _sent_to(account, sent=sent)


def _sent_to(account: Account, *, sent: bool) -> str:
    address = queries.mail_address(account.id)
    if not sent or address is None:
        raise Refused("no-address")
    return address


def reset_password(*, link: Link, password: str, repeat: str, address: str) -> Account:
    """By a link that was mailed. Ends every session, and lets the person in again at once if somebody was guessing."""
    account = _use(link, password, repeat)
    end_sessions(account.id)
    throttle.lift(account)
    by = as_actor(account, address)
    _trace(Event.PASSWORD_RESET, by, account, password=CHANGED)
    mails.password_changed(account, at=clock.now())
    return account


def accept_invitation(*, link: Link, password: str, repeat: str, address: str) -> Account:
    account = _use(link, password, repeat)
    _trace(Event.INVITATION_ACCEPTED, as_actor(account, address), account, password=CHANGED)
    return account


def _use(link: Link, password: str, repeat: str) -> Account:
    """Raises NotFound when the link was used a moment ago."""
    account = link.account
    db.session().refresh(account, with_for_update={"key_share": True})
    if not tokens.use(link.token):
        raise NotFound
    passwords.choose(account, password, repeat)
    account.devices_since = clock.now()
    db.session().flush()
    return account


def _trace(event: Event, by: Identity, account: Account, **details: object) -> None:
    audit.record(
        event,
        by=by,
        subject=account.public_id,
        label=account.name,
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        **details,
    )
