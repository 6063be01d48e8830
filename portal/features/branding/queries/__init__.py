"""`folders` (shipped themes), `versions` (a reseller's own), `looks` (what processes keep of published ones)."""

from portal.features.branding.queries import looks as looks
from portal.features.branding.queries.folders import files as files, folders_in as folders_in, theme as theme, themes as themes
from portal.features.branding.queries.versions import (
    Previewed as Previewed,
    draft as draft,
    draft_file as draft_file,
    files_of_version as files_of_version,
    living_previews as living_previews,
    newest_number as newest_number,
    preview as preview,
    previewed as previewed,
    previews as previews,
    published as published,
    reseller_named as reseller_named,
    shipped_theme as shipped_theme,
    version as version,
    version_files as version_files,
    version_numbered as version_numbered,
    versions as versions,
)
