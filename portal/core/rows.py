"""Many rows in one statement: what is sent is one JSON document, which the database takes apart.

Row-level security holds for them as for any statement; the first belt does not see them.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Integer,
    Table,
    Text,
    TypeDecorator,
    any_,
    bindparam,
    column,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import InstrumentedAttribute

from portal.core import db
from portal.core.db import Base


def among(attribute: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column holds one of many values; they are sent as one."""
    kind = Integer() if isinstance(attribute.type, Integer) else Text()
    return attribute == any_(literal(list(values), ARRAY(kind)))


def new_keys(model: type[Base], count: int) -> list[int]:
    """Primary keys for rows to come, in order."""
    wanted = select(func.nextval(f"{model.__tablename__}_id_seq")).select_from(func.generate_series(1, count))
    return sorted(db.session().scalars(wanted))


def insert_rows(things: Sequence[Base]) -> None:
    """Writes new things of one kind, which stay outside of the session. A key that is not set is the database's to find."""
    if not things:
        return
    table = cast("Table", type(things[0]).__table__)
    key = table.autoincrement_column
    theirs = {key.name} if key is not None and getattr(things[0], key.name) is None else set[str]()
    columns = [one for one in table.columns if one.computed is None and one.identity is None and one.name not in theirs]
    usual = [_usual(one) for one in columns]
    made = [
        {
            one.name: value if (value := getattr(thing, one.key)) is not None else use()
            for one, use in zip(columns, usual, strict=True)
        }
        for thing in things
    ]
    sent = _sent(columns, made)
    db.session().execute(insert(table).from_select([one.name for one in columns], select(*sent.c), include_defaults=False))


def update_rows(model: type[Base], rows: Iterable[Mapping[str, Any]], *, by: Collection[str]) -> None:
    """Changes rows that are found `by` some of their columns; every row names the same columns."""
    changes = list(rows)
    if not changes:
        return
    table = cast("Table", model.__table__)
    columns = [table.c[name] for name in changes[0]]
    sent = _sent(columns, changes)
    same = [table.c[name] == sent.c[name] for name in by]
    now = {one.name: sent.c[one.name] for one in columns if one.name not in by}
    db.session().execute(update(table).where(*same).values(now))


def _usual(one: Column[Any]) -> Callable[[], Any]:
    """What a new thing gets that says nothing about a column."""
    default: Any = one.default
    if default is None:
        return lambda: None
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


def _sent(columns: Sequence[Column[Any]], made: Sequence[Mapping[str, Any]]) -> FromClause:
    """The rows as a table of the statement."""
    sealed = {one.name: one.type for one in columns if isinstance(one.type, TypeDecorator)}
    dialect = db.database().engine.dialect
    for name, kind in sealed.items():
        made = [{**row, name: kind.process_bind_param(row[name], dialect)} for row in made]
    document = bindparam(None, json.dumps(made, default=datetime.isoformat), Text())
    typed = [column(one.name, one.type) for one in columns]
    return func.jsonb_to_recordset(document.cast(JSONB)).table_valued(*typed).render_derived("sent", with_types=True)
