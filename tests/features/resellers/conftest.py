"""Languages whose catalogues are complete, whichever texts the portal has got since they were translated."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.core import i18n

WHOLE = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Sign in"\nmsgstr "[%s] Sign in"\n'


@pytest.fixture(autouse=True)
def whole_languages(tmp_path_factory: pytest.TempPathFactory, app: Flask) -> Iterator[None]:
    before, folder = i18n._folder[0], tmp_path_factory.mktemp("translations")
    for language in ("de", "fr", "es", "it", "tr", "ar"):
        file = folder / language / "LC_MESSAGES" / "messages.po"
        file.parent.mkdir(parents=True)
        file.write_text(WHOLE % language, encoding="utf-8")
    i18n.install(folder)
    app.extensions["tenants"].forget()
    yield
    i18n.install(before)
    app.extensions["tenants"].forget()
