"""Ids of Lantern Co's things, by the name of the argument in a route. A feature with a new kind of id adds it here."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast

NOT_THERE = "0" * 16


def _number(cast: Cast) -> str:
    with db.unit_of_work(Scope.platform()) as session:
        wanted = select(Number.public_id).where(Number.customer_id == cast.lantern.id, Number.role == Role.ALIAS)
        return str(session.scalars(wanted.order_by(Number.digits)).first())


def _line(line: Subscriber | None) -> str:
    assert line is not None
    return str(line.public_id)


MAKERS: dict[str, Callable[[Cast], str]] = {
    "extension_id": lambda cast: _line(cast.alice.subscriber),
    "group_id": lambda cast: _line(cast.groups["sales"]),
    "number_id": _number,
}

# Arguments that name nobody's thing.
PLAIN = {
    "digest": "0" * 20,
    "path": "portal.css",
    "token": "0" * 43,
}


def routes(app: Flask) -> list[Rule]:
    """What the product answers: the gallery of components is for development."""
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("gallery.")]


def has_id(rule: Rule) -> bool:
    return any(name not in PLAIN for name in rule.arguments)


def lanterns(cast: Cast, rule: Rule) -> dict[str, str]:
    """What a route of Lantern Co is asked with. KeyError for a kind of id that nobody has taught this file."""
    return {name: PLAIN[name] if name in PLAIN else MAKERS[name](cast) for name in rule.arguments}


def nobodys(rule: Rule) -> dict[str, str]:
    return {name: PLAIN.get(name, NOT_THERE) for name in rule.arguments}


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def path(rule: Rule, values: dict[str, str]) -> str:
    built = rule.build(values, append_unknown=False)
    assert built is not None, f"{rule} cannot be built with {values}"
    return built[1]
