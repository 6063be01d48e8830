"""CloudPBX customers as a provider's staff look after them: extensions, base number, the end of a line, the wizard."""

from portal.features.pbx.views.staff import base_number, ends, extensions, made, wizard  # noqa: F401 - each adds its pages to bp
