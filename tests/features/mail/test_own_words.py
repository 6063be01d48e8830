"""A reseller's own words for mails: what they may hold, what becomes of it, and that nothing in them ever runs or gets lost."""

import re
from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from hypothesis import given, strategies as st

from portal.core import clock, db, i18n
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.accounts import operations as accounts
from portal.features.branding.mails import letterhead
from portal.features.contacts.rules import KINDS, WRITTEN
from portal.features.resellers.queries import HomeHost
from portal.mail import own
from portal.mail.composing import Words, Written, compose, folder_of, in_own_words
from portal.mail.letterhead import Recipient
from portal.mail.models import MailTemplate
from portal.mail.own.checking import pieces
from portal.mail.usual import usual_words
from tests.cast import Cast
from tests.mailbox import mails
from tests.mailsamples import LINK, SAMPLES, Sample

HOSTS = ("lantern.example",)
ALLOWED = {"html", "head", "meta", "title", "body", "div", "span", "h1", "p", "br", "a", "strong", "ul", "li"}
HOME = HomeHost(
    host="lantern.example", theme="telephone", reseller_name="TelephOne", languages=("en",), time_zone="Europe/Berlin"
)
samples = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
Make = Callable[..., Written]


def to(language: str = "en", name: str = "Alice Meier") -> Recipient:
    return Recipient(address="alice@lantern.example", name=name, language=language, time_zone="Europe/Berlin", reseller_id=1)


def written(sample: Sample, words: Words, *, language: str = "en", name: str = "Alice Meier", strict: bool = True) -> Written:
    make: Make = in_own_words if strict else compose
    known = {"letterhead": letterhead(HOME, language), "to": to(language, name), "words": words, "url": LINK, **sample.facts}
    return make(folder_of(sample.kind), **known)


def refused(kind: str, subject: str, body: str) -> tuple[str, str | None, str]:
    with pytest.raises(Refused) as caught:
        own.check(kind, subject, body, HOSTS)
    return caught.value.code, caught.value.field, caught.value.sentence()


RESET = next(sample for sample in SAMPLES if sample.kind == "password_reset")


# --- every kind ---------------------------------------------------------------------------------------------------------------


def test_every_kind_has_its_variables_and_says_when_it_is_written() -> None:
    assert set(own.variables.__globals__["OF_KIND"]) == set(KINDS) == set(WRITTEN), "portal/mail/own/variables.py"


@samples
@pytest.mark.parametrize("language", sorted(i18n.available()))
def test_the_usual_words_pass_and_say_what_the_mail_says(sample: Sample, language: str) -> None:
    words = usual_words(sample.kind, letterhead=letterhead(HOME, language), to=to(language))
    own.check(sample.kind, words.subject, words.body, HOSTS)
    mail = written(sample, words, language=language)
    assert LINK in mail.text
    assert "{{" not in mail.subject + mail.text + mail.html
    usual = compose(folder_of(sample.kind), letterhead=letterhead(HOME, language), to=to(language), url=LINK, **sample.facts)
    assert mail.text.rpartition("\n-- \n")[2] == usual.text.rpartition("\n-- \n")[2], "signature and reason stay"
    if sample.kind not in {"factor_changed", "recovery_code_used"} and not sample.variant:
        assert mail.subject == usual.subject
        assert [one for one in usual.text.split("\n\n") if LINK not in one and one not in mail.text] == []


@samples
def test_every_variable_stands_for_something(sample: Sample) -> None:
    for one in own.variables(sample.kind):
        words = Words(f"About {{{{ {one.name} }}}}" if one.name != "link" else "About", f"It is {{{{ {one.name} }}}}!")
        mail = written(sample, words)
        said = re.search(r"It is (.+)!", mail.text)
        assert said is not None
        assert said[1].strip()
        assert "None" not in said[1]


# --- what it becomes ----------------------------------------------------------------------------------------------------------

BODY = """Dear **{{ name }}**,
two lines

- one **thing**
- another: https://lantern.example/help.

[Choose **now**]({{ link }})

or [here]({{ link }}), or {{ link }}."""


