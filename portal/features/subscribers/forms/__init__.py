"""What a provider's staff fill in about lines and numbers of customers."""

from portal.features.subscribers.forms.lines import (
    DetailsForm as DetailsForm,
    LockForm as LockForm,
    NewLineForm as NewLineForm,
    NewPilotForm as NewPilotForm,
    NewTrunkForm as NewTrunkForm,
    PlainForm as PlainForm,
)
from portal.features.subscribers.forms.numbers import (
    GiveNumbersForm as GiveNumbersForm,
    OwnNumberForm as OwnNumberForm,
    TakeBackForm as TakeBackForm,
)
from portal.features.subscribers.forms.trunks import (
    NextHopForm as NextHopForm,
    SourceForm as SourceForm,
)
