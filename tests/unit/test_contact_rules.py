"""What is taken down of a contact."""

import string

import pytest
from hypothesis import given, strategies as st

from portal.core.errors import Refused
from portal.features.contacts import rules

GOOD_IBANS = (
    "DE89370400440532013000",
    "GB29 NWBK 6016 1331 9268 19",
    "fr14 2004 1010 0505 0001 3M02 606",
    "NO9386011117947",
    "MT84MALT011000012345MTLCAST001S",
    "CH9300762011623852957",
    "TR330006100519786457841326",
)


def refused(field: str, value: object, **more: object) -> str:
    with pytest.raises(Refused) as caught:
        rules.check_facts({field: value, **more})
    assert caught.value.field == field
    assert caught.value.sentence().endswith((".", "MWST")) or caught.value.facts
    return caught.value.code


@pytest.mark.parametrize("typed", GOOD_IBANS)
def test_ibans(typed: str) -> None:
    stored = rules.check_iban(typed)
    assert stored == typed.replace(" ", "").upper()
    assert rules.grouped(stored).replace(" ", "") == stored


@given(st.sampled_from(GOOD_IBANS), st.integers(min_value=0), st.sampled_from(string.digits + string.ascii_uppercase))
def test_one_wrong_sign_of_an_iban_is_found(typed: str, place: int, sign: str) -> None:
    good = typed.replace(" ", "").upper()
    place = 4 + place % (len(good) - 4)
    wrong = good[:place] + sign + good[place + 1 :]
    if wrong == good:
        assert rules.check_iban(wrong) == good
    elif good[place].isdigit() == sign.isdigit():
        with pytest.raises(Refused, match="iban-checksum"):
            rules.check_iban(wrong)


@given(st.sampled_from(GOOD_IBANS), st.integers(min_value=0))
def test_two_neighbours_in_each_others_place_are_found(typed: str, place: int) -> None:
    good = typed.replace(" ", "").upper()
    place = 4 + place % (len(good) - 5)
    turned = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    if turned != good:
        with pytest.raises(Refused, match="iban-checksum"):
            rules.check_iban(turned)


@pytest.mark.parametrize("typed", ["DE", "DE89", "8937040044DE", "ZZ89370400440532013000", "DE8937040044053201300ß", "D" * 40])
def test_no_ibans(typed: str) -> None:
    assert refused("iban", typed) in {"iban-shape", "iban-checksum"}


@pytest.mark.parametrize("typed", ["COBADEFF", "cobadeffxxx", "DEUT DE FF 500", "TTTTGB2L"])
def test_bics(typed: str) -> None:
    assert rules.check_bic(typed) == typed.replace(" ", "").upper()


@pytest.mark.parametrize("typed", ["COBADEF", "COBADEFFX", "COBAZZFF", "COBA-EFF", "COBADEFFXXXX"])
def test_no_bics(typed: str) -> None:
    assert refused("bic", typed) == "bic-shape"


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("DE 123 456 789", "DE", "DE123456789"),
        ("de123456789", None, "DE123456789"),
        ("ATU12345678", "AT", "ATU12345678"),
        ("CHE-123.456.789 MWST", "CH", "CHE123456789MWST"),
        ("EL123456789", "GR", "EL123456789"),
        ("FRXX123456789", "FR", "FRXX123456789"),
        ("1234567890", "TR", "1234567890"),
        ("12-3456789", "US", "123456789"),
        ("GB123456789", "DE", "GB123456789"),
    ],
)
def test_vat_numbers(typed: str, country: str | None, stored: str) -> None:
    assert rules.check_vat_number(typed, country) == stored


@pytest.mark.parametrize(
    ("typed", "country", "code"),
    [
        ("DE12345678", "DE", "vat-number-shape"),
        ("123456789", "DE", "vat-number-country"),
        ("GR123456789", "GR", "vat-number-country"),
        ("AT12345678", "AT", "vat-number-shape"),
    ],
)
def test_no_vat_numbers(typed: str, country: str, code: str) -> None:
    assert refused("vat_number", typed, country=country) == code


@pytest.mark.parametrize("typed", ["XX", "Germany", "EU", "UN", "d"])
def test_no_countries(typed: str) -> None:
    assert refused("country", typed) in {"country-unknown", "contact-text-long"}


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "tr", "ar"])
def test_countries_are_called_as_people_call_them(language: str) -> None:
    named = rules.countries(language)
    assert {"DE", "FR", "TR", "CH", "GB"} <= set(named)
    assert 240 <= len(named) <= 260


def test_names_of_countries_are_in_their_order() -> None:
    german = list(rules.countries("de").values())
    assert german.index("Ägypten") < german.index("Belgien") < german.index("Österreich") < german.index("Zypern")


@pytest.mark.parametrize("typed", ["Europe/Nowhere", "Berlin", "../etc/passwd"])
def test_no_time_zones(typed: str) -> None:
    assert refused("time_zone", typed) == "time-zone-unknown"


def test_what_is_not_typed_is_nothing() -> None:
    assert rules.check_facts({"company": "  ", "iban": "", "country": None}) == {"company": None, "iban": None, "country": None}


def test_blanks_around_and_what_cannot_be_seen_is_nobodys_intention() -> None:
    assert rules.check_facts({"company": " Lantern\x00\tCo  "}) == {"company": "Lantern Co"}


@pytest.mark.parametrize(
    "field", [field for field in rules.LONGEST if field not in {"iban", "bic", "country", "time_zone", "vat_number"}]
)
def test_texts_have_an_end(field: str) -> None:
    longest = rules.LONGEST[field]
    assert rules.check_facts({field: "x" * longest}) == {field: "x" * longest}
    assert refused(field, "x" * (longest + 1)) == "contact-text-long"


def test_ten_notes_and_no_more() -> None:
    assert rules.check_facts({"notes": [" one ", "", "two"]}) == {"notes": ["one", "two"]}
    assert refused("notes", [str(number) for number in range(11)]) == "contact-notes-many"
    assert refused("notes", ["x" * 256]) == "contact-note-line-long"


@pytest.mark.parametrize(("cc", "country"), [("49", "DE"), ("1", "US"), ("90", "TR"), ("999", None), ("x", None)])
def test_the_country_of_a_telephone_code(cc: str, country: str | None) -> None:
    assert rules.country_of(cc) == country


def test_a_rate_for_every_country_of_the_union_and_none_for_others() -> None:
    assert rules.standard_rate("DE") == 19
    assert rules.standard_rate("US") == rules.standard_rate(None) == 0