def test_marks_become_a_mail() -> None:
    mail = written(RESET, Words("For  {{ name }}", BODY))
    assert mail.subject == "For Alice Meier"
    text = mail.text.partition("\n-- \n")[0]
    assert text == (
        "Dear Alice Meier,\ntwo lines\n\n- one thing\n- another: https://lantern.example/help.\n\n"
        f"Choose now:\n{LINK}\n\nor here ({LINK}), or {LINK}.\n"
    )
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(mail.html)
    assert {element.tag for element in tree.iter()} <= ALLOWED
    assert [item.text for item in tree.iter("li")] == ["one ", "another: "]
    strong = ["".join(one.itertext()) for one in tree.iter("strong")]
    assert strong[:3] == ["Alice Meier", "thing", "now"]
    links = [link.get("href") for link in tree.iter("a") if link.get("href").startswith("http")]
    assert links[:5] == ["https://lantern.example/help", LINK, LINK, LINK, LINK]
    (heading,) = tree.iter("h1")
    assert heading.text == mail.subject


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7*7 }}",
        "**bold**",
        "[x](https://evil.example)",
        "https://evil.example",
        "\ue0000\ue001",
        "{% raw %}",
        "&lt;b&gt;",
    ],
)
def test_what_people_are_called_stays_a_name(name: str) -> None:
    mail = written(RESET, Words("Hi {{ name }}", "Hi {{ name }} [a {{ name }}]({{ link }}) **{{ name }}**"), name=name)
    assert f"Hi {name}" in mail.text
    tree = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False).parse(mail.html)
    assert {element.tag for element in tree.iter()} <= ALLOWED
    assert {link.get("href") for link in tree.iter("a") if "evil" in link.get("href")} == set()
    assert name in "".join(tree.find(".//body").itertext())
    assert "49" not in mail.subject.replace(name, "")


@pytest.mark.parametrize("sign", ["\r\nBcc: a@evil.example", "\n", "\x0bX: y", "\u2028Bcc: x", "\x00", "\x1b[31m"])
def test_nothing_adds_a_header(sign: str) -> None:
    mail = written(RESET, Words("Hi {{ name }}", "{{ link }}"), name=f"Alice{sign}")
    assert mail.subject.isprintable()
    assert refused("password_reset", f"Hi{sign}", "{{ link }}")[:2] == ("mail-lines", "subject")


def test_the_language_direction_stays_that_of_the_mail() -> None:
    html = written(RESET, Words("مرحبا {{ name }}", "مرحبا\n\n[ابدأ]({{ link }})"), language="ar").html
    assert 'lang="ar" dir="rtl"' in html


# --- what is refused ----------------------------------------------------------------------------------------------------------

SSTI = [
    "{{ 7*7 }}",
    "{{7*'7'}}",
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ name.__class__ }}",
    "{{ name['__class__'] }}",
    "{{ name|attr('__class__') }}",
    "{{ name|upper }}",
    "{{ name|safe }}",
    "{{ name() }}",
    "{{ self }}",
    "{{ self.__init__.__globals__ }}",
    "{{ config }}",
    "{{ request }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner }}",
    "{{ namespace }}",
    "{{ range(999999999) }}",
    "{{ 'a' * 999999999 }}",
    "{{ letterhead }}",
    "{{ to.address }}",
    "{{ facts }}",
    "{{ name ~ link }}",
    "{{ name if name }}",
    "{{ (name) }}",
    "{{ [name] }}",
    "{{ {'a': name} }}",
    "{{ -name }}",
    "{{ not name }}",
    "{{ name, link }}",
    "{{ '{{' }}",
    "{{ '' }}",
    "{{}}",
    "{{ }}",
    "{{ name",
    "name }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{% if name %}x{% endif %}",
    "{% set x = 1 %}",
    "{% include 'mail/layout.txt' %}",
    "{% import 'os' as os %}",
    "{% extends 'mail/layout.txt' %}",
    "{% raw %}{{ name }}{% endraw %}",
    "{% macro x() %}{% endmacro %}",
    "{%- if name -%}",
    "{# a comment #}",
    "{#",
    "{%",
    "%}",
    "{{- ''.__class__ -}}",
    "{{ __import__('os') }}",
    "{{ _TemplateReference__context }}",
    "{{ na\u200bme }}",
    "{{ ｎａｍｅ }}",
    "{**{ 7*7 }**}",
    "[{]({{ link }}){ 7*7 }}",
    "{\ue000{ 7*7 }\ue001}",
    "{\r{ 7*7 }\r}",
]


