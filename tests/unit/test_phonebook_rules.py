"""Phonebooks in and out of files: what is written is read again unchanged, and no file breaks anything."""

import csv
import io
import time

import pytest
from hypothesis import given, strategies as st

from portal.core import i18n, sheets
from portal.core.errors import Refused
from portal.core.lines import one_line
from portal.core.phone import Home
from portal.features.phonebook import rules
from portal.features.phonebook.rules import Content, Found, Label, Numbered
from portal.features.phonebook.rules.cards import read as read_cards
from portal.features.phonebook.rules.entries import typed_again, written
from portal.features.phonebook.rules.files import decoded
from portal.features.phonebook.rules.raw import Raw

HOME = Home("49", "30")
LANGUAGES = ("en", "de")
NASTY = (
    "=1+1",
    "'=1+1",
    "''=x",
    "@SUM(A1)",
    "+49 30",
    "-5",
    "a;b,c\td",
    'say "hi"',
    "\\n",
    "a\\,b",
    "100 %",
    "ʼ",
    "a\u200bb",
    "x=",
    "BEGIN:VCARD",
)
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=40)).map(one_line)
NUMBERS = st.from_regex(r"[1-9][0-9]{0,14}", fullmatch=True)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    numbers = draw(
        st.lists(st.builds(Numbered, st.sampled_from(Label), NUMBERS), min_size=1, max_size=10, unique_by=lambda one: one.digits)
    )
    return Content(
        draw(TEXTS.filter(bool)),
        draw(TEXTS.map(lambda text: text or None)),
        draw(st.sampled_from([None, "mia@torres.example"])),
        draw(TEXTS.map(lambda text: text or None)),
        tuple(numbers),
    )


def read_again(text: str) -> list[Content]:
    judged = list(rules.judge(rules.read(text.encode(), LANGUAGES), HOME))
    assert all(isinstance(one, Found) and not one.remarks for one in judged), judged
    return [one.content for one in judged if isinstance(one, Found)]


def plain(entry: Content) -> Content:
    """A company of the same name is the name alone."""
    return Content(entry.name, entry.company if entry.company != entry.name else None, entry.email, entry.note, entry.numbers)


@given(st.lists(contents(), min_size=1, max_size=4), st.sampled_from(LANGUAGES))
def test_a_table_is_read_again_as_it_was_written(entries: list[Content], spoken: str) -> None:
    with i18n.using(spoken):
        text = sheets.MARK + "".join(rules.write_table(entries))
    assert read_again(text) == [plain(one) for one in entries]


@given(st.lists(contents(), min_size=1, max_size=4))
def test_so_are_cards(entries: list[Content]) -> None:
    assert read_again(rules.write_cards(entries)) == [plain(one) for one in entries]


@given(st.lists(contents(), max_size=3))
def test_no_cell_of_a_table_runs(entries: list[Content]) -> None:
    for row in csv.reader(io.StringIO("".join(rules.write_table(entries)), newline="")):
        assert all(sheets.safe(cell) == cell for cell in row)


@given(NUMBERS)
def test_a_number_means_the_same_when_it_is_read_again(digits: str) -> None:
    for text in (written(digits), typed_again(digits, HOME)):
        assert rules.check_numbers([("work", text)], HOME)[0].digits == digits


OUTLOOK = (
    "First Name,Last Name,Company,Business Phone,Business Phone 2,Mobile Phone,E-mail Address,Notes\r\n"
    'Mia,Torres,"Torres, Licht",040 66969120,040 66969121,,mia@torres.example,\r\n'
)
GOOGLE = (
    "Name,Organization Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,E-mail 1 - Value\n"
    "Mia Torres,,Mobile,0171 3920044 ::: 0171 3920045,Work,040 66969120,\n"
)
GERMAN = (
    "sep=;\nNachname;Vorname;Firma;Telefon geschäftlich;Handy;Privat\n"
    "Torres;Mia;Licht AG;040/66969-120;;0221 4710407\n;;Nur Firma;030 1;;\n;;;;;\n"
)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (
            OUTLOOK.encode(),
            [("Mia Torres", "Torres, Licht", "mia@torres.example", ["work 4940 66969120", "work 4940 66969121"])],
        ),
        (GOOGLE.encode(), [("Mia Torres", None, None, ["mobile 491713920044", "mobile 491713920045", "work 494066969120"])]),
        (
            GERMAN.encode("cp1252"),
            [
                ("Mia Torres", "Licht AG", None, ["work 494066969120", "home 492214710407"]),
                ("Nur Firma", None, None, ["work 49301"]),
            ],
        ),
        ("Name\tTelefon\nJörg\t0171 3920031\n".encode("utf-16"), [("Jörg", None, None, ["other 491713920031"])]),
        (b"\xef\xbb\xbfName;Nummer 1;Art 1\nJ\xc3\xb6rg;0171 3920031;Mobil\n", [("Jörg", None, None, ["mobile 491713920031"])]),
    ],
)  # fmt: skip
def test_tables_of_other_programs(data: bytes, found: list[tuple[str, str | None, str | None, list[str]]]) -> None:
    judged = [one.content for one in rules.judge(rules.read(data, LANGUAGES), HOME) if isinstance(one, Found)]
    seen = [(one.name, one.company, one.email, [f"{number.label} {number.digits}" for number in one.numbers]) for one in judged]
    assert seen == [(*rest, [one.replace("4940 ", "4940") for one in numbers]) for *rest, numbers in found]


