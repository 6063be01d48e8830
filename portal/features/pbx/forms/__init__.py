"""What a pilot fills in.

The sections of an extension remember what they showed at first, so that two people's edits can be told apart.
"""

from portal.features.pbx.forms.extensions import (
    DIGITS as DIGITS,
    LONGEST as LONGEST,
    MOST_IN_SELECT as MOST_IN_SELECT,
    PLAIN as PLAIN,
    AllowedForm as AllowedForm,
    CreateForm as CreateForm,
    GiveForm as GiveForm,
    LockForm as LockForm,
    NumbersForm as NumbersForm,
    PersonForm as PersonForm,
    PlainForm as PlainForm,
    SheetForm as SheetForm,
    WebPasswordForm as WebPasswordForm,
    offer_languages as offer_languages,
    range_hint as range_hint,
)
from portal.features.pbx.forms.groups import (
    CreateGroupForm as CreateGroupForm,
    GroupNumbersForm as GroupNumbersForm,
    GroupSheetForm as GroupSheetForm,
    MembersForm as MembersForm,
    RingingForm as RingingForm,
    Shown as Shown,
)
from portal.features.pbx.forms.imports import (
    ColumnsForm as ColumnsForm,
    RangeForm as RangeForm,
    UploadForm as UploadForm,
    WriteForm as WriteForm,
)
from portal.features.pbx.forms.number_ranges import NumberRangeForm as NumberRangeForm
from portal.features.pbx.forms.profiles import (
    OwnProfileForm as OwnProfileForm,
    ProfileForm as ProfileForm,
    choices_of as choices_of,
)
from portal.features.pbx.forms.ticked import (
    GroupForm as GroupForm,
    LanguageForm as LanguageForm,
    ProfileChoiceForm as ProfileChoiceForm,
)
