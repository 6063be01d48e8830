from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given, strategies as st
from wtforms.validators import ValidationError

from portal.web.fields import VersionField, looks_like_email, stripped
from portal.web.forms import Form


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Alice  ", "Alice"),
        ("Ali\x00ce\u200b", "Alice"),
        ("a\tb\r\nc\u00a0d", "a b c d"),
        ("Zoë 🙂", "Zoë 🙂"),
        ("", ""),
        (None, None),
    ],
)
def test_what_nobody_meant_to_type_is_left_out(typed: str | None, kept: str | None) -> None:
    assert stripped(typed) == kept


@given(st.text())
def test_what_is_kept_can_be_stored_and_shown(typed: str) -> None:
    kept = stripped(typed)
    assert kept is not None
    assert kept.isprintable()
    assert kept == kept.strip() == stripped(kept)


@pytest.mark.parametrize("typed", ["a@b.example", "alice.meier+x@mail.lantern.example", "ä@münchen.example"])
def test_addresses_that_could_be(typed: str) -> None:
    assert looks_like_email(None, SimpleNamespace(data=typed)) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    "typed", ["", "alice", "@b.example", "a@", "a@b", "a@.example", "a@example.", "a b@c.example", "a@b.exa mple"]
)
def test_addresses_that_cannot_be(typed: str) -> None:
    with pytest.raises(ValidationError):
        looks_like_email(None, SimpleNamespace(data=typed))


@pytest.mark.parametrize(
    ("sent", "number"),
    [("7", 7), ("", 0), ("-1", 0), ("1.5", 0), ("x", 0), ("9999999999", 0), ("²", 0), ("999999999", 999999999)],
)
def test_a_version_is_a_small_number_or_none(sent: str, number: int) -> None:
    class Versioned(Form):
        version = VersionField()

    app = Flask("fields")
    app.secret_key = "k"
    with app.test_request_context(method="POST", data={"version": sent}):
        assert Versioned().version.number == number
