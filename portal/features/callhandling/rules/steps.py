"""An outcome in words, step by step: the same as the picture, to read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.callhandling.rules.lines import Forward
from portal.features.callhandling.rules.names import Names
from portal.features.callhandling.rules.outcome import Barred, Forwarded, Leaves, Outcome, Rings, Silent, Step, Why
from portal.features.callhandling.rules.wording import listed, one_after_the_other


@dataclass(frozen=True)
class Told:
    """`span`: “0 to 20 s”, or “at 20 s”. `because`: why a rule is used now, where it does not always hold."""

    span: str
    sentence: str
    because: str = ""

    @property
    def whole(self) -> str:
        """“0 to 20 s: Alice Meier and Bob Turner ring”."""
        return i18n.gettext(
            N_("%(span)s: %(sentence)s"), span=self.span, sentence=" ".join(filter(None, (self.sentence, self.because)))
        )


SILENT: Mapping[Why, str] = {
    Why.LOCKED: N_("%(name)s does not ring: the line is locked."),
    Why.BLOCKED: N_("%(name)s does not ring: this caller is blocked."),
    Why.HIDDEN: N_("%(name)s does not ring: callers without a number are not taken."),
    Why.DO_NOT_DISTURB: N_("%(name)s does not ring: do not disturb is on."),
    Why.BUSY: N_("%(name)s is busy."),
    Why.UNREACHABLE: N_("%(name)s does not ring: no phone is signed in."),
    Why.NOBODY: N_("%(name)s does not ring: nobody is there."),
    Why.LOOP: N_("%(name)s does not ring again: the call has been there."),
    Why.MOVED: N_("%(name)s does not ring: the number has moved away."),
}
FORWARDED: Mapping[Why | None, str] = {
    None: N_("%(name)s: calls go straight to %(places)s."),
    Why.NOT_ANSWERED: N_("%(name)s: nobody has answered, calls go to %(places)s."),
    Why.BUSY: N_("%(name)s: busy, calls go to %(places)s."),
    Why.DO_NOT_DISTURB: N_("%(name)s: do not disturb is on, calls go to %(places)s."),
    Why.UNREACHABLE: N_("%(name)s: no phone is signed in, calls go to %(places)s."),
    Why.NOBODY: N_("%(name)s: nobody is there to ring, calls go to %(places)s."),
    Why.MOVED: N_("%(name)s: the number has moved away, calls go to %(places)s."),
}
BARRED: Mapping[Why, str] = {
    Why.LOCKED: N_("%(number)s is not called: the line that forwards is locked."),
    Why.BLOCKED: N_("%(number)s is not called: it is blocked for the line that forwards."),
}
ENDS: Mapping[Why, str] = {
    Why.LOCKED: N_("The call is turned away: the line is locked."),
    Why.BLOCKED: N_("The call is turned away: this caller is blocked."),
    Why.HIDDEN: N_("The call is turned away: callers without a number are not taken."),
    Why.DO_NOT_DISTURB: N_("The caller hears the busy tone."),
    Why.BUSY: N_("The caller hears the busy tone."),
    Why.NOT_ANSWERED: N_("The call ends: nobody has answered."),
    Why.UNREACHABLE: N_("The call ends: nobody can be reached."),
    Why.NOBODY: N_("The call ends: nobody is there to ring."),
    Why.LOOP: N_("The call ends: it would go round in a circle."),
    Why.MOVED: N_("The call ends: the number has moved away."),
}


def told(outcome: Outcome, names: Names) -> list[Told]:
    """Those who ring together stand in one sentence; how it ends is the last."""
    steps = [_told(list(same), names) for _key, same in groupby(outcome.steps, key=_together)]
    if len(outcome.steps) == 1 and isinstance(outcome.steps[0], Silent) and outcome.end in {Why.LOCKED, Why.BLOCKED, Why.HIDDEN}:
        steps = []  # the end says the same
    return [*steps, Told(_at(outcome.seconds), ends(outcome))]


def ends(outcome: Outcome) -> str:
    return i18n.gettext(ENDS[outcome.end])


def _together(step: Step) -> tuple[object, ...]:
    if isinstance(step, Rings):
        return (Rings, step.begins, step.seconds)
    return (id(step),)


def _told(steps: Sequence[Step], names: Names) -> Told:
    first = steps[0]
    match first:
        case Rings(begins=begins, seconds=seconds):
            lines = [step.line for step in steps if isinstance(step, Rings)]
            return Told(_span(begins, seconds), _rings([names.person(line) for line in lines]))
        case Leaves(number=number, begins=begins, seconds=seconds):
            return Told(_span(begins, seconds), _rings([names.number(number)]))
        case Barred(number=number, begins=begins, why=why):
            return Told(_at(begins), i18n.gettext(BARRED.get(why, BARRED[Why.BLOCKED]), number=names.number(number)))
        case Silent(line=line, begins=begins, why=why):
            return Told(_at(begins), i18n.gettext(SILENT.get(why, SILENT[Why.NOBODY]), name=names.person(line)))
    return Told(_at(first.begins), _forwarded(first, names), " ".join(because(first.forward)))


def _rings(who: Sequence[str]) -> str:
    return i18n.ngettext("%(names)s rings.", "%(names)s ring.", len(who), names=listed(who))


def _forwarded(step: Forwarded, names: Names) -> str:
    places = one_after_the_other([names.destination(one) for one in step.forward.destinations])
    return i18n.gettext(FORWARDED.get(step.why, FORWARDED[None]), name=names.person(step.line), places=places)


def because(rule: Forward) -> Iterator[str]:
    """The conditions of a rule that is used."""
    if rule.times is not None:
        yield i18n.gettext(N_("It is not “%(times)s”.") if rule.times_except else N_("It is “%(times)s”."), times=rule.times.name)
    if rule.callers is not None:
        words = N_("The caller is not in “%(callers)s”.") if rule.callers_except else N_("The caller is in “%(callers)s”.")
        yield i18n.gettext(words, callers=rule.callers.name)
    if rule.scheduled:
        yield i18n.gettext(N_("This is planned for these days."))


def _span(begins: int, seconds: int) -> str:
    return i18n.gettext(N_("%(begins)s to %(ends)s s"), begins=begins, ends=begins + seconds)


def _at(seconds: int) -> str:
    return i18n.gettext(N_("at %(begins)s s"), begins=seconds)
