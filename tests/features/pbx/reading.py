"""What a person reads on the pilot's pages, and what forms carry."""

import re
from html import unescape

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import db
from portal.core.ids import PublicId
from portal.core.tenancy import Scope
from portal.features.numbers.models import Number, Role
from tests.cast import Cast, Person

SECRET = re.compile(r'<code class="secret-code" dir="ltr">([^<]+)</code>')


def text_of(page: TestResponse) -> str:
    """What a person reads, without marks and isolates."""
    bare = unescape(re.sub(r"<[^>]+>", " ", page.text))
    return " ".join(bare.replace("\u2066", "").replace("\u2069", "").split())


def rows_of(page: TestResponse) -> list[str]:
    return [unescape(name) for name in re.findall(r'<a class="who" href="[^"]+"><bdi[^>]*>([^<]+)</bdi></a>', page.text)]


def id_of(person: Person) -> PublicId:
    assert person.subscriber is not None
    return person.subscriber.public_id


def path(cast: Cast, name: str, *more: str) -> str:
    return "/".join(["/extensions", id_of(cast.people[name]), *more])


def fields_of(page: TestResponse, action: str) -> dict[str, str]:
    """The hidden and text values of one form of a page."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    assert form is not None, f"no form for {action}"
    inputs = re.findall(r"<input[^>]*>", form[1])
    values = {}
    for one in inputs:
        name, value, kind = (re.search(rf'{what}="([^"]*)"', one) for what in ("name", "value", "type"))
        if name and kind and kind[1] in {"hidden", "text", "email", ""}:
            values[name[1]] = unescape(value[1]) if value else ""
    return values


def pool(cast: Cast) -> list[Number]:
    with db.unit_of_work(Scope.platform()) as session:
        found = list(
            session.scalars(
                select(Number).where(Number.role == Role.ALIAS, Number.customer_id == cast.lantern.id).order_by(Number.digits)
            )
        )
        session.expunge_all()
        return found


def undo_of(page: TestResponse) -> tuple[str, dict[str, str]]:
    """Where the way back goes, and what goes with it."""
    found = re.search(r'<form class="post" method="post" action="([^"]+)">((?:(?!</form>).)*Undo)', page.text, re.DOTALL)
    assert found is not None, "no way back is offered"
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', found[2]))
    return unescape(found[1]), {name: unescape(value) for name, value in hidden.items() if name != "csrf_token"}


def rows_numbers(page: TestResponse) -> list[str]:
    return re.findall(r'<a class="who" href="/numbers/([^"]+)">', page.text)
