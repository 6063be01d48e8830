"""Languages that a provider and its SIP domains speak: which, and in which order."""

from collections.abc import Collection, Sequence

from babel import Locale, UnknownLocaleError

from portal.core import i18n
from portal.core.errors import Refused, declare
from portal.core.i18n import N_

# What people ask for when they look for their own language; in addition to those that are there.
WISHED = (
    "bg", "cs", "da", "el", "et", "fa", "fi", "he", "hi", "hr", "hu", "id", "ja", "ko", "lt", "lv", "nb", "nl",
    "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "th", "uk", "vi", "zh",
)  # fmt: skip

declare("language-not-available", N_("%(language)s is not available yet."))
declare("language-unknown", N_("This is no language that we know."))
declare("language-not-allowed", N_("%(language)s is not among the languages of this provider. Add it there first."))
declare("languages-none", N_("Choose at least one language."))
declare("language-default", N_("The default language has to be one of those that are offered."))


def offered(wanted: Sequence[str], allowed: Collection[str] | None = None) -> tuple[str, ...]:
    """Those that can be shown, the default first; never none."""
    there = i18n.available()
    found = tuple(one for one in wanted if one in there and (allowed is None or one in allowed))
    return found or (i18n.SOURCE_LANGUAGE,)


def check_languages(
    wanted: Sequence[str], *, allowed: Collection[str] | None = None, kept: Collection[str] = (), field: str = "languages"
) -> list[str]:
    """The languages in their order, each once. `allowed`: those of the provider; `kept`: those that are chosen already.

    Raises Refused for one that is not complete, or not the provider's.
    """
    chosen = list(dict.fromkeys(wanted))
    if not chosen:
        raise Refused("languages-none", field=field)
    for language in chosen:
        if language not in kept:
            _check(language, allowed, field)
    return chosen


def _check(language: str, allowed: Collection[str] | None, field: str) -> None:
    if not is_language(language):
        raise Refused("language-unknown", field=field)
    if language not in i18n.available():
        raise Refused("language-not-available", field=field, language=i18n.language_name(language))
    if allowed is not None and language not in allowed:
        raise Refused("language-not-allowed", field=field, language=i18n.language_name(language))


def is_language(code: str) -> bool:
    try:
        return bool(Locale.parse(code.replace("-", "_")))
    except (ValueError, TypeError, UnknownLocaleError):
        return False


def default_first(languages: Sequence[str], default: str, *, field: str = "default_language") -> list[str]:
    """Raises Refused where the default is not one of them."""
    if default not in languages:
        raise Refused("language-default", field=field)
    return [default, *(one for one in languages if one != default)]
