"""Signing in and out, what proves who somebody is, and what goes with the life of an account."""

from portal.features.accounts.operations.confirming import (
    confirm as confirm,
    confirm_by_password as confirm_by_password,
)
from portal.features.accounts.operations.display import (
    change_display as change_display,
    keep_preference as keep_preference,
)
from portal.features.accounts.operations.emails import (
    ask_email as ask_email,
    cancel_email as cancel_email,
    confirm_email as confirm_email,
    move_mail as move_mail,
    remove_email as remove_email,
    rename as rename,
)
from portal.features.accounts.operations.entering import (
    Entered as Entered,
    Visit as Visit,
    enter as enter,
    sign_in as sign_in,
)
from portal.features.accounts.operations.everywhere import (
    close_everywhere as close_everywhere,
    reopen_everywhere as reopen_everywhere,
    terminate_everywhere as terminate_everywhere,
)
from portal.features.accounts.operations.factors import (
    begin_totp as begin_totp,
    clear_factors as clear_factors,
    confirm_totp as confirm_totp,
    counted as counted,
    make_recovery_codes as make_recovery_codes,
    pass_recovery as pass_recovery,
    pass_totp as pass_totp,
    remove_totp as remove_totp,
    void_codes_without_factor as void_codes_without_factor,
)
from portal.features.accounts.operations.helping import (
    let_try_again as let_try_again,
    unlink_provider as unlink_provider,
)
from portal.features.accounts.operations.life import (
    close_door as close_door,
    open_account as open_account,
    open_door as open_door,
    open_staff_account as open_staff_account,
    rename_web_user as rename_web_user,
    terminate as terminate,
)
from portal.features.accounts.operations.links import (
    accept_invitation as accept_invitation,
    ask_for_reset as ask_for_reset,
    invite as invite,
    reset_password as reset_password,
    send_forgotten as send_forgotten,
    send_reset as send_reset,
    tell_of_guessing as tell_of_guessing,
)
from portal.features.accounts.operations.many import (
    open_accounts as open_accounts,
    terminate_of_lines as terminate_of_lines,
)
from portal.features.accounts.operations.of_customer import (
    close_of_customer as close_of_customer,
    reopen_of_customer as reopen_of_customer,
    terminate_of_customer as terminate_of_customer,
)
from portal.features.accounts.operations.passkeys import (
    Added as Added,
    add_passkey as add_passkey,
    ask_for_passkey as ask_for_passkey,
    begin_passkey as begin_passkey,
    confirm_with_passkey as confirm_with_passkey,
    remove_passkey as remove_passkey,
    rename_passkey as rename_passkey,
    sign_in_with_passkey as sign_in_with_passkey,
)
from portal.features.accounts.operations.passwords import (
    change_password as change_password,
    set_password as set_password,
)
from portal.features.accounts.operations.sessions import (
    end_other_sessions as end_other_sessions,
    end_session as end_session,
    sign_out as sign_out,
)
from portal.features.accounts.operations.sign_in_rules import (
    change_factor_groups as change_factor_groups,
    change_password_days as change_password_days,
    change_provider as change_provider,
    check_issuer as check_issuer,
)
from portal.features.accounts.operations.single_sign_on import (
    Returned as Returned,
    confirm_from_provider as confirm_from_provider,
    enter_from_provider as enter_from_provider,
    farewell as farewell,
    return_from_provider as return_from_provider,
    visit_provider as visit_provider,
)
from portal.features.accounts.operations.staff import (
    change_staff as change_staff,
    invite_staff as invite_staff,
    lock_staff as lock_staff,
    terminate_staff as terminate_staff,
    unlock_staff as unlock_staff,
)
from portal.features.accounts.operations.viewing import (
    check_alone as check_alone,
    check_moves_mail as check_moves_mail,
    check_viewable as check_viewable,
    start_viewing as start_viewing,
    stop_viewing as stop_viewing,
)
