"""How the switch is, in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.platform.rules.health import Finding, Mark, worst
from portal.features.switch.rules.nodes import Node

SILENT_AFTER = timedelta(minutes=1)  # workers ask every ten seconds

TROUBLES: Mapping[str, tuple[str, str]] = {
    "unreachable": (
        N_("It cannot be reached."),
        N_("Start Kamailio there, or correct PORTAL_KAMAILIO_RPC_URL. Phones that use it cannot call until then."),
    ),
    "silent": (N_("It does not answer in time."), N_("See how busy its machine is, and whether a firewall stands in between.")),
    "strange": (N_("What answers there is not Kamailio."), N_("Correct PORTAL_KAMAILIO_RPC_URL.")),
    "refused": (N_("It refuses to say how it is."), N_("See what its log says about it.")),
}


def node(one: Node, now: datetime) -> Finding:
    if one.asked_at is None or now - one.asked_at > SILENT_AFTER:
        never = N_("No worker has asked it yet.") if one.asked_at is None else N_("No worker has asked it for a while.")
        return _finding(one, Mark.WARN, never, N_("Start a worker: it asks every few seconds."))
    if one.trouble is not None:
        sentence, todo = TROUBLES[one.trouble.partition(":")[0]]
        return _finding(one, Mark.BAD, sentence, todo)
    if any(pending.tries for pending in one.pending):
        todo = N_("It is told again by itself. Until then it may refuse calls of new SIP domains and peers.")
        return _finding(one, Mark.WARN, N_("It answers, but has not taken the latest changes."), todo)
    return _finding(one, Mark.GOOD, N_("It answers."))


def _finding(one: Node, mark: Mark, sentence: str, todo: str = "") -> Finding:
    return Finding(one.name, mark, i18n.gettext(sentence), i18n.gettext(todo) if todo else "")


def switch(nodes: Sequence[Finding], *, demo: bool) -> Finding:
    """All of it: there may be none in a demo."""
    if not nodes:
        if demo:
            return Finding("switch", Mark.GOOD, i18n.gettext(N_("No Kamailio is set up, so nobody can call: this is a demo.")))
        todo = N_("Set PORTAL_KAMAILIO_RPC_URL, so that it hears of new SIP domains and peers at once.")
        return Finding("switch", Mark.WARN, i18n.gettext(N_("No Kamailio is set up.")), i18n.gettext(todo))
    ill = sum(one.mark is not Mark.GOOD for one in nodes)
    if ill:
        sentence = i18n.ngettext("%(num)s node needs somebody.", "%(num)s nodes need somebody.", ill)
        return Finding("switch", worst(nodes), sentence, i18n.gettext(N_("What to do stands beside each.")))
    return Finding("switch", Mark.GOOD, i18n.ngettext("%(num)s node answers.", "All %(num)s nodes answer.", len(nodes)))


def words_of(one: Node) -> str:
    """What the machine there, or the node itself, says about the last silence."""
    return (one.trouble or "").partition(":")[2]
