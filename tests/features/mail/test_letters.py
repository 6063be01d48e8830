"""Each mail as it is read, in each language, against a golden file.

`PORTAL_GOLDEN=write make test ARGS=tests/features/mail/test_letters.py` writes the files anew; read what changed first.
"""

import difflib
import os
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest

from portal.core import i18n
from portal.features.contacts.rules import KINDS
from tests.mailsamples import LINK, SAMPLES, Sample, folders, written

GOLDENS = Path(__file__).parent / "goldens"
THEMES = ("telephone", "cheapcall", "isar", "nocturne", "no such theme")
ALLOWED = {"html", "head", "meta", "title", "body", "div", "span", "h1", "p", "br", "a", "strong", "table", "tbody", "tr", "td"}
samples = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def golden(sample: Sample, language: str) -> Path:
    return GOLDENS / f"{sample.name}.{language}.txt"


@samples
def test_a_mail_reads_as_written_down(sample: Sample) -> None:
    for language in sorted(i18n.available()):
        mail = written(sample, language)
        now, file = f"{mail.subject}\n\n{mail.text}", golden(sample, language)
        if os.environ.get("PORTAL_GOLDEN") == "write":
            file.write_text(now, encoding="utf-8")
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        changes = list(difflib.unified_diff(before.splitlines(), now.splitlines(), "written down", "now", lineterm=""))
        if changes:
            pytest.fail(f"{file.name}\n" + "\n".join(changes), pytrace=False)


def test_there_is_a_sample_of_every_mail_and_no_golden_of_nothing() -> None:
    assert {sample.kind for sample in SAMPLES} == set(folders()), "tests/mailsamples.py"
    assert {path.name.partition(".")[0] for path in GOLDENS.iterdir()} == {sample.name for sample in SAMPLES}


def test_staff_are_told_what_each_mail_is_about() -> None:
    assert set(folders()) - set(KINDS) == set(), "portal/features/contacts/rules.py"


# --- the html -----------------------------------------------------------------------------------------------------------------


def parsed(html: str) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def words(text: str) -> str:
    return " ".join(text.split())


@samples
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_html_is_whole_and_says_its_language(sample: Sample, language: str) -> None:
    mail = written(sample, language)
    tree = parsed(mail.html)
    direction = "rtl" if language == "ar" else "ltr"
    assert (tree.get("lang"), tree.get("dir")) == (language, direction)
    body = tree.find(".//body/div")
    assert (body.get("lang"), body.get("dir")) == (language, direction), "mail programs drop the outer elements"
    (heading,) = tree.iter("h1")
    title = words("".join(tree.find(".//title").itertext()))
    assert title == words("".join(heading.itertext())) == mail.subject


@samples
def test_nothing_comes_from_elsewhere_and_nothing_runs(sample: Sample) -> None:
    tree = parsed(written(sample, "en").html)
    assert {element.tag for element in tree.iter()} <= ALLOWED
    for element in tree.iter():
        assert {"src", "srcset", "background", "class", "id"} & set(element.attrib) == set()
        assert [name for name in element.attrib if name.startswith("on")] == []
        assert "url(" not in element.get("style", "").lower()
    for link in tree.iter("a"):
        assert re.match(r"(https?|mailto|tel):", link.get("href")), link.get("href")


@samples
def test_the_text_says_all_that_the_html_says(sample: Sample) -> None:
    mail = written(sample, "en")
    text, tree = words(mail.text), parsed(mail.html)
    links = {link.get("href") for link in tree.iter("a")}
    assert {link for link in links if link.startswith("http")} == set(re.findall(r"https?://\S+", mail.text))
    assert LINK in links
    for element in (*tree.iter("p"), *tree.iter("td")):
        if element.find("a") is None:
            assert words("".join(element.itertext())) in text
    assert "<" not in mail.text
    assert "&amp;" not in mail.text


@samples
def test_it_says_why_and_from_whom(sample: Sample) -> None:
    mail = written(sample, "en")
    for part in (mail.text, words("".join(parsed(mail.html).itertext()))):
        for said in ("You get this because", "TelephOne", "support@telephone.example", "Ask us anything", "Imprint", "Privacy"):
            assert said in part, said


@pytest.mark.parametrize("theme", THEMES)
def test_it_looks_like_its_provider(theme: str) -> None:
    html = written(SAMPLES[0], "en", theme=theme).html
    strangers = {"telephone": "Teleph<", "cheapcall": "Cheap<", "isar": "Isar<", "nocturne": "Nocturne<"}
    assert [name for name, mark in strangers.items() if mark in html] == [name for name in strangers if name == theme]
    assert re.findall(r"#[0-9a-f]{8}\b", html) == [], "mail programs know no veils"


def test_what_people_are_called_cannot_do_anything_to_a_mail() -> None:
    odd = Sample("invitation", facts={"invited_by": "<script>alert(1)</script>", "name": '"><img src=x>'})
    html = written(odd, "en").html
    assert "<script" not in html
    assert "<img" not in html
