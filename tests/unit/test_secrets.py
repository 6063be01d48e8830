import hashlib
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given, settings, strategies as st

from portal.core import clock, secrets
from portal.core.secrets import KeyRing

OLD, NEW = "o" * 32, "n" * 32


def test_passwords_are_kept_as_argon2id_of_the_agreed_cost() -> None:
    stored = secrets.hash_password("three words together")
    parameters = extract_parameters(stored)
    assert stored.startswith("$argon2id$")
    assert (parameters.time_cost, parameters.memory_cost, parameters.parallelism) == (2, 19 * 1024, 1)
    assert stored != secrets.hash_password("three words together")


def test_only_the_password_itself_fits() -> None:
    stored = secrets.hash_password("päss word 🙂")
    assert secrets.password_fits(stored, "päss word 🙂")
    assert not secrets.password_fits(stored, "päss word 🙁")
    assert not secrets.password_fits(stored, "")


def test_without_a_stored_password_nothing_fits_but_the_same_work_is_done() -> None:
    assert not secrets.password_fits(None, "anything")
    assert not secrets.password_fits(None, "nobody signs in with this")
    decoy, real = extract_parameters(secrets._decoy), extract_parameters(secrets.hash_password("x"))
    assert decoy == real


@pytest.mark.parametrize("stored", ["", "x", "$argon2id$broken", "$2b$12$notours"])
def test_what_is_no_hash_fits_nothing(stored: str) -> None:
    assert not secrets.password_fits(stored, "anything")


def test_hashes_of_other_costs_are_renewed() -> None:
    assert not secrets.is_outdated(secrets.hash_password("x"))
    assert secrets.is_outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("x"))


def test_sip_passwords_are_easy_to_read_out_and_hard_to_guess() -> None:
    made = {secrets.sip_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        groups = password.split("-")
        assert [len(group) for group in groups] == [4, 4, 4, 4]
        assert set("".join(groups)) <= set(secrets._SIP_ALPHABET)
    assert set(secrets._SIP_ALPHABET).isdisjoint("0O1lI")


def test_digests_are_those_of_sip() -> None:
    md5, sha256 = secrets.ha1("Mufasa", "testrealm@host.com", "Circle Of Life")
    assert md5 == "939e7578ed9e3c518a452acee763bce9"  # RFC 2617, 3.5
    assert sha256 == hashlib.sha256(b"Mufasa:testrealm@host.com:Circle Of Life").hexdigest()


@given(st.text())
@settings(max_examples=30)
def test_what_is_sealed_can_be_opened_by_the_ring_alone(text: str) -> None:
    ring = KeyRing((NEW, OLD), "letters")
    sealed = KeyRing((OLD,), "letters").seal(text)
    assert ring.open(sealed) == text
    assert KeyRing((NEW,), "letters").open(sealed) is None
    assert KeyRing((OLD,), "parcels").open(sealed) is None


@pytest.mark.parametrize("broken", ["", "x", "ä", "gAAAAA", "\x00"])
def test_what_was_never_sealed_stays_shut(broken: str) -> None:
    assert KeyRing((NEW,), "letters").open(broken) is None
    assert KeyRing((NEW,), "letters").open(broken, max_age=5) is None


def test_seals_can_run_out() -> None:
    ring, now = KeyRing((NEW,), "letters"), clock.now()
    with clock.frozen(now):
        sealed = ring.seal("hello")
        assert ring.open(sealed, max_age=300) == "hello"
    with clock.frozen(now + timedelta(seconds=299)):
        assert ring.open(sealed, max_age=300) == "hello"
    with clock.frozen(now + timedelta(seconds=302)):
        assert ring.open(sealed, max_age=300) is None
        assert ring.open(sealed) == "hello"


def test_fingerprints_depend_on_key_and_parts() -> None:
    assert secrets.fingerprint("k", "a", "b") == secrets.fingerprint("k", "a", "b")
    several = {
        secrets.fingerprint(*parts)
        for parts in (("k", "a", "b"), ("l", "a", "b"), ("k", "ab"), ("k", "a", "b", ""), ("k", "b", "a"))
    }
    assert len(several) == 5
