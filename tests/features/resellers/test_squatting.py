"""A SIP domain that somebody took before its owner came: the refusal names the way out, and the operator can go it."""

from collections.abc import Callable

from portal.features.resellers.models import SipDomain
from tests.browser import Browser
from tests.cast import Cast
from tests.features.resellers.test_name_pages import MORE, NEW, row, words

Browse = Callable[..., Browser]
WAY_OUT = "This SIP domain is in use already. If it is yours, ask whoever runs the platform: they see who has it."


def test_the_operator_frees_a_name_that_its_owner_asks_for(cast: Cast, browse: Browse) -> None:
    rita, tom, olga = browse(cast.rita), browse(cast.tom), browse(cast.olga)
    assert rita.post("/domains/new", {**NEW, **MORE}).status_code == 303
    refused = tom.post("/domains/new", {**NEW, **MORE})
    assert refused.status_code == 422
    assert 'id="domain-error"' in refused.text
    assert WAY_OUT in words(refused.text)
    assert "Cheap Call" not in refused.text, "who has it is the operator's to know"
    taken = row(SipDomain, domain="sip.acme.test")
    path = f"/domains/{taken.public_id}"
    for stranger in (tom, browse(cast.cora)):
        assert stranger.get(path).status_code == 404
        assert stranger.post(f"{path}/remove").status_code == 404
    listed = words(olga.get("/domains?q=sip.acme").text)
    assert "sip.acme.test" in listed
    assert "Cheap Call" in listed
    assert "Cheap Call" in words(olga.get(path).text)
    assert olga.post(f"{path}/remove").status_code == 303
    assert tom.post("/domains/new", {**NEW, **MORE}).status_code == 303
    assert "removed" in words(rita.get("/audit").text), "its former owner reads of it"
