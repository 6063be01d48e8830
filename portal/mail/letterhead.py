from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.core.ids import PublicId


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Whose mail it is. `colours` are hex values by what they are for; `links` go by their label in the receiver's language.

    `wordmark`: the brand as it is set, a strong part and a light one; `radius` in pixels.
    `host`: the stored one that links lead to.
    """

    brand: str
    sender: str
    host: str
    colours: Mapping[str, str]
    wordmark: tuple[str, str] = ("", "")
    radius: int = 0
    support_mail: str = ""
    support_phone: str = ""
    help: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who is written to, and whose rows the mail belongs to."""

    address: str
    name: str
    language: str
    time_zone: str
    reseller_id: int
    customer_id: int | None = None
    account: PublicId | None = None
