"""The life of a line, whatever its kind: opening it, locking it, its SIP password, its end."""

from portal.features.subscribers.operations.beginnings import install_beginnings as install_beginnings
from portal.features.subscribers.operations.details import (
    change_line as change_line,
    change_number as change_number,
    give_numbers as give_numbers,
    take_numbers_back as take_numbers_back,
)
from portal.features.subscribers.operations.devices import sign_off as sign_off, switch_device_mail as switch_device_mail
from portal.features.subscribers.operations.everywhere import (
    end_everywhere as end_everywhere,
    lock_everywhere as lock_everywhere,
    unlock_everywhere as unlock_everywhere,
)
from portal.features.subscribers.operations.lines import (
    Draft as Draft,
    NewLine as NewLine,
    choose_username as choose_username,
    create_line as create_line,
    create_pilot as create_pilot,
    create_regular as create_regular,
    end_line as end_line,
    follow_account as follow_account,
    free_username as free_username,
    hold_with_room as hold_with_room,
    lock as lock,
    open_line as open_line,
    open_portal as open_portal,
    record as record,
    renew_sip_password as renew_sip_password,
    source_of as source_of,
    unlock as unlock,
)
from portal.features.subscribers.operations.many import Opened as Opened, end_lines as end_lines, open_lines as open_lines
from portal.features.subscribers.operations.of_customer import (
    end_of_customer as end_of_customer,
    lock_of_customer as lock_of_customer,
    unlock_of_customer as unlock_of_customer,
)
from portal.features.subscribers.operations.profiles import (
    add_profile as add_profile,
    change_profile as change_profile,
    check_may_change as check_may_change,
    give_profile as give_profile,
    make_default as make_default,
    remove_profile as remove_profile,
)
from portal.features.subscribers.operations.trunks import (
    add_source as add_source,
    change_next_hop as change_next_hop,
    change_source as change_source,
    create_trunk as create_trunk,
    remove_source as remove_source,
)
