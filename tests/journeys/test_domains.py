"""Rita of Cheap Call adds a SIP domain and a web address, proves that it is hers, and it answers."""

import pytest

from tests.dnsserver import Zone
from tests.journeys.conftest import Visits


@pytest.mark.parametrize(("phone", "script"), [(False, True), (True, True), (False, False)], ids=["wide", "phone", "no-script"])
def test_a_new_address_goes_live(visit: Visits, zone: Zone, phone: bool, script: bool) -> None:
    look = f"domains-{'phone' if phone else 'wide'}{'' if script else '-no-script'}"
    word = look.removeprefix("domains-")
    rita = visit("cheapcall", phone=phone, dark=phone, script=script)
    rita.sign_in("rita@cheapcall.example")
    rita.go("/domains")
    rita.shot(f"{look}-list")
    rita.press("Add SIP domain", role="link")
    rita.page.get_by_label("SIP domain").fill(f"sip.{word}.rita.test")
    rita.page.get_by_label("Country code").fill("999")
    rita.press("Add SIP domain")
    assert rita.page.get_by_text("“999” is no country code.").first.is_visible()
    rita.shot(f"{look}-refused")
    rita.page.get_by_label("Country code").fill("49")
    zone.names[f"_sip._udp.sip.{word}.rita.test"] = {"SRV": ["10 10 5060 proxy.rita.test."]}
    rita.press("Add SIP domain")
    if not script:
        rita.press("Look it up now", role="link")
    rita.page.get_by_text("10 10 5060 proxy.rita.test").wait_for()
    rita.look()
    rita.shot(f"{look}-domain")

    rita.press("Add – Web addresses", role="link")
    rita.page.get_by_label("Web address").fill(f"rita-{word}.localhost")
    rita.page.get_by_label("Whose telephone system").fill("Rita’s friends")
    rita.press("Add web address")
    rita.shot(f"{look}-claimed")
    visit(f"rita-{word}").go("/login", status=421)
    rita.press("Check now")
    assert rita.page.get_by_text("There is no TXT record at").first.is_visible()
    rita.shot(f"{look}-not-yet")
    proof = rita.page.locator("bdi", has_text="_portal-proof.").first.inner_text()
    value = rita.page.locator("dd", has_text="").nth(2).inner_text().split()[0]
    zone.names[proof] = {"TXT": [f'"{value}"']}
    rita.press("Check now")
    assert rita.page.get_by_text("It answers from now on.").first.is_visible()
    rita.shot(f"{look}-proved")

    friend = visit(f"rita-{word}", phone=phone)
    friend.go("/login")
    assert "Rita’s friends" in friend.page.content()
    friend.shot(f"{look}-answers")
    rita.page.goto(f"{rita.base}/domains?q=rita-{word}")
    rita.press(f"rita-{word}.localhost", role="link")
    rita.go(rita.page.url.removeprefix(rita.base) + "/remove")
    rita.press(f"Remove rita-{word}.localhost")
    rita.look()
    assert f"rita-{word}.localhost is removed." in rita.page.content()


def test_languages_are_put_in_order(visit: Visits) -> None:
    rita = visit("cheapcall")
    rita.sign_in("rita@cheapcall.example")
    rita.go("/domains/languages")
    rita.shot("domains-languages")
    rita.page.get_by_label("Add a language").select_option("sv")
    rita.press("Add")
    assert "Swedish is not available yet." in rita.page.content()
    rita.shot("domains-languages-refused")
