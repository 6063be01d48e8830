from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory

from portal.core import db


class Row(SQLAlchemyModelFactory):
    """A row of the current unit of work."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = db.session
        sqlalchemy_session_persistence = "flush"


def number_from(start: int) -> Any:
    return factory.Sequence(lambda n: start + n)
