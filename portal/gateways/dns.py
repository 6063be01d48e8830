"""Asking the DNS: never for long, never for much, many questions at once."""

import time
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol

import dns.exception
import dns.nameserver
import dns.rdata
import dns.resolver
import structlog

from portal.core.lookups import UNANSWERED, Answer, Answers, Outcome, Question

LONGEST = 2.5  # seconds for all that is asked at once
TRY = 1.0  # for one server
MOST_QUESTIONS = 60
MOST_VALUES = 20
LONGEST_VALUE = 512
AT_ONCE = 8  # of the questions that are asked together
log = structlog.get_logger()


class Names(Protocol):
    """The DNS."""

    def ask(self, questions: Collection[Question]) -> Answers:
        """An answer for each question; what takes too long is answered with silence."""
        ...


class Resolver:
    """The real one. `servers`: (address, port) of those to ask instead of the ones that this machine asks."""

    def __init__(self, servers: Sequence[tuple[str, int]] = (), *, longest: float = LONGEST) -> None:
        self._servers = tuple(servers)
        self._longest = longest

    def ask(self, questions: Collection[Question]) -> Answers:
        asked = list(dict.fromkeys(questions))
        if len(asked) > MOST_QUESTIONS:
            raise ValueError(f"{len(asked)} questions at once")
        resolver, give_up = self._resolver(), time.monotonic() + self._longest
        if resolver is None:
            return dict.fromkeys(asked, UNANSWERED)
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="dns")  # nobody else's silence takes its threads
        waiting = {one: pool.submit(_answer, resolver, one, give_up) for one in asked}
        wait(waiting.values(), timeout=self._longest)
        pool.shutdown(wait=False, cancel_futures=True)  # those that still wait give up by themselves
        return {one: _of(future) for one, future in waiting.items()}

    def _resolver(self) -> dns.resolver.Resolver | None:
        try:
            resolver = dns.resolver.Resolver(configure=not self._servers)
        except dns.resolver.NoResolverConfiguration:
            log.warning("this machine knows no name server")
            return None
        if self._servers:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(address, port) for address, port in self._servers]
        resolver.timeout, resolver.search, resolver.retry_servfail = TRY, [], False
        return resolver


def _of(future: Future[Answer]) -> Answer:
    if future.cancel() or not future.done():
        return UNANSWERED
    return future.result()


def _answer(resolver: dns.resolver.Resolver, question: Question, give_up: float) -> Answer:
    left = give_up - time.monotonic()
    if left <= 0:
        return UNANSWERED
    try:
        found = resolver.resolve(question.name + ".", question.record.value, lifetime=left, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN:
        return Answer(Outcome.NOTHING)
    except dns.resolver.NoNameservers:
        return Answer(Outcome.BROKEN)
    except (dns.exception.Timeout, OSError):
        return UNANSWERED
    except dns.exception.DNSException:
        return Answer(Outcome.BROKEN)
    alias = _plain(str(found.canonical_name))
    values = tuple(sorted(_text(value) for value in found.rrset or ())[:MOST_VALUES])
    return Answer(Outcome.FOUND if values else Outcome.NOTHING, values, alias if alias != question.name else None)


def _text(value: dns.rdata.Rdata) -> str:
    strings = getattr(value, "strings", None)
    if strings is not None:  # a TXT record: its pieces belong together
        return b"".join(strings)[:LONGEST_VALUE].decode("utf-8", "replace")
    return " ".join(_plain(part) for part in str(value).split(" "))[:LONGEST_VALUE]


def _plain(name: str) -> str:
    return name.rstrip(".").lower() if name.endswith(".") and len(name) > 1 else name
