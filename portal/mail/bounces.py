"""Mails that come back: a mail server's report (RFC 3464) of what it could not deliver after all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum, auto

from sqlalchemy import select
from sqlalchemy.orm import defer

from portal.core import clock, db
from portal.gateways.smtp import LONGEST_WORDS, line
from portal.mail.models import Mail, State

MESSAGE_ID = re.compile(r"<[0-9a-f]{32}@[A-Za-z0-9._-]{1,253}>")  # as those of our own are made
LARGEST = 4 * 1024 * 1024
ORIGINAL = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})
STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})


@dataclass(frozen=True)
class Bounce:
    """`reason` is what the mail server there said."""

    message_id: str
    reason: str


class Noted(StrEnum):
    BOUNCED = auto()
    ALREADY = auto()
    UNKNOWN = auto()


def read(report: bytes) -> Bounce | None:
    """None for anything that does not say of one of our mails that it was given up. Whatever it is, it does no harm."""
    try:
        return _read(message_from_bytes(report[:LARGEST]))
    except Exception:  # noqa: BLE001 - anybody can send anything here, and find what a parser stumbles over
        return None


def _read(report: Message) -> Bounce | None:
    if report.get_content_type() != "multipart/report":
        return None
    parts = list(report.walk())
    failed = next((block for part in parts if part.get_content_type() in STATUS for block in _failed(part)), None)
    found = next((known for part in parts if part.get_content_type() in ORIGINAL if (known := _message_id(part))), None)
    if failed is None or found is None:
        return None
    words = str(failed.get("Diagnostic-Code") or failed.get("Status") or "")
    return Bounce(found, line(words.partition(";")[2] or words)[:LONGEST_WORDS])


def _failed(part: Message) -> Iterator[Message]:
    """What it says of each recipient that was given up: a delay, or a delivery, is no bounce."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            yield block


def _message_id(part: Message) -> str | None:
    payload = part.get_payload()
    if isinstance(payload, list):
        return _ours(payload[0].get("Message-ID")) if payload and isinstance(payload[0], Message) else None
    decoded = part.get_payload(decode=True)
    return _ours(message_from_bytes(decoded).get("Message-ID")) if isinstance(decoded, bytes) else None


def _ours(header: object) -> str | None:
    found = MESSAGE_ID.search(str(header or ""))
    return found[0] if found else None


def note(bounce: Bounce) -> Noted:
    """Marks the mail, whosever it is; in a unit of work that sees all."""
    wanted = select(Mail).where(Mail.message_id == bounce.message_id).options(defer(Mail.content)).with_for_update()
    mail = db.session().scalars(wanted).first()
    if mail is None:
        return Noted.UNKNOWN
    if mail.state in {State.BOUNCED, State.REFUSED}:
        return Noted.ALREADY
    mail.state, mail.trouble, mail.settled_at = State.BOUNCED.value, f"bounced: {bounce.reason}", clock.now()
    return Noted.BOUNCED
