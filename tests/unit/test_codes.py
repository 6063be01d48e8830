"""One-time codes: when one counts, and what is said when it does not."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given, strategies as st

from portal.core.errors import Refused
from portal.features.accounts import rules

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = datetime(2026, 11, 23, 9, 0, 7, tzinfo=UTC)
STEP = int(NOW.timestamp()) // rules.STEP
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

moments = st.integers(1_500_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
seeds = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=32, max_size=32)


def code(steps: int = 0, seed: str = SEED, at: datetime = NOW) -> str:
    return pyotp.TOTP(seed).at(at, counter_offset=steps)


def refusal(typed: str, last: int | None = None) -> str:
    with pytest.raises(Refused) as refused:
        rules.step_of(SEED, typed, at=NOW, last=last)
    assert refused.value.field == "code"
    assert refused.value.sentence()
    return refused.value.code


@given(seeds, moments, st.sampled_from([-1, 0, 1]))
def test_a_code_counts_a_step_before_and_after_its_time(seed: str, at: datetime, drift: int) -> None:
    step = rules.step_of(seed, code(drift, seed, at), at=at, last=None)
    assert code(0, seed, rules.time_of(step)) == code(drift, seed, at)
    assert abs(step - int(at.timestamp()) // rules.STEP) <= 1


def test_it_is_that_of_rfc_6238() -> None:
    seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # “12345678901234567890”, of its appendix B
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert rules.step_of(seed, digits, at=datetime.fromtimestamp(seconds, UTC), last=None) == seconds // 30


@pytest.mark.parametrize("drift", [2, -2, 5, 10, -10])
def test_a_clock_that_is_off_is_noticed_and_still_refused(drift: int) -> None:
    assert refusal(code(drift)) == "code-other-time"


@pytest.mark.parametrize("drift", [11, -11, 2000])
def test_further_off_it_is_just_wrong(drift: int) -> None:
    assert refusal(code(drift)) == "code-wrong"


@given(st.integers(-1, 1), st.integers(0, 3))
def test_a_code_counts_once_and_none_before_it_counts_any_more(drift: int, older: int) -> None:
    used = rules.step_of(SEED, code(drift), at=NOW, last=None)
    assert used == STEP + drift
    assert refusal(code(drift), last=used + older) == "code-used"
    assert rules.step_of(SEED, code(1), at=NOW, last=STEP) == STEP + 1


@given(moments, st.text(" \u00a0\u2003\u200f\t-–", max_size=3), st.integers(0, 6))
def test_blanks_dashes_and_marks_do_not_matter(at: datetime, blank: str, place: int) -> None:
    digits = code(at=at)
    typed = blank + digits[:place] + blank + digits[place:] + blank
    assert rules.step_of(SEED, typed, at=at, last=None) == int(at.timestamp()) // rules.STEP


def test_digits_of_other_scripts_are_understood() -> None:
    assert rules.step_of(SEED, code().translate(ARABIC), at=NOW, last=None) == STEP


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345x", "١٢٣", "½½½½½½", "¹²³⁴⁵⁶"])
def test_what_is_no_code_is_told_so(typed: str) -> None:
    assert refusal(typed) == "code-shape"


@given(st.text(max_size=40))
def test_anything_typed_is_answered(typed: str) -> None:
    assert refusal(typed + "x") == "code-shape"


@pytest.mark.parametrize(
    ("issuer", "name"),
    [
        ("TelephOne", "alice@lantern.telephone.example"),
        ("Ça & Là: Télécom", "zoë+1@straße.example"),
        ("100 % / ?#", "a:b@example"),
        ("اتصالات", "ليلى@example"),
    ],
)
def test_what_the_app_scans_says_brand_and_name(issuer: str, name: str) -> None:
    address = rules.otpauth(SEED, issuer=issuer, name=name)
    assert address.isascii()
    assert " " not in address
    read = pyotp.parse_uri(address)
    assert isinstance(read, pyotp.TOTP)
    plain = {part.replace(":", " ") for part in (issuer, name)}
    assert {read.issuer, read.name} == plain
    assert (read.secret, read.digits, read.interval) == (SEED, 6, 30)
    assert address.startswith("otpauth://totp/")


def test_a_key_is_shown_in_fours() -> None:
    assert rules.in_fours("ABCDEFGHIJ") == "ABCD EFGH IJ"
    shown = rules.in_fours(SEED)
    assert pyotp.TOTP(shown.replace(" ", "")).at(NOW) == code()


@given(st.text(rules.RECOVERY_ALPHABET, min_size=16, max_size=16), st.booleans(), st.sampled_from(["", " ", " - ", "\u2011"]))
def test_a_recovery_code_is_known_however_it_is_typed(signs: str, upper: bool, between: str) -> None:
    shown = rules.recovery_code_shown(signs)
    assert len(shown) == 19
    typed = between.join(shown.split("-"))
    assert rules.recovery_code(typed.upper() if upper else typed) == signs


def test_a_recovery_code_cannot_be_guessed() -> None:
    signs = rules.RECOVERY_GROUPS * rules.RECOVERY_GROUP
    assert len(set(rules.RECOVERY_ALPHABET)) ** signs > 2**70
    assert not set("0o1il") & set(rules.RECOVERY_ALPHABET), "none that look alike"


def test_the_time_of_a_step_is_when_it_begins() -> None:
    assert NOW - rules.time_of(STEP) == timedelta(seconds=7)
