"""An import as a whole: what may follow what, and what is refused at once."""

from collections.abc import Mapping
from datetime import timedelta

from portal.core.errors import declare
from portal.core.i18n import N_

SECRETS_KEPT = timedelta(hours=24)  # generated SIP passwords, until somebody takes them
LISTED = 3  # of rows that keep an import from being undone, in a sentence
LONGEST_NAME = 200

# What may be asked of an import, and in which states.
ALLOWED: Mapping[str, frozenset[str]] = {
    "check": frozenset({"uploaded", "checked", "failed"}),
    "write": frozenset({"checked"}),
    "undo": frozenset({"written"}),
    "drop": frozenset({"uploaded", "checked", "failed"}),
}

declare("import-running", N_("Another import is under way. Wait until it is done."))
declare("import-moved-on", N_("This import has moved on in the meantime. Nothing was changed; look at it again."))
declare("import-nothing", N_("No row of this file would change anything."))
declare("import-leave-out", N_("Some rows cannot be imported. Say that they are left out, or upload a corrected file."))
declare(
    "import-changed",
    N_("Your telephone system has changed since the file was checked. Nothing was imported; this is the new report."),
)
declare(
    "import-failed",
    N_("The import could not be finished. Nothing was changed. Try again; if it happens once more, ask your provider."),
)
declare("import-touched", N_("%(names)s changed after the import. Undoing it would undo that as well, so nothing was changed."))
declare(
    "import-touched-more",
    N_("%(names)s and others changed after the import. Undoing it would undo that as well, so nothing was changed."),
)
declare(
    "passwords-gone",
    N_("The passwords of this import have been downloaded, or a day has passed. Give an extension a new one on its page."),
)
declare("run-count", N_("Create 1 to %(most)s extensions at once."))
