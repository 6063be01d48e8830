"""A file that Clare has had checked and not imported yet: the people of a new office, with a mistake or two."""

from portal.core.identity import Identity
from portal.features.pbx.models import ImportKind
from portal.features.pbx.operations import dry_run, imports

NAME = "hamburg-office.csv"
FILE = """Extension;Name;E-mail;Language
301;Svea Lindqvist;svea.lindqvist@lantern.example;English
302;Mats Behrens;mats.behrens@lantern.example;Deutsch
303;Imke Thomsen;imke.thomsen@lantern.example;Deutsch
304;Raphael Osei;raphael.osei@lantern.example;English
305;Wiebke Harms;wiebke.harms@;Deutsch
306;Jonte Petersen;jonte.petersen@lantern.example;Deutsch
307;Aylin Korkmaz;aylin.korkmaz@lantern.example;Deutsch
308;Henrike Voss;henrike.voss@lantern.example;Deutsch
703;Meeting room Elbe;;
310;Meeting room Alster;;
119;Tara Okafor;tara.okafor@lantern.example;English
"""


def new_office(clare: Identity, customer_id: int) -> None:
    """The worker’s part is done at once."""
    run = imports.upload(by=clare, customer_id=customer_id, kind=ImportKind.EXTENSIONS, name=NAME, content=FILE.encode())
    imports.check(by=clare, run=run)
    dry_run.check(run, lambda _done: None)
