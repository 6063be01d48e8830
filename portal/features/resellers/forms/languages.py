from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import HiddenField

from portal.core import i18n
from portal.core.errors import Refused
from portal.features.resellers import rules
from portal.web.fields import SelectField, TicksField
from portal.web.sections import SectionForm, Values

MOST = 40


class LanguagesForm(SectionForm):
    """Languages in order, the default first. The buttons of a row say what is to be done with it before all is saved.

    `agreed`: those that are taken away although people have chosen them.
    """

    languages = TicksField(_l("Languages"), validate_choice=False)
    add = SelectField(_l("Add a language"), validate_choice=False)
    agreed = HiddenField()

    EDITED = ("languages",)
    kept: Collection[str] = ()
    allowed: Collection[str] | None = None
    refused = False

    def offer(self, kept: Sequence[str], allowed: Sequence[str] | None) -> "LanguagesForm":
        """`kept` are chosen now; `allowed`: those of the provider, None for every one that there is."""
        self.kept, self.allowed = kept, allowed
        return self

    @staticmethod
    def stored(languages: Sequence[str]) -> Values:
        return {"languages": " ".join(languages)}

    @property
    def typed(self) -> Values:
        return {"languages": " ".join(self.order)}

    @property
    def order(self) -> list[str]:
        return list(dict.fromkeys(one for one in self.languages.data or () if rules.is_language(one)))[:MOST]

    def arrange(self, sent: Mapping[str, str]) -> bool:
        """What the buttons ask for: one place up or down, out, or one more. Whether that was all that was asked for."""
        order = self.order
        for name, by in (("move_up", -1), ("move_down", 1)):
            order = _moved(order, sent.get(name, ""), by)
        self.languages.data = [one for one in order if one != sent.get("remove")]
        self._add(self.add.data or "")
        return bool({"move_up", "move_down", "remove"} & sent.keys()) or sent.get("do") == "add"

    def _add(self, language: str) -> None:
        if not language:
            return
        try:
            wanted = rules.check_languages([*self.order, language], allowed=self.allowed, kept=self.kept, field="add")
        except Refused as refusal:
            self.add.errors = [*self.add.errors, refusal.sentence()]
            self.refused = True
        else:
            self.languages.data, self.add.data = wanted, ""

    def choices(self) -> None:
        """What can be added to what stands there now; last, for the order decides it."""
        there = [one for one in (self.allowed or sorted(i18n.available(), key=_sort)) if one in i18n.available()]
        more = {code: i18n.language_name(code) for code in there if code not in self.order}
        self.add.choices = {"": _("Choose"), **({_("Available"): more} if more else {})}
        if self.allowed is None:
            waiting = sorted((code for code in rules.WISHED if code not in i18n.available()), key=_sort)
            self.add.choices[_("Not available yet")] = {code: i18n.language_name(code) for code in waiting}

    def taken_away(self, speakers: Mapping[str, int]) -> list[tuple[str, int]]:
        """(language, how many have chosen it) of those that were there, are no longer, and have not been agreed on."""
        agreed = (self.agreed.data or "").split()
        gone = [one for one in self.kept if one not in self.order and one not in agreed]
        return [(one, speakers[one]) for one in gone if speakers.get(one)]

    def in_words(self, _name: str, value: str) -> str:
        return i18n.listed(i18n.language_name(one) for one in value.split() if rules.is_language(one))


def _moved(order: list[str], which: str, by: int) -> list[str]:
    if which not in order:
        return order
    here = order.index(which)
    there = min(max(here + by, 0), len(order) - 1)
    moved = [one for one in order if one != which]
    return [*moved[:there], which, *moved[there:]]


def _sort(code: str) -> str:
    return i18n.sort_key(i18n.language_name(code))
