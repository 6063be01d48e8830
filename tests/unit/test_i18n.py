from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from portal.core import i18n

WHOLE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Good morning, %(name)s"
msgstr "Guten Morgen, %(name)s"

msgid "one call"
msgid_plural "%(num)s calls"
msgstr[0] "ein Anruf"
msgstr[1] "%(num)s Anrufe"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    before = i18n._folder[0]
    texts = {
        "de": WHOLE,
        "fr": WHOLE.replace("Guten Morgen, %(name)s", ""),
        "tr": WHOLE.replace('msgid "Good', '#, fuzzy\nmsgid "Good'),
        "es": WHOLE.replace("%(num)s Anrufe", ""),
    }
    for language, text in texts.items():
        file = tmp_path / language / "LC_MESSAGES" / "messages.po"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    i18n.install(tmp_path)
    yield tmp_path
    i18n.install(before)


def test_only_whole_catalogues_are_offered(folder: Path) -> None:
    assert i18n.available() == {"en", "de"}
    assert i18n.missing("fr") == ["Good morning, %(name)s"]
    assert i18n.missing("tr") == ["Good morning, %(name)s"]
    assert i18n.missing("es") == ["one call"]


def test_texts_speak_the_current_language(folder: Path) -> None:
    assert i18n.gettext("Good morning, %(name)s", name="Alice") == "Good morning, Alice"
    with i18n.using("de"):
        assert i18n.gettext("Good morning, %(name)s", name="Alice") == "Guten Morgen, Alice"
        assert i18n.ngettext("one call", "%(num)s calls", 1) == "ein Anruf"
        assert i18n.ngettext("one call", "%(num)s calls", 2) == "2 Anrufe"
        assert i18n.gettext("nobody translated this") == "nobody translated this"
    assert i18n.current() == "en"


def test_a_language_without_catalogue_falls_back_to_the_source(folder: Path) -> None:
    with i18n.using("ar"):
        assert i18n.gettext("Good morning, %(name)s", name="100 %") == "Good morning, 100 %"


@pytest.mark.parametrize(
    ("wanted", "allowed", "chosen"),
    [
        (["de-AT", "en"], ("en", "de"), "de"),
        (["DE"], ("en", "de"), "de"),
        (["fr", "tr"], ("en", "de"), None),
        (["fr", "en-GB"], ("de", "en"), "en"),
        (["pt-br"], ("pt-BR", "pt"), "pt-BR"),
        (["pt-PT"], ("pt-BR", "pt"), "pt"),
        ([], ("de",), None),
        (["*"], ("de",), None),
        (["d"], ("de",), None),
    ],
)
def test_the_first_wish_that_is_allowed_counts(wanted: list[str], allowed: tuple[str, ...], chosen: str | None) -> None:
    assert i18n.best(wanted, allowed) == chosen


@given(st.lists(st.text(max_size=8)), st.lists(st.sampled_from(["en", "de", "ar", "pt-BR"]), unique=True))
def test_nothing_is_chosen_that_is_not_allowed(wanted: list[str], allowed: list[str]) -> None:
    chosen = i18n.best(wanted, tuple(allowed))
    assert chosen is None or chosen in allowed


@pytest.mark.parametrize(
    ("seconds", "english", "german"),
    [
        (0.1, "1 second", "1 Sekunde"),
        (1, "1 second", "1 Sekunde"),
        (29.2, "30 seconds", "30 Sekunden"),
        (90, "90 seconds", "90 Sekunden"),
        (91, "2 minutes", "2 Minuten"),
        (900, "15 minutes", "15 Minuten"),
        (-5, "1 second", "1 Sekunde"),
    ],
)
def test_waiting_times_are_never_told_too_short(seconds: float, english: str, german: str) -> None:
    assert i18n.waiting_time(timedelta(seconds=seconds)) == english
    with i18n.using("de"):
        assert i18n.waiting_time(timedelta(seconds=seconds)) == german


def test_languages_call_themselves_by_their_own_names() -> None:
    assert [i18n.own_name(code) for code in ("de", "en", "es", "ar", "tr")] == [
        "Deutsch",
        "English",
        "Español",
        "العربية",
        "Türkçe",
    ]
    assert {i18n.text_direction(code) for code in ("ar", "he", "fa")} == {"rtl"}
    assert i18n.text_direction("de") == "ltr"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Älice  Meier", "alice meier"),
        ("STRAẞE", "strasse"),
        ("Éa", "ea"),
        ("ﬁn", "fin"),
        ("  ", ""),
        ("Ølsen", "ølsen"),
        ("İnci", "inci"),
    ],
)
def test_names_are_sorted_without_case_and_accents(name: str, key: str) -> None:
    assert i18n.sort_key(name) == key


@given(st.text(max_size=30))
def test_a_sort_key_is_its_own_sort_key(name: str) -> None:
    assert i18n.sort_key(i18n.sort_key(name)) == i18n.sort_key(name)


@pytest.mark.parametrize(("language", "inside"), [("tr", "perşembe"), ("de", "Donnerstag"), ("en", "Thursday"), ("fr", "jeudi")])
def test_weekdays_within_a_sentence(language: str, inside: str) -> None:
    with i18n.using(language):
        assert i18n.weekday_inside(i18n.babel_locale(language).days["format"]["wide"][3]) == inside


def test_languages_are_named_in_the_language_of_the_reader() -> None:
    assert i18n.language_name("de") == "German"
    with i18n.using("tr"):
        assert i18n.language_name("en") == "İngilizce"
        assert i18n.own_name("en") == "English"
