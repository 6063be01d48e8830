"""What is filled in about customers and their classes of service."""

from portal.features.customers.forms.classes import ClassForm as ClassForm
from portal.features.customers.forms.creating import NewForm as NewForm
from portal.features.customers.forms.sections import (
    BasicsForm as BasicsForm,
    BillingForm as BillingForm,
    CustomerSection as CustomerSection,
    DefaultsForm as DefaultsForm,
    LimitsForm as LimitsForm,
    LockForm as LockForm,
    PlainForm as PlainForm,
    RangeForm as RangeForm,
    ServiceForm as ServiceForm,
    TerminateForm as TerminateForm,
)
