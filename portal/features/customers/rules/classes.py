"""Classes of service."""

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.lines import one_line

LONGEST_CLASS_NAME = 63
MOST_CLASSES = 50

declare("service-class-name", N_("Give the service class a name of at most %(longest)s characters."))
declare("service-class-name-taken", N_("There is a service class of this name already."))
declare("service-class-in-use", N_("Customers have this service class. Give them another one first."))
declare("service-class-gone", N_("This service class is not there any more. Choose another one."))
declare("service-classes-full", N_("A provider has %(most)s service classes at most."))


def check_class_name(typed: str) -> str:
    name = one_line(typed)
    if not 1 <= len(name) <= LONGEST_CLASS_NAME:
        raise Refused("service-class-name", field="name", longest=LONGEST_CLASS_NAME)
    return name
