"""Single sign-on: what a provider may say about somebody, and what is said when it does not."""

from datetime import timedelta

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.permissions import Role

BACK_WITHIN = timedelta(minutes=10)
LONGEST_PERSON = 127  # characters of a name that a provider tells

declare("provider-down", N_("%(provider)s does not answer right now. Try again in a few minutes, or sign in with your password."))
declare("provider-refused", N_("%(provider)s did not sign you in. Try again, or sign in with your password."))
declare(
    "provider-untrusted",
    N_("What %(provider)s answered cannot be trusted, so nobody is signed in. If it happens again, tell whoever looks after it."),
)
declare("provider-stale", N_("%(provider)s did not ask you again who you are. Confirm it in another way."))
declare("provider-somebody-else", N_("At %(provider)s you are somebody else. Confirm it as the one who is signed in here."))
declare("provider-again", N_("This sign-in was begun elsewhere, or too long ago. Please begin again."))
declare("provider-unknown", N_("No account here can be used with what %(provider)s says of you."))

declare("not-linked", N_("This account is linked with no provider."))
declare("provider-of-operator", N_("Only the operator changes how the operator’s own people sign in."))

declare("issuer-down", N_("Nothing answers at this address."))
declare(
    "issuer-address",
    N_("The address has to begin with https:// and to lead to a server on the internet, and so do those that it names."),
)
declare("issuer-document", N_("There is no OpenID provider at this address that the portal can work with."))
declare("issuer-other", N_("The provider calls itself “%(found)s”. Type it exactly like that."))
declare("client-secret", N_("Type the secret that the provider has given you."))
declare("client-secret-again", N_("Type the secret again: what is stored is for another provider."))
declare("mail-domain", N_("Type a domain as it stands after the @, like example.com."))


def matching_address(email: str | None, *, verified: bool) -> str | None:
    """The address by which accounts are looked for: in small letters, and only if it is surely theirs.

    Of plain letters only: among others there are some that turn into a plain one when they are made small.
    """
    plain = email is not None and email.isascii() and email.isprintable() and " " not in email
    if not verified or email is None or not plain or email.count("@") != 1:
        return None
    user, _at, domain = email.lower().partition("@")
    return f"{user}@{domain}" if user and domain and len(email) <= 254 else None


def may_set_up(role: Role | None, *, operator: bool) -> bool:
    """Whether somebody chooses the provider of their reseller. `operator`: it is the one where the operator works.

    Whoever chooses the provider can sign in as everybody there.
    """
    return role is Role.OPERATOR or (role is Role.RESELLER and not operator)


def opens(opens_for: str | None, address: str) -> bool:
    """Whether accounts are made for addresses like this."""
    return opens_for is not None and address.rpartition("@")[2] == opens_for


def check_mail_domain(typed: str | None) -> str | None:
    """The domain in small letters, None for none. Raises Refused at the field “opens_for”."""
    domain = (typed or "").strip().lower().removeprefix("@")
    if not domain:
        return None
    labels = domain.split(".")
    plain = all(label and label.replace("-", "").isalnum() and label.isascii() for label in labels)
    if len(labels) < 2 or not plain or len(domain) > 253:
        raise Refused("mail-domain", field="opens_for")
    return domain
