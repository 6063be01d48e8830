"""What is asked of accounts: each read has a name and is one statement."""

from portal.features.accounts.queries.factors import (
    Factors as Factors,
    factors as factors,
    seed_to_confirm as seed_to_confirm,
)
from portal.features.accounts.queries.lookups import (
    account as account,
    by_sign_in_name as by_sign_in_name,
    full_name as full_name,
    mail_address as mail_address,
    mails_since_an_hour as mails_since_an_hour,
    of_subscriber as of_subscriber,
    own as own,
    sign_in_name as sign_in_name,
    staff_user_taken as staff_user_taken,
    web_user_taken as web_user_taken,
)
from portal.features.accounts.queries.passkeys import (
    has_other_way as has_other_way,
    own_passkey as own_passkey,
    passkey_here as passkey_here,
    passkeys as passkeys,
)
from portal.features.accounts.queries.people import (
    Filters as Filters,
    Listed as Listed,
    Person as Person,
    Trouble as Trouble,
    company as company,
    count as count,
    people as people,
    person as person,
    trouble as trouble,
)
from portal.features.accounts.queries.sessions import (
    any_factor as any_factor,
    half_signed_in as half_signed_in,
    has_factor as has_factor,
    signed_in as signed_in,
)
from portal.features.accounts.queries.sign_in_rules import (
    Asked as Asked,
    Concerned as Concerned,
    asked as asked,
    concerned as concerned,
    is_operators as is_operators,
)
from portal.features.accounts.queries.single_sign_on import (
    having_address as having_address,
    hold_provider as hold_provider,
    is_linked as is_linked,
    linked_account as linked_account,
    linked_provider_name as linked_provider_name,
    own_provider_name as own_provider_name,
    provider as provider,
    provider_name as provider_name,
)
from portal.features.accounts.queries.staff import (
    StaffFilters as StaffFilters,
    StaffMember as StaffMember,
    count_staff as count_staff,
    hold_keepers as hold_keepers,
    staff as staff,
    staff_member as staff_member,
)
from portal.features.accounts.queries.standing import (
    SignedIn as SignedIn,
    Standing as Standing,
    other_session as other_session,
    standing as standing,
)
from portal.features.accounts.queries.tokens import Link as Link, link as link
