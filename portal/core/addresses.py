"""What an e-mail address may be: one rule for those that are typed, those that are kept and those that are written to."""

import email_validator
from email_validator import validate_email

LONGEST = 254

# Whether mails reach a name that is nobody's on the internet, like one that ends in .local, knows the provider's mail server.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def parts(address: str, *, dotless: bool = False) -> tuple[str, str]:
    """What stands before and after its @, as mail servers write it. Raises ValueError for what is no address.

    `dotless`: the domain may be a machine's bare name.
    """
    found = validate_email(address, check_deliverability=False, globally_deliverable=not dotless)
    return str(found.local_part), str(found.ascii_domain)


def is_address(text: str) -> bool:
    try:
        parts(text)
    except ValueError:
        return False
    return True
