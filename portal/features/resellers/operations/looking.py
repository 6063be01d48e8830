"""Looking names up in the DNS. Nothing is written here, and no transaction need wait for it."""

from dataclasses import dataclass, field

from portal.features.resellers import rules
from portal.features.resellers.models import SipDomain, WebHost
from portal.features.resellers.rules import Sight, Targets
from portal.gateways.dns import Names, Resolver
from portal.settings import Settings


@dataclass(frozen=True)
class Watch:
    """The DNS, and where names have to lead."""

    names: Names
    sip: Targets = field(default_factory=Targets)
    web: Targets = field(default_factory=Targets)

    @classmethod
    def of(cls, settings: Settings) -> "Watch":
        return cls(Resolver(settings.dns_servers), Targets(settings.sip_targets), Targets(settings.web_targets))

    def at_domain(self, domain: SipDomain) -> Sight:
        """Asked in two rounds: the second about the hosts that the first one named."""
        if rules.is_ip(domain.domain):
            return rules.domain_sight(domain.domain, self.names.ask(self.sip.questions()), self.sip)
        answers = dict(self.names.ask(rules.domain_questions(domain.domain, self.sip)))
        further = rules.further_questions(domain.domain, answers, self.sip)
        if further:
            answers |= self.names.ask(further)
        return rules.domain_sight(domain.domain, answers, self.sip)

    def at_host(self, host: WebHost) -> Sight:
        """What the platform has added itself needs no record."""
        answers = self.names.ask(rules.host_questions(host.host, self.web))
        by_record = host.proved_at is None or host.seen_at is not None
        return rules.host_sight(host.host, host.proof, answers, self.web, to_be_proved=by_record)
