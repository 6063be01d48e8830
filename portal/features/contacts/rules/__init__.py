"""What is taken down of a contact, and what became of mails, in words."""

from portal.features.contacts.rules.banking import check_bic as check_bic, check_iban as check_iban, grouped as grouped
from portal.features.contacts.rules.contacts import (
    FIELDS as FIELDS,
    LONGEST as LONGEST,
    LONGEST_NOTE as LONGEST_NOTE,
    MOST_NOTES as MOST_NOTES,
    Facts as Facts,
    called as called,
    check_facts as check_facts,
)
from portal.features.contacts.rules.countries import check_country as check_country, countries as countries
from portal.features.contacts.rules.emails import check_email as check_email
from portal.features.contacts.rules.mails import (
    KINDS as KINDS,
    STATES as STATES,
    TROUBLES as TROUBLES,
    kind_words as kind_words,
    state_words as state_words,
    trouble_words as trouble_words,
)
from portal.features.contacts.rules.taxes import (
    check_vat_number as check_vat_number,
    country_of as country_of,
    standard_rate as standard_rate,
)
from portal.features.contacts.rules.templates import WRITTEN as WRITTEN
