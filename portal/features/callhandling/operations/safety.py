"""What is found when a rule is saved: circles and dead ends."""

from portal.features.callhandling.models import Forward
from portal.features.subscribers.models import Subscriber


def check(line: Subscriber, forward: Forward) -> None:
    pass
