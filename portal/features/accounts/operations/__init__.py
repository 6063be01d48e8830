"""Signing in and out, what proves who somebody is, and what goes with the life of an account."""

from portal.features.accounts.operations.display import (
    change_display as change_display,
    keep_preference as keep_preference,
)
from portal.features.accounts.operations.entering import (
    Entered as Entered,
    Visit as Visit,
    enter as enter,
    sign_in as sign_in,
)
from portal.features.accounts.operations.life import (
    close_door as close_door,
    open_account as open_account,
    open_door as open_door,
    open_staff_account as open_staff_account,
    rename_web_user as rename_web_user,
    terminate as terminate,
)
from portal.features.accounts.operations.passwords import (
    change_password as change_password,
    set_password as set_password,
)
from portal.features.accounts.operations.sessions import sign_out as sign_out
