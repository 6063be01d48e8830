"""A provider's staff, and the words of its mails."""

from collections.abc import Collection, Mapping
from typing import Any

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.audit.rules.pairs.pair import Pair

SENTENCES: Mapping[str, Pair] = {
    "staff-changed": Pair(
        N_("You changed what %(label)s may do: %(changes)s"), N_("%(name)s changed what %(label)s may do: %(changes)s")
    ),
    "staff-locked": Pair(N_("You locked the account of %(label)s"), N_("%(name)s locked the account of %(label)s")),
    "staff-unlocked": Pair(N_("You unlocked the account of %(label)s"), N_("%(name)s unlocked the account of %(label)s")),
    "staff-terminated": Pair(N_("You ended the account of %(label)s"), N_("%(name)s ended the account of %(label)s")),
    "mail-template-changed": Pair(
        N_("You changed the words of the mail “%(label)s” in %(language)s"),
        N_("%(name)s changed the words of the mail “%(label)s” in %(language)s"),
    ),
    "mail-template-reset": Pair(
        N_("You went back to the usual words of the mail “%(label)s” in %(language)s"),
        N_("%(name)s went back to the usual words of the mail “%(label)s” in %(language)s"),
    ),
}
ROLES: Mapping[str, str] = {
    "operator": N_("operator"),
    "reseller": N_("administrator"),
    "care": N_("customer care"),
    "pilot": N_("pilot"),
    "subscriber": N_("subscriber"),
}
RIGHTS: Mapping[str, str] = {
    "changes": N_("changing things"),
    "calls": N_("seeing calls"),
    "billing": N_("seeing billing and costs"),
    "passwords": N_("helping with passwords"),
}


def staff_changes(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    """“role customer care (before: administrator); no longer: seeing calls”."""
    return {"changes": "; ".join([*_role(details), *_rights(details)])}


def _role(details: Mapping[str, Any]) -> list[str]:
    if "role" not in details:
        return []
    was, now = (i18n.gettext(ROLES[one]) for one in details["role"])
    return [i18n.gettext(N_("role %(now)s (before: %(was)s)"), now=now, was=was)]


def _rights(details: Mapping[str, Any]) -> list[str]:
    was, now = (set(part) for part in details.get("withheld", ((), ())))
    said = ((N_("from now on: %(rights)s"), was - now), (N_("no longer: %(rights)s"), now - was))
    return [i18n.gettext(words, rights=_listed(some)) for words, some in said if some]


def _listed(rights: Collection[str]) -> str:
    return i18n.listed(i18n.gettext(RIGHTS[one]) for one in RIGHTS if one in rights)


def mail_language(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"language": i18n.language_name(details["language"])}
