"""Every text that people read is in every catalogue, whole and with the same facts; every refusal has its sentence."""

import ast
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import portal
from portal.core import audit, i18n
from portal.core.errors import CONSTRAINTS, SENTENCES
from portal.features.audit import rules

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
EXPECTED = ("de",)  # complete from the start, besides the source itself
KEYWORDS = {
    "_": None,
    "gettext": None,
    "N_": None,
    "lazy_gettext": None,
    "_l": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")
Key = tuple[str, str | None]


@pytest.fixture(scope="session")
def texts() -> Catalog:
    with (ROOT / "translations" / "babel.cfg").open() as file:
        ways, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog()
    for name, line, message, comments, context in extract_from_dir(PORTAL, ways, options, KEYWORDS, ("Translators:",)):
        found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def key(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def parts(text: object) -> list[str]:
    return [text] if isinstance(text, str) else [str(part) for part in text]  # type: ignore[attr-defined]


def messages(catalogue: Catalog) -> dict[Key, Message]:
    return {key(message): message for message in catalogue if message.id}


def catalogue(language: str) -> Catalog:
    file = i18n.po_file(language)
    assert file.exists(), f"there is no catalogue for {language} yet: make messages LANGUAGE={language}"
    with file.open("rb") as opened:
        return read_po(opened, locale=language.replace("-", "_"))


def languages() -> list[str]:
    found = {path.parent.parent.name for path in (ROOT / "translations").glob("*/LC_MESSAGES/messages.po")}
    return sorted(found | set(EXPECTED))


def test_texts_are_found(texts: Catalog) -> None:
    found = messages(texts)
    assert len(found) > 100
    assert ("Sign in", None) in found
    assert ("Use at least %(shortest)s characters.", None) in found


@pytest.mark.parametrize("language", languages())
def test_nothing_is_missing_or_left_over(language: str, texts: Catalog) -> None:
    wanted, there = messages(texts), messages(catalogue(language))
    assert sorted(str(text) for text, _context in wanted.keys() - there.keys()) == [], "texts without an entry: make messages"
    assert sorted(str(text) for text, _context in there.keys() - wanted.keys()) == [], "entries without a text: make messages"
    assert sorted(catalogue(language).obsolete) == []


@pytest.mark.parametrize("language", languages())
def test_everything_is_translated(language: str) -> None:
    there = messages(catalogue(language)).values()
    assert [message.id for message in there if message.fuzzy or not all(parts(message.string))] == []


@pytest.mark.parametrize("language", languages())
def test_translations_hold_the_same_facts(language: str) -> None:
    for message in messages(catalogue(language)).values():
        originals = [facts(text) for text in parts(message.id)]
        for text in parts(message.string):
            assert facts(text) in originals, f"{message.id!r} became {text!r}"


@pytest.mark.parametrize("language", languages())
def test_translations_hold_the_same_edges(language: str) -> None:
    for message in messages(catalogue(language)).values():
        for text in parts(message.string):
            original = parts(message.id)[0]
            assert (text[:1].isspace(), text[-1:].isspace()) == (original[:1].isspace(), original[-1:].isspace()), text
            assert text.endswith(":") == original.endswith(":"), text


def facts(text: str) -> Counter[str]:
    assert not re.search(r"%(?!\(\w+\)[sd]|%)", PLACEHOLDER.sub("", text)), f"a bare % in {text!r}"
    return Counter(found for found in PLACEHOLDER.findall(text) if found)


def test_texts_are_written_as_agreed(texts: Catalog) -> None:
    """Curly quotes, no double blanks, named facts, and plurals that differ."""
    for message in messages(texts).values():
        for text in parts(message.id):
            assert "  " not in text, text
            assert '"' not in text, text
            assert not re.search(r"\w'\w", text), text
            assert "..." not in text, text
            assert facts(text) is not None


def test_no_page_says_a_text_that_is_not_extracted() -> None:
    """Names of functions that extraction does not know would hide texts from the translators."""
    known = set(KEYWORDS) | {"npgettext"}
    aliases = {name for source in PORTAL.rglob("*.py") for name in _aliases(source)}
    assert aliases <= known


def _aliases(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module in {"flask_babel", "portal.core.i18n"}:
            yield from (name.asname or name.name for name in node.names if name.name.endswith("gettext") or name.name == "N_")


# --- refusals and events ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def everything_declared() -> None:
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def raised() -> dict[str, str]:
    """Code of every Refused in the product -> where."""
    found = {}
    for source in PORTAL.rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        for call in calls:
            code = call.args[0] if call.args else None
            if isinstance(call.func, ast.Name) and call.func.id == "Refused" and isinstance(code, ast.Constant):
                found[str(code.value)] = f"{source.relative_to(ROOT)}:{call.lineno}"
    return found


def test_every_refusal_has_a_sentence() -> None:
    codes = raised()
    assert "sign-in-failed" in codes
    assert {code: where for code, where in codes.items() if code not in SENTENCES} == {}
    assert {name: code for name, (code, _field) in CONSTRAINTS.items() if code not in SENTENCES} == {}


def test_every_sentence_is_a_sentence_that_translators_see(texts: Catalog) -> None:
    there = messages(texts)
    declared = {code: text for code, text in SENTENCES.items() if not code.startswith("test-")}
    assert {code: text for code, text in declared.items() if (text, None) not in there} == {}
    assert [text for text in declared.values() if not text.endswith((".", "?", "%(example)s", "%(sentence)s"))] == []


def test_every_event_is_told_in_words() -> None:
    assert {event for event in audit.Event if event not in rules.SENTENCES} == set()
