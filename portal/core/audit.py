"""The trace of every change and every sign-in event: who, what, old and new value, when. Written in the same transaction.

At its end, the entries of a transaction are linked to those of their reseller before them.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Identity as IdentityColumn,
    Index,
    Row,
    Table,
    event as on,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert as upsert
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import chain, clock, db
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.sealed import Sealed
from portal.core.tenancy import OfCustomer, OfReseller

CHANGED = "changed"  # what stands in place of a secret, old or new


class Event(StrEnum):
    """What can happen. The value is stored: never rename one."""

    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGNED_OUT = "signed-out"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105
    ACCOUNT_CHANGED = "account-changed"
    CONTACT_CREATED = "contact-created"
    CONTACT_CHANGED = "contact-changed"
    CONTACT_REMOVED = "contact-removed"
    CUSTOMER_CREATED = "customer-created"
    CUSTOMER_CHANGED = "customer-changed"
    CUSTOMER_STARTED = "customer-started"
    CUSTOMER_LOCKED = "customer-locked"
    CUSTOMER_UNLOCKED = "customer-unlocked"
    CUSTOMER_TERMINATED = "customer-terminated"
    SERVICE_CLASS_ADDED = "service-class-added"
    SERVICE_CLASS_CHANGED = "service-class-changed"
    SERVICE_CLASS_REMOVED = "service-class-removed"
    LINE_CREATED = "line-created"  # a pilot or a regular subscriber
    BASE_NUMBER_CHANGED = "base-number-changed"
    GROUP_CREATED = "group-created"
    EXTENSION_CREATED = "extension-created"
    EXTENSION_CHANGED = "extension-changed"
    EXTENSION_LOCKED = "extension-locked"
    EXTENSION_UNLOCKED = "extension-unlocked"
    EXTENSION_TERMINATED = "extension-terminated"
    WEB_PASSWORD_SET = "web-password-set"  # noqa: S105
    SIP_PASSWORD_RENEWED = "sip-password-renewed"  # noqa: S105
    LINE_CHANGED = "line-changed"
    DEVICE_SIGNED_OFF = "device-signed-off"  # a telephone
    SOURCE_ADDED = "trusted-source-added"
    SOURCE_CHANGED = "trusted-source-changed"
    SOURCE_REMOVED = "trusted-source-removed"
    NUMBERS_ADDED = "numbers-added"
    NUMBERS_RELEASED = "numbers-released"  # from a customer
    BLOCK_ADDED = "block-added"
    BLOCK_GRANTED = "block-granted"
    BLOCK_TAKEN_BACK = "block-taken-back"
    BLOCK_SPLIT = "block-split"
    BLOCK_CHANGED = "block-changed"
    BLOCK_REMOVED = "block-removed"
    NUMBER_ASSIGNED = "number-assigned"
    NUMBER_RETURNED = "number-returned"
    GROUP_CHANGED = "group-changed"
    GROUP_MEMBERS_CHANGED = "group-members-changed"
    FORWARD_ADDED = "forward-added"
    FORWARD_CHANGED = "forward-changed"
    FORWARD_REMOVED = "forward-removed"
    HANDLING_CHANGED = "handling-changed"  # ring time, do not disturb, own number shown or hidden
    BLOCKING_CHANGED = "blocking-changed"
    SPEED_DIAL_CHANGED = "speed-dial-changed"
    HANDLING_COPIED = "handling-copied"
    TIME_SET_ADDED = "time-set-added"
    TIME_SET_CHANGED = "time-set-changed"
    TIME_SET_REMOVED = "time-set-removed"
    CALLER_LIST_ADDED = "caller-list-added"
    CALLER_LIST_CHANGED = "caller-list-changed"
    CALLER_LIST_REMOVED = "caller-list-removed"
    PROFILE_ADDED = "profile-added"
    PROFILE_CHANGED = "profile-changed"
    PROFILE_REMOVED = "profile-removed"
    PROFILE_GIVEN = "profile-given"  # to a line
    DEFAULT_PROFILE_CHANGED = "default-profile-changed"
    PHONEBOOK_ENTRY_ADDED = "phonebook-entry-added"
    PHONEBOOK_ENTRY_CHANGED = "phonebook-entry-changed"
    PHONEBOOK_ENTRY_REMOVED = "phonebook-entry-removed"
    PHONEBOOK_IMPORTED = "phonebook-imported"
    PHONEBOOK_IMPORT_UNDONE = "phonebook-import-undone"
    IMPORT_WRITTEN = "import-written"
    IMPORT_UNDONE = "import-undone"
    IMPORT_PASSWORDS_TAKEN = "import-passwords-taken"
    CALLS_IMPORTED = "calls-imported"
    RESELLER_CREATED = "reseller-created"
    RESELLER_CHANGED = "reseller-changed"
    RESELLER_LOCKED = "reseller-locked"
    RESELLER_UNLOCKED = "reseller-unlocked"
    RESELLER_TERMINATED = "reseller-terminated"
    CONTRACT_ADDED = "contract-added"  # with a reseller or a peering partner
    CONTRACT_CHANGED = "contract-changed"
    CONTRACT_STATE_CHANGED = "contract-state-changed"
    PEERING_GROUP_ADDED = "peering-group-added"  # a network that calls leave to and come from
    PEERING_GROUP_CHANGED = "peering-group-changed"
    PEERING_GROUP_REMOVED = "peering-group-removed"
    PEERING_SERVER_ADDED = "peering-server-added"
    PEERING_SERVER_CHANGED = "peering-server-changed"
    PEERING_SERVER_REMOVED = "peering-server-removed"
    JOBS_HASTENED = "jobs-hastened"  # work that had failed is tried again at once
    DOMAIN_ADDED = "domain-added"
    DOMAIN_CHANGED = "domain-changed"
    DOMAIN_REMOVED = "domain-removed"
    HOST_ADDED = "host-added"
    HOST_CHANGED = "host-changed"
    HOST_PROVED = "host-proved"  # its record was seen: it answers from now on
    HOST_REMOVED = "host-removed"
    LANGUAGES_CHANGED = "languages-changed"  # those that a provider allows
    ACCOUNT_OPENED = "account-opened"
    STAFF_CHANGED = "staff-changed"  # role or rights
    STAFF_LOCKED = "staff-locked"
    STAFF_UNLOCKED = "staff-unlocked"
    STAFF_TERMINATED = "staff-terminated"
    INVITED = "invited"
    INVITATION_ACCEPTED = "invitation-accepted"
    RESET_SENT = "reset-sent"  # a link to a new web password
    PASSWORD_RESET = "password-reset"  # noqa: S105
    EMAIL_CHANGED = "email-changed"
    FACTOR_FAILED = "factor-failed"
    TOTP_ADDED = "totp-added"
    TOTP_REMOVED = "totp-removed"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    RECOVERY_CODE_USED = "recovery-code-used"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_RENAMED = "passkey-renamed"
    PASSKEY_REMOVED = "passkey-removed"
    FACTORS_CLEARED = "factors-cleared"
    SESSION_ENDED = "session-ended"
    SESSIONS_ENDED = "sessions-ended"
    WAIT_LIFTED = "wait-lifted"  # a guessed account may try again at once
    PROVIDER_LINKED = "provider-linked"  # an account, to an identity at the single sign-on provider
    PROVIDER_UNLINKED = "provider-unlinked"
    SINGLE_SIGN_ON_CHANGED = "single-sign-on-changed"
    SIGN_IN_RULES_CHANGED = "sign-in-rules-changed"
    VIEW_STARTED = "view-started"
    VIEW_ENDED = "view-ended"
    MAIL_REPEATED = "mail-repeated"
    THEME_DRAFT_BEGUN = "theme-draft-begun"
    THEME_DRAFT_CHANGED = "theme-draft-changed"
    THEME_DRAFT_DISCARDED = "theme-draft-discarded"
    THEME_PUBLISHED = "theme-published"
    THEME_TAKEN_OFF = "theme-taken-off"  # what came with the portal shows again
    THEME_ROLLED_BACK = "theme-rolled-back"
    THEME_PREVIEW_ADDED = "theme-preview-added"
    THEME_PREVIEW_ENDED = "theme-preview-ended"
    MAIL_TEMPLATE_CHANGED = "mail-template-changed"
    MAIL_TEMPLATE_RESET = "mail-template-reset"


class AuditEntry(OfCustomer, db.Base):
    """One event. `subject` is the public id of what it happened to, `label` its name at that time.

    `actor` acted; `as_whom`, when there is one, is the person as whom they did.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_audit_entry_reseller"),
        Index("ix_audit_entry_subject", "reseller_id", "subject", text("id DESC")),
        Index("ix_audit_entry_customer", "reseller_id", "customer_id", text("at DESC"), text("id DESC")),
        Index("ix_audit_entry_reseller", "reseller_id", text("at DESC"), text("id DESC")),
        Index("ix_audit_entry_at", text("at DESC"), text("id DESC")),
    )

    id: Mapped[int] = mapped_column(BigInteger, IdentityColumn(always=True), primary_key=True)
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    at: Mapped[datetime]
    event: Mapped[str]
    actor: Mapped[PublicId | None]
    actor_name: Mapped[str]
    as_whom: Mapped[PublicId | None]
    as_whom_name: Mapped[str | None]
    address: Mapped[str | None]
    subject: Mapped[PublicId | None]
    label: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)


