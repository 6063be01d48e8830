"""Languages of providers and SIP domains, and what lines start with."""

from dataclasses import dataclass

import pytest
from hypothesis import given, strategies as st

from portal.core import i18n
from portal.core.errors import Refused
from portal.features.resellers import rules
from portal.features.resellers.rules import Defaults

THERE = st.sampled_from(sorted(i18n.available()))


@given(st.lists(THERE, min_size=1))
def test_languages_that_are_there_are_kept_in_order_each_once(languages: list[str]) -> None:
    kept = rules.check_languages(languages)
    assert kept == list(dict.fromkeys(languages))
    assert rules.offered(kept) == tuple(kept)
    assert rules.default_first(kept, kept[-1])[0] == kept[-1]
    assert sorted(rules.default_first(kept, kept[-1])) == sorted(kept)


@pytest.mark.parametrize(
    ("languages", "code", "sentence"),
    [
        (["en", "sv"], "language-not-available", "Swedish is not available yet."),
        (["tlh-xx"], "language-unknown", "This is no language that we know."),
        (["../en"], "language-unknown", "This is no language that we know."),
        ([], "languages-none", "Choose at least one language."),
    ],
)
def test_a_language_is_refused_with_the_reason(languages: list[str], code: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_languages(languages)
    assert (refused.value.code, refused.value.sentence()) == (code, sentence)


def test_a_domain_offers_what_its_provider_allows() -> None:
    with pytest.raises(Refused) as refused:
        rules.check_languages(["en"], allowed=["xx"])
    assert refused.value.code == "language-not-allowed"
    assert rules.check_languages(["en"], allowed=["xx"], kept=["en"]) == ["en"]
    assert rules.check_languages(["sv"], kept=["sv"]) == ["sv"]


def test_only_whole_languages_are_shown_and_never_none() -> None:
    assert rules.offered(["sv", "en"]) == ("en",)
    assert rules.offered(["sv"]) == (i18n.SOURCE_LANGUAGE,)


@dataclass
class Domain:
    lock_level: int = 1
    ring_seconds: int | None = 20
    hide_number: bool = True


@dataclass
class Customer:
    lock_level: int | None = None
    ring_seconds: int | None = None
    hide_number: bool | None = None
    language: str | None = None


@pytest.mark.parametrize(
    ("customer", "defaults"),
    [
        (None, Defaults(1, 20, True, None)),
        (Customer(), Defaults(1, 20, True, None)),
        (Customer(lock_level=0), Defaults(0, 20, True, None)),
        (Customer(ring_seconds=45), Defaults(1, 45, True, None)),
        (Customer(hide_number=False), Defaults(1, 20, False, None)),
        (Customer(3, 5, True, "fr"), Defaults(3, 5, True, "fr")),
    ],
)
def test_lines_start_as_their_customer_has_it_else_as_their_domain(customer: Customer | None, defaults: Defaults) -> None:
    assert rules.defaults_of(Domain(), customer) == defaults


@pytest.mark.parametrize(
    ("level", "ring", "field"),
    [(4, None, "lock_level"), (-1, None, "lock_level"), (0, 0, "ring_seconds"), (0, 3601, "ring_seconds")],
)
def test_nothing_else_can_be_a_default(level: int, ring: int | None, field: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_defaults(level, ring)
    assert refused.value.field == field
