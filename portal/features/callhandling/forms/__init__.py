"""What is filled in about what a line does with calls."""

from portal.features.callhandling.forms.forwards import ForwardForm as ForwardForm, stored as stored
from portal.features.callhandling.forms.times import OWN as OWN, Part as Part, TimesForm as TimesForm, WhoseForm as WhoseForm