class AuditChain(OfReseller, db.Base):
    """The end of a reseller's chain: how many entries are linked, and the hash of the last one.

    Entries up to `after_entry` are older than the chain.
    """

    __tablename__ = "audit_chain"
    __table_args__ = (ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_audit_chain_reseller"),)

    reseller_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[bytes]
    key: Mapped[str] = mapped_column(Sealed("audit chain"))
    after_entry: Mapped[int] = mapped_column(BigInteger)


class AuditLink(OfReseller, db.Base):
    """An entry's place in its reseller's chain; `hash` covers the entry and the link before it."""

    __tablename__ = "audit_link"
    __table_args__ = (ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_audit_link_reseller"),)

    reseller_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    hash: Mapped[bytes]


def record(
    event: Event,
    *,
    by: Identity,
    subject: PublicId | None = None,
    label: str | None = None,
    reseller_id: int | None = None,
    customer_id: int | None = None,
    **details: Any,
) -> None:
    """Writes an entry. A changed value is a pair (was, now); a secret is CHANGED."""
    owner = by.reseller_id if reseller_id is None else reseller_id
    if owner is None:
        raise ValueError("an audit entry belongs to a reseller")
    entry = AuditEntry(
        reseller_id=owner,
        customer_id=by.customer_id if customer_id is None else customer_id,
        at=clock.now(),
        event=event.value,
        actor=by.viewer.public_id if by.viewer else by.public_id,
        actor_name=by.viewer.name if by.viewer else by.name,
        as_whom=by.public_id if by.viewer else None,
        as_whom_name=by.name if by.viewer else None,
        address=by.address,
        subject=subject,
        label=label,
        details={name: _plain(value) for name, value in details.items()},
    )
    db.session().add(entry)
    db.session().info.setdefault(UNLINKED, []).append(entry)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


# --- the chain --------------------------------------------------------------------------------------------------------------

UNLINKED = "audit entries to be linked"  # of a session, until it commits
_CHAIN, _LINK = cast("Table", AuditChain.__table__), cast("Table", AuditLink.__table__)


def row_of(entry: AuditEntry) -> dict[str, Any]:
    """All that a link vouches for."""
    return {column.key: getattr(entry, column.key) for column in AuditEntry.__table__.columns}


def beginning(key: str, reseller_id: int, after_entry: int) -> bytes:
    """What the first link is linked to."""
    return chain.link(key, b"", {"reseller_id": reseller_id, "after_entry": after_entry})


def _link_entries(session: Session) -> None:
    """Before a commit, as its last work: nobody waits for the lock on a chain longer than a commit takes."""
    if session.in_nested_transaction() or not session.info.get(UNLINKED):
        return
    session.flush()
    kept = [entry for entry in session.info.pop(UNLINKED) if inspect(entry).has_identity]  # others were undone with a savepoint
    for reseller_id, entries in groupby(sorted(kept, key=attrgetter("reseller_id")), key=attrgetter("reseller_id")):
        _prolong(session, reseller_id, list(entries))


def _prolong(session: Session, reseller_id: int, entries: Sequence[AuditEntry]) -> None:
    end = _locked(session, reseller_id) or _begun(session, reseller_id, entries)
    links, head = [], end.head
    for place, entry in enumerate(entries, end.length + 1):
        head = chain.link(end.key, head, row_of(entry))
        links.append({"reseller_id": reseller_id, "place": place, "entry_id": entry.id, "hash": head})
    session.execute(insert(_LINK), links)
    session.execute(update(_CHAIN).where(_CHAIN.c.reseller_id == reseller_id).values(length=links[-1]["place"], head=head))


def _locked(session: Session, reseller_id: int) -> Row[Any] | None:
    return session.execute(select(_CHAIN).where(_CHAIN.c.reseller_id == reseller_id).with_for_update()).one_or_none()


def _begun(session: Session, reseller_id: int, entries: Sequence[AuditEntry]) -> Row[Any]:
    """A new chain, or the one that somebody else began meanwhile."""
    key = secrets.token_hex(32)
    after = session.scalar(select(func.last_audit_entry(reseller_id, [entry.id for entry in entries]))) or 0
    first = {"length": 0, "head": beginning(key, reseller_id, after), "key": key, "after_entry": after}
    session.execute(upsert(_CHAIN).values(reseller_id=reseller_id, **first).on_conflict_do_nothing())
    made = _locked(session, reseller_id)
    if made is None:
        raise RuntimeError("the audit chain of this reseller cannot be seen")
    return made


on.listen(db.PortalSession, "before_commit", _link_entries)
