"""Phonebooks of the cast."""

from portal.core import db
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.phonebook import operations
from portal.features.phonebook.queries import Book
from tests.cast import Person

HOME = Home("49", "30")


def enter(who: Person, name: str, *numbers: str, book: Book = Book.COMPANY, **more: str) -> PublicId:
    """An entry of somebody, in a unit of work of its own."""
    with db.unit_of_work(who.scope):
        pairs = [("work", number) for number in numbers]
        return operations.add(by=who.identity, book=book, name=name, numbers=pairs, home=HOME, **more).public_id