def refusing(subject: str, body: str) -> str | None:
    """At which field these words are refused."""
    try:
        own.check("password_reset", subject, body, HOSTS)
    except Refused as refusal:
        return refusal.field if refusal.sentence() else None
    return None


@pytest.mark.parametrize("payload", SSTI)
def test_code_is_refused_at_its_field_or_is_just_text(payload: str) -> None:
    """What passes the check, because it holds no code, does not become code on the way to a mail."""
    for subject, body in ((payload, "{{ link }}"), ("Hi", payload + " {{ link }}")):
        field = refusing(subject, body)
        if field:
            assert field == ("subject" if subject == payload else "body")
            continue
        mail = written(RESET, Words(subject, body))
        for part in (mail.subject, mail.text.partition("\n-- \n")[0].replace(LINK, ""), mail.html.replace(LINK, "")):
            assert ">49<" not in part
            assert "49" not in re.sub(r"#\w+|\+?49[ \u00a0]?30|\d+px", "", part)


@pytest.mark.parametrize("payload", SSTI)
def test_code_that_got_in_all_the_same_does_not_run(payload: str) -> None:
    """Whatever stands in the database: the mail goes out in the usual words, or with the text as text."""
    usual = compose(folder_of("password_reset"), letterhead=letterhead(HOME, "en"), to=to(), url=LINK, **RESET.facts)
    mail = written(RESET, Words("Hi", payload + " {{ link }}"), strict=False)
    assert LINK in mail.text
    assert mail == usual or "popen" not in payload
    assert "__class__" not in mail.text or payload in mail.text


@given(st.text(max_size=60), st.text(max_size=120))
def test_whatever_is_typed_is_refused_or_becomes_a_mail(subject: str, body: str) -> None:
    try:
        own.check("password_reset", subject, body + "{{ link }}", HOSTS)
    except Refused:
        return
    mail = written(RESET, Words(subject, body + "{{ link }}"))
    assert LINK in mail.text
    tree = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False).parse(mail.html)
    assert {element.tag for element in tree.iter()} <= ALLOWED


@given(st.text(alphabet="{}%#* []()\\nab-_.'\"|\ue000\ue001\ue002\ue0030123", max_size=40))
def test_braces_and_marks_in_any_order_never_break_it(text: str) -> None:
    body = text + "\n\n{{ link }}"
    try:
        own.check("password_reset", "Hi", body, HOSTS)
    except Refused:
        return
    assert LINK in written(RESET, Words("Hi", body)).text


