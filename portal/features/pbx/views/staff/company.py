"""What a draft of a company says: each step read, checked, and told in a line; and all of it as a plan. No pages here."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _, ngettext

from portal.core import addresses, phone
from portal.core.errors import NotFound, Refused
from portal.core.ids import PATTERN, PublicId
from portal.core.phone import Home, Parts
from portal.features.contacts import queries as contacts
from portal.features.contacts.models import Contact
from portal.features.customers.forms.fields import NEW
from portal.features.numbers import rules as numbers
from portal.features.pbx.forms.wizard import TYPED
from portal.features.pbx.operations import wizard as operations
from portal.features.pbx.operations.wizard import Plan
from portal.features.pbx.rules.wizard import STEPS, Step
from portal.features.resellers import queries as resellers
from portal.features.resellers.models import SipDomain

Values = Mapping[str, Any]
OFFERED = 8  # contacts to choose one of


class Said:
    """A draft's values, as they are meant. `home`: where a number without country and area code belongs."""

    def __init__(self, values: Mapping[str, Values], reseller_id: int, home: Home) -> None:
        self.values, self.reseller_id, self.home = values, reseller_id, home

    def of(self, step: Step) -> Values:
        found: Values = self.values.get(step.value) or {}
        return found

    @property
    def missing(self) -> Step | None:
        """The first step that nobody has gone through."""
        return next((step for step in STEPS if step.value not in self.values), None)

    # --- what was chosen ---

    @property
    def domain(self) -> SipDomain | None:
        """Raises Refused when it is gone."""
        chosen = str(self.of(Step.DOMAIN).get("domain") or "")
        if not chosen:
            return None
        try:
            found = resellers.domain(PublicId(chosen)) if PATTERN.fullmatch(chosen) else None
        except NotFound:
            found = None
        if found is None or found.reseller_id != self.reseller_id:
            raise Refused("domain-gone", field="domain")
        return found

    @property
    def contact(self) -> tuple[Contact | None, dict[str, Any]]:
        """One that exists, or what a new one is made from. Raises Refused at the field “who”."""
        said = self.of(Step.CUSTOMER)
        who = str(said.get("who") or "").strip()
        found = contacts.found(self.reseller_id, who, OFFERED) if who else []
        exact = [one for one in found if one.email.lower() == who.lower()] if "@" in who else found
        chosen = str(said.get("contact") or "") or (exact[0].public_id if len(exact) == 1 else "")
        if PATTERN.fullmatch(chosen):
            return _living(chosen), {}
        if chosen != NEW and exact:
            raise Refused("company-contact", field="who")
        facts = {
            "email": who,
            "company": said.get("name"),
            "first_name": said.get("first_name"),
            "last_name": said.get("last_name"),
        }
        return None, _checked(facts)

    @property
    def base(self) -> Parts:
        said = self.of(Step.NUMBERS)
        chosen = str(said.get("which") or TYPED)
        typed = str(said.get("number") or "") if chosen == TYPED else f"+{chosen}"
        if not typed.strip():
            raise Refused("company-base", field="number")
        return numbers.number(typed, self.place)

    @property
    def further(self) -> Sequence[Parts]:
        typed = str(self.of(Step.NUMBERS).get("numbers") or "")
        return numbers.numbers(typed, self.place, field="numbers") if typed.strip() else ()

    @property
    def place(self) -> Home:
        domain = self.domain
        return Home(domain.cc, domain.ac) if domain else self.home

    # --- checks ---

    def check(self, step: Step) -> None:
        """Raises Refused at a field of the step."""
        said = self.of(step)
        if step is Step.CUSTOMER:
            operations.check_customer(str(said.get("name") or ""), said.get("external_id"))
            _contact = self.contact
        elif step is Step.DOMAIN:
            operations.check_domain(
                self.reseller_id, self.domain, None if said.get("domain") else said.get("new_domain"), said.get("host")
            )
        elif step is Step.PILOT:
            name, email = str(said.get("display_name") or ""), str(said.get("pilot_email") or "")
            operations.check_pilot(self.domain, name, email, said.get("username"))
        elif step is Step.NUMBERS:
            operations.check_numbers(self.reseller_id, self.base, self.further)
        else:
            limits = (said.get(name) for name in ("extension_min", "extension_max", "max_subscribers", "max_calls"))
            operations.check_extensions(*limits)

    def plan(self) -> Plan:
        contact, facts = self.contact
        customer, domain, pilot, ranges = (self.of(one) for one in (Step.CUSTOMER, Step.DOMAIN, Step.PILOT, Step.EXTENSIONS))
        return Plan(
            name=str(customer.get("name") or ""),
            external_id=customer.get("external_id"),
            contact=contact,
            contact_facts=facts,
            domain=self.domain,
            new_domain=None if domain.get("domain") else domain.get("new_domain"),
            host=domain.get("host"),
            pilot_name=str(pilot.get("display_name") or ""),
            pilot_email=str(pilot.get("pilot_email") or ""),
            username=pilot.get("username"),
            base=self.base,
            further=self.further,
            extension_min=ranges.get("extension_min"),
            extension_max=ranges.get("extension_max"),
            max_subscribers=ranges.get("max_subscribers"),
            max_calls=ranges.get("max_calls"),
        )

    # --- in a line ---

    def told(self, step: Step) -> list[str]:
        """What a step says, for the page that shows all of them; what cannot be read any more is left out."""
        try:
            return [part for part in _TOLD[step](self) if part]
        except Refused:
            return []


def _living(chosen: str) -> Contact:
    try:
        return contacts.contact(PublicId(chosen))
    except NotFound:
        raise Refused("company-contact", field="who") from None


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    """What a new contact is made from."""
    if not addresses.is_address(str(facts["email"])):
        raise Refused("company-contact", field="who")
    return {name: value for name, value in facts.items() if value}


def _customer(said: Said) -> list[str]:
    values = said.of(Step.CUSTOMER)
    return [str(values.get("name") or ""), str(values.get("external_id") or ""), str(values.get("who") or "")]


def _domain(said: Said) -> list[str]:
    values, domain = said.of(Step.DOMAIN), said.domain
    return [domain.domain if domain else str(values.get("new_domain") or ""), str(values.get("host") or "")]


def _pilot(said: Said) -> list[str]:
    values = said.of(Step.PILOT)
    return [str(values.get("display_name") or ""), str(values.get("pilot_email") or "")]


def _numbers(said: Said) -> list[str]:
    home_cc, further = said.home.cc, len(said.further)
    more = ngettext("%(num)s further number", "%(num)s further numbers", further) if further else ""
    return [_("Base number %(number)s", number=phone.spoken(said.base.digits, home_cc)), more]


def _extensions(said: Said) -> list[str]:
    values = said.of(Step.EXTENSIONS)
    low, high, lines = (values.get(name) for name in ("extension_min", "extension_max", "max_subscribers"))
    reach = (
        _("Extensions %(low)s to %(high)s", low=low, high=high) if low is not None and high is not None else _("Any extensions")
    )
    return [reach, ngettext("%(num)s line at most", "%(num)s lines at most", lines) if lines else _("Any number of lines")]


_TOLD = {
    Step.CUSTOMER: _customer,
    Step.DOMAIN: _domain,
    Step.PILOT: _pilot,
    Step.NUMBERS: _numbers,
    Step.EXTENSIONS: _extensions,
}
