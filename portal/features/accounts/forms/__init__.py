"""What people fill in to sign in, and about themselves."""

from portal.features.accounts.forms.display import DisplayForm as DisplayForm
from portal.features.accounts.forms.entering import (
    ChangePasswordForm as ChangePasswordForm,
    NewPasswordForm as NewPasswordForm,
    SignInForm as SignInForm,
)
