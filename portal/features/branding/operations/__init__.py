"""`drafts` (begin, change, discard), `publishing` (publish, roll back), `previews` (private links), `packing` (zip, folder)."""

from portal.features.branding.operations.drafts import (
    begin_draft as begin_draft,
    change_draft as change_draft,
    discard_draft as discard_draft,
    plain_files as plain_files,
    put_file as put_file,
    remove_file as remove_file,
)
from portal.features.branding.operations.looks import take_look as take_look
from portal.features.branding.operations.packing import (
    export_zip as export_zip,
    import_files as import_files,
    import_zip as import_zip,
)
from portal.features.branding.operations.previews import add_preview as add_preview, end_preview as end_preview
from portal.features.branding.operations.publishing import (
    publish as publish,
    publish_files as publish_files,
    roll_back as roll_back,
    take_off as take_off,
)
