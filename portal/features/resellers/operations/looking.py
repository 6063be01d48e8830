"""Looking names up in the DNS. Nothing is written here, and no transaction need wait for it."""

import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from portal.core.lookups import UNANSWERED, Answers, Question
from portal.features.resellers import rules
from portal.features.resellers.models import SipDomain, WebHost
from portal.features.resellers.rules import Sight, Targets
from portal.gateways.dns import Names, Resolver
from portal.settings import Settings

MOST_AT_ONCE = 3


class Turns:
    """One provider looks at so many names at the same moment, whatever its name servers do: the others go on meanwhile.

    Of this process. Whoever comes too soon hears nothing, as of a name server that does not answer.
    """

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._taken: Counter[int] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def of(self, reseller_id: int) -> Iterator[bool]:
        with self._lock:
            free = self._taken[reseller_id] < self._most
            self._taken[reseller_id] += free
        try:
            yield free
        finally:
            with self._lock:
                self._taken[reseller_id] -= free


@dataclass(frozen=True)
class Watch:
    """The DNS, and where names have to lead."""

    names: Names
    sip: Targets = field(default_factory=Targets)
    web: Targets = field(default_factory=Targets)
    turns: Turns = field(default_factory=Turns)

    @classmethod
    def of(cls, settings: Settings) -> "Watch":
        return cls(Resolver(settings.dns_servers), Targets(settings.sip_targets), Targets(settings.web_targets))

    def at_domain(self, domain: SipDomain) -> Sight:
        """Asked in two rounds: the second about the hosts that the first one named."""
        if rules.is_ip(domain.domain):
            return rules.domain_sight(domain.domain, self.names.ask(self.sip.questions()), self.sip)
        with self.turns.of(domain.reseller_id) as free:
            first = rules.domain_questions(domain.domain, self.sip)
            answers = dict(self._ask(first, free=free))
            further = rules.further_questions(domain.domain, answers, self.sip)
            if further:
                answers |= self._ask(further, free=free)
        return rules.domain_sight(domain.domain, answers, self.sip)

    def at_host(self, host: WebHost) -> Sight:
        """What the platform has added itself needs no record."""
        with self.turns.of(host.reseller_id) as free:
            answers = self._ask(rules.host_questions(host.host, self.web), free=free)
        by_record = host.proved_at is None or host.seen_at is not None
        return rules.host_sight(host.host, host.proof, answers, self.web, to_be_proved=by_record)

    def _ask(self, questions: Collection[Question], *, free: bool) -> Answers:
        return self.names.ask(questions) if free else dict.fromkeys(questions, UNANSWERED)
