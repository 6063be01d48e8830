"""Whether a theme may be shown to everybody."""

from dataclasses import dataclass

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.branding.rules import fields, palette, source
from portal.features.branding.rules.palette import Move, Palette
from portal.features.branding.rules.source import Files
from portal.features.branding.rules.theme import Problem, Theme

LONGEST_NOTE = 200
LONGEST_NAME = 80
PREVIEW_DAYS = 7
MOST_PREVIEWS = 20  # that work, of a reseller
MOST_VERSIONS = 50

declare(
    "theme-words-light",
    N_("Light words on %(was)s cannot be read: it would have to become %(now)s. Choose dark words, or another colour."),
)
declare(
    "theme-words-dark",
    N_("Dark words on %(was)s cannot be read: it would have to become %(now)s. Choose light words, or another colour."),
)
declare(
    "theme-unreadable",
    N_("%(above)s on %(below)s reaches a contrast of %(ratio)s:1 and needs %(minimum)s:1. Choose another colour."),
)
declare(
    "theme-published-meanwhile",
    N_("%(name)s published this draft a moment ago, as version %(number)s. Have a look at it before you go on."),
)
declare("theme-gone-meanwhile", N_("Somebody else has thrown this draft away a moment ago. Begin a new one."))
declare("theme-note-long", N_("Keep the note under %(limit)s characters."))
declare("theme-preview-name", N_("Say who the link is for, in at most %(limit)s characters."))
declare("theme-many-previews", N_("There are %(limit)s links already. End one that is no longer needed."))
declare("theme-live", N_("This version is what everybody sees already."))
declare("theme-unknown-start", N_("There is no theme of this name."))
declare("theme-no-place", N_("Nothing of a theme has this name."))


@dataclass(frozen=True, slots=True)
class Findings:
    """What publishing these files would mean: what is wrong, what is moved, and how it looks in the end."""

    problems: tuple[Problem, ...]
    refusals: tuple[Refused, ...]
    theme: Theme
    palette: Palette

    @property
    def moves(self) -> tuple[Move, ...]:
        return self.palette.moves

    @property
    def ready(self) -> bool:
        return not self.refusals


def findings(files: Files, brand: str) -> Findings:
    """`brand`: how it is called as long as the files do not say it."""
    wrong = source.problems(files)
    theme = source.sketch("draft", files, brand)
    derived = palette.derive(theme)
    refusals = (*(fields.refusal(problem) for problem in wrong), *_unreadable(theme, derived))
    return Findings(tuple(wrong), refusals, theme, derived)


def _unreadable(theme: Theme, derived: Palette) -> list[Refused]:
    move = palette.lost(theme)
    if move is not None:
        return [Refused(f"theme-words-{theme.on_accent}", field="look.accent", was=move.was, now=move.now)]
    return [
        Refused("theme-unreadable", field="look.accent", above=above, below=below, ratio=f"{ratio:.2f}", minimum=f"{minimum:g}")
        for _scheme, (above, below, minimum), ratio in palette.unreadable(derived)
    ]
