"""The usual words of a mail, in the form in which a reseller changes them: with {{ variables }} instead of facts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from typing import Any

from portal.core import i18n
from portal.core.i18n import N_
from portal.mail.composing import Words, compose, folder_of
from portal.mail.letterhead import Letterhead, Recipient

_LINK = "{{ link }}"
_BUTTON = re.compile(r'<a href="\{\{ link \}\}"[^>]*>([^<{]+)</a>')
_SIGNATURE = "\n-- \n"
# What stands in for the facts of a mail; those that choose between sentences are settled below.
FACTS: Mapping[str, Any] = {
    "url": _LINK,
    "at": "{{ at }}",
    "address": "{{ address }}",
    "device": "{{ device }}",
    "phone": "{{ phone }}",
    "line": "{{ line }}",
    "was": "{{ was }}",
    "now": "{{ now }}",
    "invited_by": "{{ inviter }}",
    "name": "{{ sign_in_name }}",
    "provider": "{{ provider }}",
    "asked_by": None,
    "what": "app-added",
    "by": "",
    "passkey": "",
    "left": 0,
}


def usual_words(kind: str, *, letterhead: Letterhead, to: Recipient) -> Words:
    """Of a kind of mail in the language of `to`."""
    paper, whom = replace(letterhead, brand="{{ brand }}"), replace(to, name="{{ name }}")
    written = compose(folder_of(kind), letterhead=paper, to=whom, **FACTS)
    body = written.text.rpartition(_SIGNATURE)[0].strip()
    label = _BUTTON.search(written.html)
    paragraphs = [_with_button(one.strip(), unescape(label[1]) if label else "") for one in body.split("\n\n") if one.strip()]
    with i18n.using(to.language):
        return _SETTLED.get(kind, Words)(written.subject, "\n\n".join(paragraphs))


def _with_button(paragraph: str, label: str) -> str:
    before, _link, behind = paragraph.rpartition(_LINK)
    return f"[{label}]({_LINK})" if label and not behind and before.strip() in {"", f"{label}:"} and _link else paragraph


def _factor(_subject: str, body: str) -> Words:
    first, *others = body.split("\n\n")
    return Words("{{ change }}", "\n\n".join(["{{ name }}: {{ change }}.", *others])) if first else Words("{{ change }}", body)


def _recovery(subject: str, body: str) -> Words:
    paragraphs = body.split("\n\n")
    paragraphs[2] = i18n.gettext(N_("Recovery codes left: %(left)s"), left="{{ left }}")
    return Words(subject, "\n\n".join(paragraphs))


_SETTLED: Mapping[str, Callable[[str, str], Words]] = {"factor_changed": _factor, "recovery_code_used": _recovery}
