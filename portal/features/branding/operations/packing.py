"""A whole theme at once: from a zip file or a folder, and back."""

from collections.abc import Mapping

from portal.core.identity import Identity
from portal.features.branding import queries
from portal.features.branding.models import ThemeVersion
from portal.features.branding.operations.drafts import begin_draft, replace_draft
from portal.features.branding.rules import archive, fields, source


def import_zip(*, by: Identity, content: bytes, version: int | None = None) -> ThemeVersion:
    """The draft, with the files of a zip in place of its own. Raises Refused at what no theme may hold.

    `version`: the draft's, as it was seen; without one there must be none yet, or it is replaced as it is.
    """
    return import_files(by=by, files=archive.unpacked(content), version=version)


def import_files(*, by: Identity, files: Mapping[str, bytes], version: int | None = None) -> ThemeVersion:
    """The same from a folder."""
    kept = archive.cleaned(files)
    found = source.problems(kept)
    if found:
        raise fields.refusal_in_file(found[0])
    draft = begin_draft(by=by, start=kept)
    return replace_draft(by, draft, draft.version if version is None else version, kept)


def export_zip(*, of: ThemeVersion) -> bytes:
    """As `import_zip` takes it; the same version makes the same bytes."""
    return archive.packed(queries.version_files(of))
