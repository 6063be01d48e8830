"""The closed sets of words that call records are made of."""

from enum import StrEnum, auto


class Side(StrEnum):
    CALLER = auto()
    CALLEE = auto()


class Direction(StrEnum):
    OUT = auto()
    IN = auto()
    INSIDE = auto()
    FORWARD = auto()


class Type(StrEnum):
    """A call, or a leg made by call forwarding: unconditional, busy, no answer (timeout), not available, …"""

    CALL = auto()
    CFU = auto()
    CFB = auto()
    CFT = auto()
    CFNA = auto()
    CFS = auto()
    CFR = auto()
    CFO = auto()


class Result(StrEnum):
    OK = auto()
    BUSY = auto()
    NOANSWER = auto()
    CANCEL = auto()
    OFFLINE = auto()
    TIMEOUT = auto()
    OTHER = auto()
    FAILED = auto()


class RatingStatus(StrEnum):
    UNRATED = auto()
    OK = auto()
    FAILED = auto()


NOT_ANSWERED = tuple(result for result in Result if result is not Result.OK)
