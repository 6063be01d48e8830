from collections.abc import Callable
from io import BytesIO

import pytest

from portal.core.identity import Identity
from portal.features.calls import operations
from tests.cast import Cast
from tests.features.calls.files import as_csv

Take = Callable[..., None]


@pytest.fixture
def take(cast: Cast) -> Take:
    """Brings legs in, as a file would."""

    def brought(*legs: dict[str, str]) -> None:
        for _step in operations.take_file(BytesIO(as_csv(*legs)), name="calls.csv", by=Identity.system("test")):
            pass

    return brought
