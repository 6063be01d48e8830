"""What people fill in to sign in, and about themselves."""

from portal.features.accounts.forms.display import DisplayForm as DisplayForm
from portal.features.accounts.forms.entering import (
    ChangePasswordForm as ChangePasswordForm,
    NewPasswordForm as NewPasswordForm,
    SignInForm as SignInForm,
)
from portal.features.accounts.forms.factors import (
    CodeForm as CodeForm,
    ConfirmForm as ConfirmForm,
    PlainForm as PlainForm,
    RecoveryForm as RecoveryForm,
)
from portal.features.accounts.forms.links import ForgotForm as ForgotForm
from portal.features.accounts.forms.passkeys import PasskeyForm as PasskeyForm
from portal.features.accounts.forms.people import ViewAsForm as ViewAsForm
from portal.features.accounts.forms.person import EmailForm as EmailForm, NameForm as NameForm
from portal.features.accounts.forms.sign_in_rules import (
    CheckForm as CheckForm,
    ExpiryForm as ExpiryForm,
    FactorForm as FactorForm,
    ProviderForm as ProviderForm,
    SectionForm as SectionForm,
)
from portal.features.accounts.forms.staff import InviteForm as InviteForm, RightsForm as RightsForm
