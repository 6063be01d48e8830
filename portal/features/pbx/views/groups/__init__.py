"""Pages of groups."""

from portal.features.pbx.views.groups import ends, listing, members, sections, sheet  # noqa: F401 - each adds its pages to bp
