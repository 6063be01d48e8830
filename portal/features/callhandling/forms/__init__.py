"""What is filled in about what a line does with calls."""

from portal.features.callhandling.forms.callers import (
    CallersForm as CallersForm,
    EntriesField as EntriesField,
    in_few_words as in_few_words,
)
from portal.features.callhandling.forms.copying import CopyForm as CopyForm, replaced as replaced
from portal.features.callhandling.forms.forwards import ForwardForm as ForwardForm, stored as stored, titles as titles
from portal.features.callhandling.forms.settings import (
    BlockingForm as BlockingForm,
    IncomingForm as IncomingForm,
    PartForm as PartForm,
    PrivacyForm as PrivacyForm,
    RingForm as RingForm,
)
from portal.features.callhandling.forms.speed_dial import SpeedDialForm as SpeedDialForm
from portal.features.callhandling.forms.times import OWN as OWN, Part as Part, TimesForm as TimesForm, WhoseForm as WhoseForm
from portal.features.callhandling.forms.trying import TryForm as TryForm