CARDS = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg
TEL;CELL:0171 392=
TEL;WORK;VOICE:030 1
NOTE;ENCODING=QUOTED-PRINTABLE:Stra=DFe=0D=0Aund =
mehr
END:VCARD
begin:vcard
version:4.0
FN:Mia\\, Torres
ORG:Torres\\; Licht;Einkauf
item1.TEL;VALUE=uri;TYPE="home,voice":tel:+49-40-66969-120;ext=7
TEL;TYPE=cell;TYPE=pref:(0171) 39200 44
EMAIL;TYPE=work:mia@torres.example
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ
 AAAAAAA
AGENT:
BEGIN:VCARD
FN:Nobody
END:VCARD
NOTE:a\\nb
 c
end:vcard
"""


def test_cards_of_old_and_new_telephones() -> None:
    assert list(read_cards(CARDS)) == [
        Raw(1, "Jörg Müller", "", "", "Straße\nund mehr", ((Label.MOBILE, "0171 392="), (Label.WORK, "030 1"))),
        Raw(
            2,
            "Mia, Torres",
            "Torres; Licht, Einkauf",
            "mia@torres.example",
            "a\nbc",
            ((Label.HOME, "+49-40-66969-1207"), (Label.MOBILE, "(0171) 39200 44")),
        ),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "There is nothing in this file."),
        (b"\xef\xbb\xbf \r\n", "There is nothing in this file."),
        (b"BEGIN:VCARD\0\nEND:VCARD", "This is no file of contacts. Choose one that ends in .vcf or .csv."),
        (b"PK\x03\x04\x14\0\x06\0", "This is no file of contacts. Choose one that ends in .vcf or .csv."),
        (b"a,b\n1,2\n", "The first line names no column for names. Call one of them “Name”."),
        (b"Name,Shoe\nx,44\n", "The first line names no column for numbers. Call one of them “Number”, “Work” or “Mobile”."),
        (b'Name,Number\n"x,030 1\n', "This table cannot be read: the quotation marks do not match."),
        (b"Name,Number\n" + b"x" * 140_000 + b",1\n", "This table cannot be read: the quotation marks do not match."),
        (b"Name,Number\n" + b"x,030 1\n" * 5_001, "This file has more than 5000 entries. Import it in parts."),
        (b"BEGIN:VCARD\nFN:x\nTEL:1\nEND:VCARD\n" * 10_000, "This file has more than 5000 entries. Import it in parts."),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "This is no file of contacts. Choose one that ends in .vcf or .csv."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        rules.read(data, LANGUAGES)
    assert (caught.value.sentence(), caught.value.field) == (sentence, "file")


def test_what_of_an_entry_cannot_be_used_is_said() -> None:
    rows = [
        Raw(1, "Ruby", numbers=(("work", "030 1"), ("work", "call me"), ("work", " "))),
        Raw(2, "", numbers=(("work", "030 1"),)),
        Raw(3, "Saba"),
        Raw(4, "x" * 128, numbers=(("work", "030 1"),)),
        Raw(5, "Tom", email="tom", note="n" * 600, numbers=tuple(("work", f"030 {n}") for n in range(11, 23))),
        Raw(6, trouble="card-broken"),
    ]
    said = [
        [one.sentence() for one in (found.remarks if isinstance(found, Found) else [found.reason])]
        for found in rules.judge(rows, HOME)
    ]
    assert said == [
        ["“call me” is no telephone number and is left out."],
        ["There is no name."],
        ["There is no telephone number that can be used."],
        ["Use at most 127 characters for the name."],
        [
            "The first 10 numbers are taken, the others are left out.",
            "The note is cut after 500 characters.",
            "“tom” is no e-mail address and is left out.",
        ],
        ["This card cannot be read."],
    ]


def found(place: int, name: str, *digits: str) -> Found:
    return Found(place, Content(name, None, None, None, tuple(Numbered(Label.WORK, one) for one in digits)))


def test_what_is_there_already_is_known_by_name_and_number() -> None:
    known = {("ruby", "49301"), ("ruby", "49302"), ("saba", "49301")}
    rows = [
        found(1, "Ruby", "49301"),
        found(2, "RUBY", "49302", "49301"),
        found(3, "Ruby", "49303"),
        found(4, "Tom", "49301"),
        found(5, "Tom", "49301"),
    ]
    compared = rules.compare(rows, known)
    assert [one.place for one in compared.there] == [1, 2, 5]
    assert [one.place for one in compared.new] == [3, 4]


@given(st.lists(contents(), max_size=3), st.lists(st.builds(Raw, st.integers(1, 9), TEXTS), max_size=2))
def test_what_waits_for_a_yes_is_kept_unchanged(entries: list[Content], raws: list[Raw]) -> None:
    judged = [*(Found(place, one) for place, one in enumerate(entries)), *rules.judge(raws, HOME)]
    again = rules.from_stored(rules.as_stored(judged))
    assert str([one.reason.sentence() if not isinstance(one, Found) else one for one in again]) == str(
        [
            one.reason.sentence() if not isinstance(one, Found) else one
            for one in sorted(judged, key=lambda one: not isinstance(one, Found))
        ]
    )


LINES = st.sampled_from(
    [
        *("BEGIN:VCARD", "END:VCARD", "BEGIN:VCALENDAR", "END:VCALENDAR", "FN:x", "N:;;;;;;", "N:", "TEL:", "TEL;TYPE=:030"),
        *('TEL;X="', "ORG:", "TEL;ENCODING=QUOTED-PRINTABLE:=C3=", "NOTE;CHARSET=no:ü", " folded", ":", ";;;", "FN"),
        "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=utf-7:+AC0",
    ]
)


@given(st.lists(LINES | st.text(max_size=20), max_size=12))
def test_no_card_breaks_anything(lines: list[str]) -> None:
    text = "BEGIN:VCARD\r\n" + "\r\n".join(lines)
    assert len(list(rules.judge(read_cards(text), HOME))) >= 0


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_file_breaks_anything(data: bytes) -> None:
    try:
        assert "\0" not in decoded(data)
        list(rules.judge(rules.read(b"Name,Number\n" + data, LANGUAGES), HOME))
    except Refused as refusal:
        refusal.sentence()


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN:VCARD\n" * 200_000,
        "BEGIN:VCARD\nFN:x\nPHOTO;ENCODING=b:" + "A" * 5_000_000 + "\nTEL:030 1\nEND:VCARD\n",
        "BEGIN:VCARD\nFN:" + "(" * 2_000_000 + "\nEND:VCARD\n",
        "BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:" + "=\n" * 300_000 + "\nEND:VCARD\n",
        "BEGIN:VCARD\nFN:x\n" + " y\n" * 500_000 + "TEL:030 1\nEND:VCARD\n",
        "BEGIN:VCARD\nTEL" + ";TYPE=" * 1_600 + ":1\nEND:VCARD\n",
        "BEGIN:VCARD\nN:" + ";," * 5_000 + "\nEND:VCARD\n",
        "BEGIN:VCARD\nTEL" + ";a=b=" * 1_900 + "\nTEL:030 1\nEND:VCARD\n",
        "BEGIN:VCARD\nORG:" + "\\" * 9_001 + "\nTEL" + ';"' * 4_900 + "\nEND:VCARD\n",
        "BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE" + "x" * 500_000 + "=\n" + "=\n" * 500_000,
        "BEGIN:VCARD\nFN:x\n" + "TEL:1\n" * 1_000_000 + "END:VCARD\n",
        ("BEGIN:VCARD\nFN;CHARSET=punycode;QUOTED-PRINTABLE:a-" + "a" * 9_900 + "\nEND:VCARD\n") * 300,
    ],
    ids=[
        *("nested", "photo", "one long line", "soft breaks", "folds", "parameters", "parts", "equal signs", "open quotes"),
        *("soft breaks of a long line", "numbers", "charset"),
    ],
)
def test_hostile_cards_cost_little(text: str) -> None:
    began = time.process_time()
    list(rules.judge(read_cards(text), HOME))
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "text",
    [
        "name," + "tel," * 300_000 + "\n" + "a,1\n" * 4_000,
        "name,tel\n" + ("a," + "1 ::: " * 20_000 + "\n") * 30,
        "name,tel\n" + ("a" + ",1" * 1_000_000 + "\n") * 3,
    ],
    ids=["headings", "numbers in a cell", "cells"],
)
def test_so_do_hostile_tables(text: str) -> None:
    began = time.process_time()
    rules.as_stored(rules.judge(rules.read(text.encode(), LANGUAGES), HOME))
    assert time.process_time() - began < 10
