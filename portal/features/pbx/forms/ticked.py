"""What is the same for several people at once."""

from collections.abc import Sequence

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n
from portal.features.pbx.forms.profiles import choices_of
from portal.features.pbx.queries import ListedGroup
from portal.features.subscribers.queries import ProfileUse
from portal.web.fields import SelectField, offered
from portal.web.forms import Form


class GroupForm(Form):
    group = SelectField(_l("Group"))

    def offer(self, groups: Sequence[ListedGroup]) -> "GroupForm":
        self.group.choices = offered([("", _("Choose a group")), *((one.public_id, one.name) for one in groups)])
        return self


class LanguageForm(Form):
    language = SelectField(_l("Language"), description=_l("Of the portal, and of mails. Each person can choose another one."))

    def offer(self, languages: Sequence[str]) -> "LanguageForm":
        self.language.choices = offered([("", _("As the company")), *((code, i18n.own_name(code)) for code in languages)])
        return self


class ProfileChoiceForm(Form):
    profile = SelectField(_l("Profile"))

    def offer(self, profiles: Sequence[ProfileUse]) -> "ProfileChoiceForm":
        self.profile.choices = offered(choices_of(profiles))
        return self
