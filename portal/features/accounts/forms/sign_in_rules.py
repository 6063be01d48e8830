"""What a reseller asks of those who sign in: three sections that save on their own."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from wtforms import HiddenField

from portal.core import i18n
from portal.features.accounts import rules
from portal.features.accounts.queries import Asked
from portal.web.fields import NumberField, PasswordField, SwitchField, TextField, TicksField, VersionField, offered
from portal.web.forms import Form

PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off", "dir": "ltr"}


class SectionForm(Form):
    """Remembers what it showed, so that one who saves after somebody else is told what has changed in between."""

    version = VersionField()
    seen = HiddenField()

    EDITED: ClassVar[tuple[str, ...]] = ()

    @staticmethod
    def stored(asked: Asked) -> Mapping[str, Any]:
        raise NotImplementedError

    @staticmethod
    def stored_version(asked: Asked) -> int:
        return asked.rules.version if asked.rules else 0

    def show(self, asked: Asked) -> None:
        """Before anybody has typed."""
        for name, value in self.stored(asked).items():
            self[name].data = value
        self.remember(asked)

    def remember(self, asked: Asked) -> None:
        self.version.data = str(self.stored_version(asked))
        self.seen.data = json.dumps(self.stored(asked))

    def changed_meanwhile(self, asked: Asked) -> Sequence[tuple[str, str]]:
        """(what, its value now in words) of all that is not as it was shown."""
        try:
            seen = json.loads(self.seen.data or "")
        except (ValueError, RecursionError):
            seen = None
        now = self.stored(asked)
        known = seen if isinstance(seen, dict) else {}
        return [(self[name].label.text, self.in_words(name, now[name])) for name in self.EDITED if known.get(name) != now[name]]

    def in_words(self, name: str, value: Any) -> str:
        if isinstance(self[name], SwitchField):
            return _("on") if value else _("off")
        return str(value) if value else _("none")


class FactorForm(SectionForm):
    groups = TicksField(_l("Who needs one"))

    EDITED = ("groups",)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.groups.choices = offered([(name, _(words)) for name, words in rules.GROUP_WORDS.items()])

    @staticmethod
    def stored(asked: Asked) -> Mapping[str, Any]:
        return {"groups": rules.groups_of(asked.roles)}

    def in_words(self, name: str, value: Any) -> str:  # noqa: ARG002 - there is one field only
        return i18n.listed(_(rules.GROUP_WORDS[one]) for one in value) or _("nobody")


class ExpiryForm(SectionForm):
    days = NumberField(
        _l("A password is good for"),
        low=1,
        high=rules.MOST_PASSWORD_DAYS,
        unit=_l("days"),
        description=_l("Left empty, for as long as its owner likes."),
    )

    EDITED = ("days",)

    @staticmethod
    def stored(asked: Asked) -> Mapping[str, Any]:
        return {"days": asked.password_days}

    def in_words(self, name: str, value: Any) -> str:  # noqa: ARG002 - there is one field only
        return ngettext("%(num)s day", "%(num)s days", value) if value else _("for ever")


class ProviderForm(SectionForm):
    name = TextField(_l("Name"), required=True, longest=63, description=_l("Stands on the button: “Sign in with …”."))
    issuer = TextField(
        _l("Issuer"),
        required=True,
        longest=500,
        draw={"attrs": {**PLAIN, "inputmode": "url"}},
        description=_l("The address by which the provider calls itself, like https://login.example.com."),
    )
    client_id = TextField(_l("Client ID"), required=True, longest=255, draw={"attrs": PLAIN})
    client_secret = PasswordField(_l("Client secret"), required=False, longest=1000)
    opens_for = TextField(
        _l("Opens accounts for"),
        longest=254,
        draw={"attrs": {**PLAIN, "placeholder": "example.com"}},
        description=_l("A mail domain: who has a confirmed address there, and no account yet, joins your customer care."),
    )
    active = SwitchField(_l("In use"))

    EDITED = ("name", "issuer", "client_id", "opens_for", "active")

    @staticmethod
    def stored(asked: Asked) -> Mapping[str, Any]:
        found = asked.provider
        if found is None:
            return {"name": "", "issuer": "", "client_id": "", "opens_for": "", "active": True}
        texts = {"name": found.name, "issuer": found.issuer, "client_id": found.client_id, "opens_for": found.opens_for or ""}
        return {**texts, "active": found.active}

    @staticmethod
    def stored_version(asked: Asked) -> int:
        return asked.provider.version if asked.provider else 0

    def offer(self, asked: Asked) -> "ProviderForm":
        self.client_secret.flags.optional = asked.provider is not None
        if asked.provider is not None:
            self.client_secret.description = _("Left empty, the one that is stored stays. It is never shown again.")
        return self


class CheckForm(Form):
    """A button, nothing to fill in."""
