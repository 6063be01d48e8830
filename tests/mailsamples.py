"""What each mail may speak of: whoever adds a mail adds a row here, and gets goldens (tests/features/mail/test_letters.py)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal.features.accounts.rules import device_of
from portal.features.branding.mails import letterhead
from portal.features.resellers.queries import HomeHost
from portal.mail.composing import PORTAL, Written, compose
from portal.mail.letterhead import Recipient

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
AT = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
LINK = "https://lantern.example/a-path/hG7cQm2vX0pQ9sJ4yWzR8nT1kL5bD3fA6eC0uI9oY2x"


@dataclass(frozen=True)
class Sample:
    """`variant` tells samples of one mail apart."""

    kind: str
    variant: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.variant}" if self.variant else self.kind


SAMPLES = (
    Sample("confirm_email", facts={"address": "alice@new.example"}),
    Sample("email_changed", facts={"was": "alice@old.example", "now": "alice@new.example", "at": AT}),
    Sample("email_changed", "removed", {"was": "alice@old.example", "now": None, "at": AT}),
    *(
        Sample("factor_changed", what, {"what": what, "at": AT, "by": "Clare Fenn", "passkey": "Alice’s telephone"})
        for what in ("app-added", "app-removed", "codes-made", "passkey-added", "passkey-removed", "cleared")
    ),
    Sample("guessed"),
    Sample("invitation", facts={"invited_by": "Clare Fenn", "name": "alice@lantern.telephone.example"}),
    Sample("staff_invitation", facts={"invited_by": "Tom Becker", "name": "alice@telephone.example"}),
    Sample("new_device", facts={"at": AT, "address": "203.0.113.9", "device": device_of(FIREFOX)}),
    Sample(
        "new_phone",
        facts={"at": AT, "address": "203.0.113.9", "line": "Alice Meier", "phone": "Yealink SIP-T46S"},
    ),
    Sample("password_changed", facts={"at": AT}),
    Sample("password_reset", facts={"asked_by": None}),
    Sample("password_reset", "for-somebody", {"asked_by": "Clare Fenn"}),
    Sample("provider_linked", facts={"provider": "Lantern Accounts", "at": AT}),
    Sample("recovery_code_used", facts={"left": 3, "at": AT}),
    Sample("recovery_code_used", "last", {"left": 0, "at": AT}),
)


def folders() -> dict[str, Path]:
    """Where each mail is, by its kind."""
    return {folder.name: folder for folder in sorted(PORTAL.glob("features/*/templates/*/mails/*")) if folder.is_dir()}


def written(sample: Sample, language: str, *, theme: str = "telephone") -> Written:
    folder = folders()[sample.kind]
    home = HomeHost(
        host="lantern.example", theme=theme, reseller_name="TelephOne", languages=(language,), time_zone="Europe/Berlin"
    )
    to = Recipient(
        address="alice@lantern.example", name="Alice Meier", language=language, time_zone="Europe/Berlin", reseller_id=1
    )
    template = str(folder.relative_to(folder.parents[2]))
    return compose(template, letterhead=letterhead(home, language), to=to, url=LINK, **sample.facts)
