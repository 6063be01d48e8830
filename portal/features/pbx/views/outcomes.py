"""What an import would do, is doing and has done, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.features.pbx import queries
from portal.features.pbx.models import Import, ImportKind, ImportState
from portal.web.forms import Form
from portal.web.listing import Query
from portal.web.templating import done, number

KINDS: Mapping[str, object] = {
    ImportKind.EXTENSIONS.value: _l("Extensions"),
    ImportKind.GROUPS.value: _l("Groups"),
    ImportKind.NUMBERS.value: _l("Numbers"),
}
SUBJECTS: Mapping[str, object] = {
    ImportKind.EXTENSIONS.value: _l("Name"),
    ImportKind.GROUPS.value: _l("Group"),
    ImportKind.NUMBERS.value: _l("Number"),
}


@dataclass(frozen=True)
class Verdict:
    """What becomes of a row: its word, its picture, its colour in a list (`kind`) and in the bar (`part`)."""

    word: object
    icon: str
    kind: str
    part: str


BEFORE: Mapping[str, Verdict] = {
    "new": Verdict(_l("Added"), "circle-plus", "good", "good"),
    "changed": Verdict(_l("Changed"), "pencil", "", "here"),
    "same": Verdict(_l("As it is"), "minus", "muted", "plain"),
    "refused": Verdict(_l("Refused"), "circle-alert", "bad", "bad"),
}
AFTER: Mapping[str, Verdict] = {
    "new": Verdict(_l("Added"), "circle-plus", "good", "good"),
    "changed": Verdict(_l("Changed"), "pencil", "", "here"),
    "same": Verdict(_l("As it was"), "minus", "muted", "plain"),
    "refused": Verdict(_l("Left out"), "circle-alert", "bad", "bad"),
}


def is_done(run: Import) -> bool:
    return run.written_at is not None


def verdicts(run: Import) -> Mapping[str, Verdict]:
    return AFTER if is_done(run) else BEFORE


def counts(run: Import) -> dict[str, int]:
    return {verdict: int(run.counts.get(verdict, 0)) for verdict in BEFORE}


def parts(run: Import, query: Query) -> list[tuple[object, int, str, str, str, bool]]:
    """For the component `tally`: each verdict with its count, as a filter of the rows."""
    chosen = query.values.get("verdict")
    return [
        (
            verdicts(run)[name].word,
            count,
            f"{query.url(verdict=None if name == chosen else name)}#rows",
            verdicts(run)[name].part,
            "",
            name == chosen,
        )
        for name, count in counts(run).items()
    ]


def progress(run: Import) -> tuple[str, str]:
    """What is being done, and what that means meanwhile."""
    said = {
        ImportState.CHECKING: (_("Checking the rows"), _("Nothing is changed while the file is checked.")),
        ImportState.WRITING: (_("Importing"), _("All rows are written together at the end, or none if something fails.")),
        ImportState.UNDOING: (_("Undoing the import"), _("Everything is taken back together at the end, or nothing.")),
    }
    return said[ImportState(run.state)]


def promise(run: Import) -> str:
    """What pressing the button does."""
    if run.kind == ImportKind.EXTENSIONS and counts(run)["new"]:
        return _("All at once, or nothing. SIP passwords are made for the new phones. It can be undone.")
    return _("All at once, or nothing. It can be undone.")


def result(run: Import) -> tuple[str, str, str]:
    """The sentence on top of what is over, a note, and a picture."""
    said = {
        ImportState.UPLOADED: (_("The columns of this file are still to be matched."), "", "file-up"),
        ImportState.FAILED: (queries.imports.trouble(run), "", "circle-alert"),
        ImportState.UNDONE: (_("This import was undone: everything is as it was before."), did(run), "undo-2"),
        ImportState.DROPPED: (_("This file was dropped. Nothing was changed."), "", "trash-2"),
    }
    state = ImportState(run.state)
    return said[state] if state in said else (did(run), "", "circle-check")


def history(run: Import) -> list[tuple[str, datetime, str]]:
    """What was done with it, newest first: sentence, moment, by whom."""
    undone_by = str(run.options.get("undone_by", ""))
    steps = [
        (_("%(name)s undid it", name=undone_by), run.undone_at, undone_by),
        (_("%(name)s imported it", name=run.by_name), run.written_at, run.by_name),
        (_("It was uploaded"), run.created_at, run.by_name),
    ]
    return [(sentence, at, by) for sentence, at, by in steps if at is not None]


def refused(form: Form, run: Import) -> AnyResponse:
    """Back to the import, which says what it refused to do."""
    return done(" ".join(sentence for _field, sentence in form.summary), "pbx.show_import", kind="bad", import_id=run.public_id)


def would(run: Import) -> str:
    """What importing would do, before it is done."""
    found = counts(run)
    sentences = [
        *([_would_add(run.kind, found["new"])] if found["new"] else []),
        *([_would_change(run.kind, found["changed"])] if found["changed"] else []),
        *([_refused(found["refused"])] if found["refused"] else []),
    ]
    return " ".join(sentences) or _("Everything stands as the file says: there is nothing to import.")


def did(run: Import) -> str:
    """What importing has done."""
    found = counts(run)
    sentences = [
        *([_added(run.kind, found["new"])] if found["new"] else []),
        *([_changed(run.kind, found["changed"])] if found["changed"] else []),
        *([_left_out(found["refused"])] if found["refused"] else []),
    ]
    return " ".join(sentences)


def _would_add(kind: str, count: int) -> str:
    num = number(count)
    if kind == ImportKind.GROUPS:
        return ngettext("%(count)s group will be added.", "%(count)s groups will be added.", count, count=num)
    return ngettext("%(count)s extension will be added.", "%(count)s extensions will be added.", count, count=num)


def _would_change(kind: str, count: int) -> str:
    num = number(count)
    if kind == ImportKind.GROUPS:
        return ngettext("%(count)s group will be changed.", "%(count)s groups will be changed.", count, count=num)
    if kind == ImportKind.NUMBERS:
        return ngettext(
            "%(count)s number will be given to somebody else.",
            "%(count)s numbers will be given to somebody else.",
            count,
            count=num,
        )
    return ngettext("%(count)s extension will be changed.", "%(count)s extensions will be changed.", count, count=num)


def _refused(count: int) -> str:
    return ngettext("%(count)s row cannot be imported.", "%(count)s rows cannot be imported.", count, count=number(count))


def _added(kind: str, count: int) -> str:
    num = number(count)
    if kind == ImportKind.GROUPS:
        return ngettext("%(count)s group was added.", "%(count)s groups were added.", count, count=num)
    return ngettext("%(count)s extension was added.", "%(count)s extensions were added.", count, count=num)


def _changed(kind: str, count: int) -> str:
    num = number(count)
    if kind == ImportKind.GROUPS:
        return ngettext("%(count)s group was changed.", "%(count)s groups were changed.", count, count=num)
    if kind == ImportKind.NUMBERS:
        return ngettext(
            "%(count)s number was given to somebody else.", "%(count)s numbers were given to somebody else.", count, count=num
        )
    return ngettext("%(count)s extension was changed.", "%(count)s extensions were changed.", count, count=num)


def _left_out(count: int) -> str:
    return ngettext("%(count)s row was left out.", "%(count)s rows were left out.", count, count=number(count))


def goes(run: Import) -> list[str]:
    """What undoing takes back."""
    found = counts(run)
    sentences = []
    if found["new"]:
        sentences.append(_goes(run.kind, found["new"]))
    if found["changed"]:
        sentences.append(_back(run.kind, found["changed"]))
    return sentences


def _goes(kind: str, count: int) -> str:
    num = number(count)
    if kind == ImportKind.GROUPS:
        return ngettext(
            "%(count)s group that was added goes; its members stay.",
            "%(count)s groups that were added go; their members stay.",
            count,
            count=num,
        )
    return ngettext(
        "%(count)s extension that was added goes, with its sign-in; its phone stops working.",
        "%(count)s extensions that were added go, with their sign-ins; their phones stop working.",
        count,
        count=num,
    )


def _back(kind: str, count: int) -> str:
    num = number(count)
    if kind == ImportKind.GROUPS:
        return ngettext("%(count)s group is again as it was.", "%(count)s groups are again as they were.", count, count=num)
    if kind == ImportKind.NUMBERS:
        return ngettext(
            "%(count)s number goes back to where it was.", "%(count)s numbers go back to where they were.", count, count=num
        )
    return ngettext("%(count)s extension is again as it was.", "%(count)s extensions are again as they were.", count, count=num)


@dataclass(frozen=True)
class Listed:
    """An import in the list. `mark` is a kind of the component `state`."""

    run: Import
    outcome: str
    mark: str


def listed(runs: Sequence[Import]) -> list[Listed]:
    return [Listed(run, *_outcome(run)) for run in runs]


def _outcome(run: Import) -> tuple[str, str]:
    said = {
        ImportState.UPLOADED: (_("Its columns are to be matched"), "none"),
        ImportState.CHECKING: (_("Is being checked"), "none"),
        ImportState.CHECKED: (_("Checked, not imported yet"), "lock"),
        ImportState.WRITING: (_("Is being imported"), "none"),
        ImportState.UNDOING: (_("Is being undone"), "none"),
        ImportState.UNDONE: (_("Undone"), "none"),
        ImportState.FAILED: (_("Could not be finished"), "off"),
        ImportState.DROPPED: (_("Dropped"), "none"),
    }
    state = ImportState(run.state)
    return said[state] if state in said else (did(run).rstrip("."), "good")