@pytest.mark.parametrize(
    ("subject", "body", "sentence"),
    [
        ("Hi {{ nmae }}", "{{ link }}", "There is no variable “nmae” in this mail. It has: name, link, asker, brand."),
        ("Hi", "{{ link }} {{ at }}", "There is no variable “at” in this mail. It has: name, link, asker, brand."),
        ("Hi", "no link", "{{ link }} is missing: without it this mail is of no use."),
        ("Hi", "   ", "Please type a text."),
        ("", "{{ link }}", "Please type a text."),
        ("x" * 151, "{{ link }}", "Use at most 150 characters."),
        ("Hi", "{{ link }}" + "x" * 5000, "Use at most 5000 characters."),
        ("Follow {{ link }}", "{{ link }}", "The address to follow is secret; it cannot stand in the subject."),
        (
            "Hi",
            "{{ name|upper }} {{ link }}",
            "“{{ name|upper }}” cannot be used. Only variables by their names",
        ),
        ("Hi", "{{ link }} {% if x %}", "“{%” cannot be used. Only variables by their names, like {{ name }}."),
        ("Hi", "https://evil.example/x {{ link }}", "“https://evil.example/x” leads elsewhere."),
        ("Hi", "{{ link }} www.evil.example", "“www.evil.example” leads elsewhere."),
        ("Hi", "[a](https://evil.example) {{ link }}", "“https://evil.example” leads elsewhere."),
        ("Hi", "[a](javascript:alert) {{ link }}", "leads elsewhere"),
        ("Hi", "[a](mailto:x@evil.example) {{ link }}", "leads elsewhere"),
        ("Hi", "https://lantern.example@evil.example {{ link }}", "leads elsewhere"),
        ("Hi", "https://lantern.example.evil.example {{ link }}", "leads elsewhere"),
        ("Hi", "https://{{ name }}/ {{ link }}", "An address cannot be put together from variables"),
        ("Hi", "[a]({{ name }}) {{ link }}", "An address cannot be put together from variables"),
        ("Hi", "[a]({{ link }}.evil.example)", "An address cannot be put together from variables"),
        ("Hi", "[https://bank.example]({{ link }})", "“https://bank.example” looks like an address."),
        ("www.evil.example", "{{ link }}", "leads elsewhere"),
    ],
)
def test_it_is_said_what_is_wrong(subject: str, body: str, sentence: str) -> None:
    _code, field, said = refused("password_reset", subject, body)
    assert sentence in said
    assert field in {"subject", "body"}


@pytest.mark.parametrize(
    "text",
    [
        "Tel: 030 12345",
        "support@telephone.example",
        "a { b } c",
        "100 % **",
        "https://LANTERN.example:8000/a?b=c#d",
        "{ name }",
        "[x]",
    ],
)
def test_what_is_no_harm_passes(text: str) -> None:
    own.check("password_reset", "Hi", f"{text} {{{{ link }}}}", HOSTS)
    assert written(RESET, Words("Hi", f"{text} {{{{ link }}}}")).text


def test_text_and_variables_in_turn() -> None:
    assert [tuple(piece) for piece in pieces("a {{ name }}b{{link}}")] == [
        ("a ", False),
        ("name", True),
        ("b", False),
        ("link", True),
    ]


# --- who gets them ------------------------------------------------------------------------------------------------------------


def keep(reseller_id: int, kind: str, language: str, subject: str, body: str) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        own = {"reseller_id": reseller_id, "kind": kind, "language": language, "by_name": "Tom", "changed_at": clock.now()}
        session.add(MailTemplate(subject=subject, body=body, **own))


def reset(cast: Cast, name: str) -> Any:
    person = cast.people[name]
    with db.unit_of_work(person.scope) as session:
        account = session.merge(person.account)
        account.email = account.email or f"{name}@home.example"
        session.flush()
        staff = cast.tom if name in {"clare", "alice", "ike"} else cast.rita
        accounts.send_reset(by=staff.identity, account=account)
    return mails("password_reset")[-1]


def test_a_mail_goes_out_in_its_resellers_words_in_its_language(cast: Cast) -> None:
    keep(cast.telephone.id, "password_reset", "en", "New password, {{ name }}", "Hello {{ name }}\n\n[Go]({{ link }})")
    keep(cast.cheapcall.id, "password_reset", "de", "Neu", "{{ link }}")
    alice = reset(cast, "alice")
    assert alice.subject == "New password, Alice Meier"
    assert alice.text.startswith("Hello Alice Meier\n\nGo:\nhttp://lantern.localhost/reset-password/")
    assert reset(cast, "charlie").subject == "Neu"
    keep(cast.telephone.id, "guessed", "en", "Other", "{{ link }}")
    assert reset(cast, "ike").subject == "New password, Ike Leonard"


def test_words_that_cannot_be_used_do_not_hold_a_mail_up(cast: Cast) -> None:
    keep(cast.telephone.id, "password_reset", "en", "Old {{ gone }}", "{{ link }} {{ gone }}")
    mail = reset(cast, "alice")
    assert mail.subject == "A new password for TelephOne"
    assert "/reset-password/" in mail.link
