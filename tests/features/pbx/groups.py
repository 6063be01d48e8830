"""Lantern Co's groups, for the tests of them."""

import re
from collections.abc import Sequence
from html import unescape

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import db
from portal.core.ids import PublicId
from portal.core.tenancy import Scope
from portal.features.pbx.models import Member
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast

ALL = ("alice", "bob", "carol")


def sales_path(cast: Cast, *more: str) -> str:
    return "/".join(["/groups", cast.groups["sales"].public_id, *more])


def ids(cast: Cast, names: Sequence[str]) -> list[PublicId]:
    return [cast.people[name].subscriber.public_id for name in names]


def ringing_order(group: Subscriber) -> list[str]:
    """The user names of those in a group, in order, in the unit of work that is under way."""
    wanted = select(Subscriber.username).join(Member, Member.subscriber_id == Subscriber.id)
    return list(db.session().scalars(wanted.where(Member.group_id == group.id).order_by(Member.position)))


def stored_order(cast: Cast) -> list[str]:
    """Of Sales, by what is committed."""
    with db.unit_of_work(Scope.platform()):
        return ringing_order(cast.groups["sales"])


def shown_order(page: TestResponse) -> list[str]:
    """The members of a page in their order."""
    return [unescape(name) for name in re.findall(r"data-title><bdi>([^<]+)</bdi>", page.text)]
