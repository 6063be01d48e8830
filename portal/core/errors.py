"""How the inside says no. The doors turn these into pages, problem documents or exit codes."""

from collections.abc import Mapping
from datetime import timedelta

from portal.core import i18n


class NotFound(Exception):  # noqa: N818 - said as one says it
    """It does not exist, or it is somebody else's: nobody can tell which."""


class Refused(Exception):  # noqa: N818
    """A rule says no. `code` is stable for programs, `field` is where the cause was typed, `facts` fill the sentence."""

    def __init__(self, code: str, *, field: str | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts: Mapping[str, object] = facts

    def sentence(self) -> str:
        facts = {name: i18n.waiting_time(fact) if isinstance(fact, timedelta) else fact for name, fact in self.facts.items()}
        return i18n.gettext(SENTENCES[self.code], **facts)


class Conflict(Exception):  # noqa: N818
    """Somebody else saved in between; `version` is the one stored now."""

    def __init__(self, version: int) -> None:
        super().__init__("conflict")
        self.version = version


SENTENCES: dict[str, str] = {}
CONSTRAINTS: dict[str, tuple[str, str | None]] = {}


def declare(code: str, sentence: str) -> str:
    """Names a refusal and its sentence (English, marked with N_, with %(fact)s)."""
    if SENTENCES.setdefault(code, sentence) != sentence:
        raise ValueError(f"two sentences for {code}")
    return code


def constraint(name: str, code: str, field: str | None = None) -> str:
    """Maps a named database constraint to the refusal that it stands for."""
    CONSTRAINTS[name] = (code, field)
    return name
