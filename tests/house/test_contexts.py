"""A short English word that means several things is told apart for translators, by its context."""

from collections.abc import Mapping

from babel.messages.catalog import Catalog

from tests.house.test_catalogues import texts  # noqa: F401 - a fixture

# The word, and places that must not share it with others: “To” is “An” of a mail, and “Bis” of a range.
TOLD_APART: Mapping[str, Mapping[str, str]] = {
    "Set up": {"a factor that is there": "staff_member.html"},
    "From": {"where somebody was": "_log.html", "colour": "_proof.html"},
    "To": {"receiver": "mails.html", "colour": "_proof.html"},
    "On": {"letters on a ground": "_proof.html", "these days": "times_edit.html"},
    "Missed": {"several calls": "company.html"},
    "Answered": {"several calls": "chart.html"},
    "Inside": {"a call": "shown.py"},
    "Search": {"to do": "find.html"},
    "Time": {"day and hour": "download.py"},
    "Key": {"of a telephone": "_speed_dial.html"},
    "None": {"music": "extension.html", "invoices": "customer.html", "country": "forms.py"},
    "New": {"import": "import_new.html"},
    "Forwarded": {"lines": "lines.html"},
    "Lock": {"heading": "line.html"},
    "Name": {"person": "contact.html"},
}


def test_words_of_several_meanings_have_contexts(texts: Catalog) -> None:  # noqa: F811 - the fixture
    for word, places in TOLD_APART.items():
        for context, place in places.items():
            message = texts.get(word, context)
            assert message is not None, (word, context)
            assert any(name.endswith(place) for name, _line in message.locations), (word, context)
