"""What the state of the platform comes to: good, to be looked at, or broken; each in words, with what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto

from portal.core import i18n
from portal.core.i18n import N_

SILENT_AFTER = timedelta(minutes=1)  # a worker says that it is there every ten seconds
SLOW_AFTER = timedelta(minutes=5)  # work that nobody has taken yet
LITTLE_SHARE, LITTLE_ROOM = 0.10, 5 * 1024**3
NO_ROOM = 1024**3


class Mark(StrEnum):
    GOOD = auto()
    WARN = auto()
    BAD = auto()


SEVERITY = (Mark.GOOD, Mark.WARN, Mark.BAD)


@dataclass(frozen=True)
class Finding:
    """`what` names the part; `sentence` says how it is, `todo` what to do about it."""

    what: str
    mark: Mark
    sentence: str
    todo: str = ""


@dataclass(frozen=True)
class Queue:
    """Work of one kind that is not done yet. `trouble`: why the last piece that failed did."""

    kind: str
    waiting: int
    failing: int
    oldest: datetime
    next_try: datetime | None
    trouble: str | None


@dataclass(frozen=True)
class Beats:
    """Workers that were seen within the last minute, and when any was seen last."""

    alive: int
    last: datetime | None


@dataclass(frozen=True)
class Pulse:
    """What the operator’s first page asks for. `tables`: the migration that the database is at."""

    beats: Beats
    failing: int
    unproved: int
    tables: str


@dataclass(frozen=True)
class MailState:
    """`server`: one is set up. Counts are of the latest mails only."""

    server: bool
    keeps: bool
    counts: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0
    last_sent: datetime | None = None


KINDS: Mapping[str, str] = {
    "mail": N_("Mails"),
    "forgotten-password": N_("Links to a new password"),
    "guessed-password": N_("Warnings about guessed passwords"),
    "switch-reload": N_("Changes for Kamailio"),
    "switch-reload-node": N_("Changes for Kamailio, node by node"),
    "switch-tables": N_("Emergency numbers and holidays for Kamailio"),
    "device-new": N_("Warnings about new phones"),
}


def kind_words(kind: str) -> str:
    return i18n.gettext(KINDS[kind]) if kind in KINDS else kind.replace("-", " ").capitalize()


def database(*, recovering: bool) -> Finding:
    if recovering:
        todo = N_("It takes no changes. Lead the portal to the database that does.")
        return Finding("database", Mark.BAD, i18n.gettext(N_("The database is a copy of another one.")), i18n.gettext(todo))
    return Finding("database", Mark.GOOD, i18n.gettext(N_("The database answers.")))


def schema(current: str, head: str) -> Finding:
    if current == head:
        return Finding("schema", Mark.GOOD, i18n.gettext(N_("Its tables are those of this version.")))
    if current > head:
        sentence = N_("Its tables are of a newer version (%(current)s) than these pages (%(head)s).")
        todo = N_("Restart the web processes with the new version.")
    else:
        sentence = N_("Its tables are of an older version (%(current)s) than these pages (%(head)s).")
        todo = N_("Run “portal db upgrade”.")
    facts = {"current": current or "–", "head": head}
    return Finding("schema", Mark.BAD, i18n.gettext(sentence, **facts), i18n.gettext(todo))


def worker(beats: Beats) -> Finding:
    if beats.alive:
        sentence = i18n.ngettext("%(num)s worker is at work.", "%(num)s workers are at work.", beats.alive)
        return Finding("worker", Mark.GOOD, sentence)
    todo = i18n.gettext(N_("Start one with “portal worker”. Until then no mail leaves and no import is read; nothing is lost."))
    never = N_("No worker has ever been seen.") if beats.last is None else N_("No worker has been seen for a while.")
    return Finding("worker", Mark.BAD, i18n.gettext(never), todo)


def failing(number: int) -> Finding:
    sentence = i18n.ngettext(
        "%(num)s piece of work has failed and is tried again.",
        "%(num)s pieces of work have failed and are tried again.",
        number,
    )
    todo = i18n.gettext(N_("See why below. Once it is put right, have them tried at once."))
    return Finding("queues", Mark.WARN, sentence, todo)


def of_pulse(pulse: Pulse, head: str) -> list[Finding]:
    found = [schema(pulse.tables, head), worker(pulse.beats), hosts(proved=1, unproved=pulse.unproved, troubled=0)]
    return [*found, failing(pulse.failing)] if pulse.failing else found


def queues(found: Sequence[Queue], now: datetime) -> Finding:
    failed = sum(one.failing for one in found)
    if failed:
        return failing(failed)
    if any(now - one.oldest > SLOW_AFTER for one in found):
        sentence = i18n.gettext(N_("Work waits longer than it should."))
        return Finding("queues", Mark.WARN, sentence, i18n.gettext(N_("See whether a worker is there, or start another one.")))
    return Finding("queues", Mark.GOOD, i18n.gettext(N_("Nothing that is due waits.")))


def mail(state: MailState) -> Finding:
    if not state.server:
        return _without_server(keeps=state.keeps)
    lost = state.counts.get("refused", 0) + state.counts.get("bounced", 0)
    sent = state.counts.get("sent", 0)
    if lost and lost * 10 >= lost + sent:
        sentence = i18n.ngettext(
            "%(num)s of the latest mails did not arrive.", "%(num)s of the latest mails did not arrive.", lost
        )
        return Finding("mail", Mark.WARN, sentence, i18n.gettext(N_("Look at them under “Mails”; the addresses may be wrong.")))
    if state.waiting:
        sentence = i18n.ngettext("%(num)s mail waits for another try.", "%(num)s mails wait for another try.", state.waiting)
        return Finding("mail", Mark.WARN, sentence, i18n.gettext(N_("Check whether the mail server can be reached.")))
    return Finding("mail", Mark.GOOD, i18n.gettext(N_("Mails leave.")))


def _without_server(*, keeps: bool) -> Finding:
    if keeps:
        return Finding("mail", Mark.GOOD, i18n.gettext(N_("Mails are kept here, for there is no mail server: this is a demo.")))
    todo = i18n.gettext(N_("Set PORTAL_SMTP_URL. Mails that were written wait until then."))
    return Finding("mail", Mark.BAD, i18n.gettext(N_("No mail server is set up.")), todo)


def hosts(*, proved: int, unproved: int, troubled: int) -> Finding:
    if troubled:
        sentence = i18n.ngettext(
            "%(num)s web host or SIP domain does not lead here.", "%(num)s web hosts or SIP domains do not lead here.", troubled
        )
        return Finding("hosts", Mark.WARN, sentence, i18n.gettext(N_("Its page says which DNS record is missing.")))
    if unproved:
        sentence = i18n.ngettext(
            "%(num)s web host waits for its owner’s proof.", "%(num)s web hosts wait for their owners’ proof.", unproved
        )
        return Finding("hosts", Mark.WARN, sentence, i18n.gettext(N_("It answers once its DNS record is there.")))
    return Finding("hosts", Mark.GOOD, i18n.ngettext("%(num)s web host answers.", "All %(num)s web hosts answer.", proved))


def catalogues(*, complete: Sequence[str], incomplete: Sequence[str]) -> Finding:
    if incomplete:
        sentence = i18n.gettext(N_("Not offered, for texts are missing: %(languages)s."), languages=_named(incomplete))
        return Finding(
            "catalogues", Mark.WARN, sentence, i18n.gettext(N_("Who has chosen one of them sees another one meanwhile."))
        )
    return Finding("catalogues", Mark.GOOD, i18n.gettext(N_("Complete: %(languages)s."), languages=_named(complete)))


def _named(codes: Sequence[str]) -> str:
    return i18n.listed(i18n.own_name(code) for code in codes)


def disk(*, free: int, total: int) -> Finding:
    """Bytes, of the disk that holds the data folder."""
    if free < NO_ROOM:
        sentence, mark = N_("There is hardly any room left on the disk."), Mark.BAD
    elif free < LITTLE_ROOM and free < total * LITTLE_SHARE:
        sentence, mark = N_("The disk fills up."), Mark.WARN
    else:
        return Finding("disk", Mark.GOOD, i18n.gettext(N_("There is room on the disk.")))
    return Finding("disk", mark, i18n.gettext(sentence), i18n.gettext(N_("Make room, or move the data folder to a larger disk.")))


def worst(findings: Sequence[Finding]) -> Mark:
    return max((one.mark for one in findings), key=SEVERITY.index, default=Mark.GOOD)
