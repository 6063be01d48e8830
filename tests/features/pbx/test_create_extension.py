"""Creating extensions: what is made, and each reason why not."""

import pytest

from portal.core import db, secrets
from portal.core.errors import Refused
from portal.features.accounts.queries import of_subscriber
from portal.features.numbers.queries import primary_of
from portal.features.pbx import operations
from tests.cast import Cast


def create(cast: Cast, **facts: object) -> operations.NewLine:
    given = {"display_name": "Dora Albrecht", "extension": "104", **facts}
    return operations.create_extension(by=cast.clare.identity, customer_id=cast.lantern.id, **given)  # type: ignore[arg-type]


def test_an_extension_gets_number_user_name_password_and_account(as_clare: Cast) -> None:
    new = create(as_clare, email="dora@lantern.example", language="de")
    line = new.subscriber
    assert (line.extension, line.username, line.display_name) == ("104", "104", "Dora Albrecht")
    primary = primary_of(line.id)
    assert primary is not None
    assert primary.digits == "49305550000104"
    assert new.sip_password is not None
    assert (line.ha1_md5, line.ha1_sha256) == secrets.ha1("104", "lantern.telephone.example", new.sip_password)
    account = of_subscriber(line.id)
    assert account is not None
    assert (account.username, account.email, account.language, account.password_hash) == ("104", "dora@lantern.example", "de", None)
