from flask_babel import lazy_gettext as _l

from portal.web.fields import PasswordField, TextField
from portal.web.forms import Form

SIGN_IN_NAME = {"autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(Form):
    username = TextField(_l("User name"), required=True, draw={"attrs": SIGN_IN_NAME})
    password = PasswordField(_l("Password"), longest=1000)


class NewPasswordForm(Form):
    password = PasswordField(
        _l("New password"), new=True, longest=1000, description=_l("At least 12 characters; three or four words are fine."),
    )
    repeat = PasswordField(_l("Repeat the new password"), new=False, longest=1000)


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(_l("Current password"), longest=1000)
