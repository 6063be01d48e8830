"""What the operator fills in."""

from portal.features.platform.forms.contracts import ContractForm as ContractForm, NewContractForm as NewContractForm
from portal.features.platform.forms.resellers import (
    AdministratorForm as AdministratorForm,
    BasicsForm as BasicsForm,
    EndForm as EndForm,
    LimitsForm as LimitsForm,
    LockForm as LockForm,
    NewResellerForm as NewResellerForm,
    PlainForm as PlainForm,
)
