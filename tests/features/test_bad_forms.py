"""Whatever is typed into a form of staff that makes something: a sentence at its place, and nothing that was typed is lost."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import html5lib
import pytest

from portal.core import db
from portal.features.contacts import operations as contacts
from portal.features.customers.models import Kind
from tests.browser import Browser
from tests.cast import Cast
from tests.features.subscribers.test_staff_lines import a_customer

Browse = Callable[..., Browser]
KINDS = ("residential", "soho", "trunk", "mobile", "calling-card")
FORMS = [
    *(("tom", f"/customers/new/{kind}") for kind in KINDS),
    ("tom", "/customers/new/cloudpbx"),
    ("tom", "/contacts/new"),
    ("tom", "/customers/{company}/lines/new"),
    ("tom", "/customers/{regular}/lines/new"),
    ("tom", "/customers/{trunk}/lines/new"),
    ("tom", "/customers/{lantern}/numbers/give"),
    ("tom", "/staff/new"),
    ("tom", "/service-classes/new"),
    ("tom", "/domains/new"),
    ("tom", "/hosts/new"),
    ("olga", "/number-blocks/new"),
    ("olga", "/resellers/new"),
    ("olga", "/contracts/new"),
    ("olga", "/system-contacts/new"),
]
TYPED = {
    "nothing": "",
    "blanks": "   \u00a0 ",
    "too much": "w" * 6000,
    "signs": "\"><script>alert(1)</script> {{ 7*7 }} %(name)s '; --",
    "controls": "a\x00b\u202ec\u0007d",
    "digits of elsewhere": "٣٤٥ 〇一二",
    "a negative number": "-1",
    "a huge number": "9" * 40,
}
GIVING = "/customers/{lantern}/numbers/give"
GOOD_ENOUGH = {  # a name is what somebody wants it to be, and “-1” ends like a number
    *(("/service-classes/new", one) for one in TYPED if one not in {"nothing", "blanks", "too much"}),
    (GIVING, "a negative number"),
}
KEPT_OUT = {"hidden", "password", "checkbox", "radio", "submit", "button", "search", "file"}


@pytest.fixture
def kinds(cast: Cast) -> Mapping[str, str]:
    """Customers that a path can name, and somebody to choose for a contract."""
    with db.unit_of_work(cast.olga.scope):
        contacts.create_contact(by=cast.olga.identity, reseller_id=None, email="noc@carrier.example")
    made = {"company": Kind.CLOUDPBX, "regular": Kind.SOHO, "trunk": Kind.TRUNK}
    return {"lantern": cast.lantern.public_id} | {name: a_customer(cast, kind).public_id for name, kind in made.items()}


def form_of(page: str) -> Any:
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)
    forms = [one for one in tree.find(".//main").iter("form") if one.get("method") == "post"]
    return max(forms, key=lambda one: len(list(one.iter("input"))))


def written(form: Any) -> Iterator[tuple[str, str]]:
    """The fields that somebody types into, and what stands there."""
    for one in form.iter("input"):
        if one.get("type", "text") not in KEPT_OUT and one.get("name"):
            yield one.get("name"), one.get("value") or ""
    for one in form.iter("textarea"):
        yield one.get("name"), (one.text or "").removeprefix("\n")


def sentences(form: Any) -> list[str]:
    return ["".join(one.itertext()) for one in form.iter("p") if "field-error" in (one.get("class") or "")]


@pytest.mark.parametrize("typed", TYPED, ids=str)
@pytest.mark.parametrize(("name", "path"), FORMS, ids=[path for _name, path in FORMS])
def test_it_is_answered_at_its_place(
    name: str, path: str, typed: str, cast: Cast, browse: Browse, kinds: Mapping[str, str]
) -> None:
    browser, text = browse(cast.people[name]), TYPED[typed]
    where = path.format(**kinds)
    fields = [field for field, _value in written(form_of(browser.get(where).text))]
    assert fields, where
    answer = browser.post(where, dict.fromkeys(fields, text))
    if (path, typed) in GOOD_ENOUGH:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422, where
    form = form_of(answer.text)
    assert sentences(form), "what is wrong"
    assert not [one for one in sentences(form) if ("%(" in one and "%(" not in text) or "None" in one]
    for field, value in written(form):
        assert plain(value) == plain(text), (field, value[:80])


def plain(text: str) -> str:
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())
