"""Tom invites a colleague who sees no calls; she signs in by the mail, and is later locked. He writes a mail in his own words."""

import pytest

from tests.journeys.conftest import Visits
from tests.journeys.post import PostOffice

PASSWORD = "nine yellow lanterns"


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)], ids=["wide-light", "phone-dark"])
def test_tom_invites_a_colleague(visit: Visits, post_office: PostOffice, phone: bool, dark: bool) -> None:
    name, look = ("Una Reed", "phone-dark") if phone else ("Ada Vale", "wide-light")
    address = f"{name.split()[0].lower()}@telephone.example"
    tom = visit("telephone", phone=phone, dark=dark)
    tom.sign_in("tom@telephone.example")
    tom.go("/staff")
    tom.shot(f"staff-{look}-list")
    tom.press("Invite somebody", role="link")
    tom.page.get_by_label("Name", exact=True).fill(name)
    tom.page.get_by_label("E-mail").fill(address)
    tom.page.get_by_text("Less than the role has").click()
    tom.page.get_by_label("Sees calls").uncheck()
    tom.shot(f"staff-{look}-invite")
    tom.press("Send the invitation")
    assert "Sees no calls" in tom.page.inner_text("main")
    tom.shot(f"staff-{look}-member")
    member = tom.page.url.removeprefix(tom.base)

    colleague = visit("telephone", phone=phone, dark=dark)
    colleague.page.goto(post_office.letter_to(address).link)
    colleague.look()
    for field in ("password", "repeat"):
        colleague.page.locator(f"[name={field}]").fill(PASSWORD)
    colleague.press("Save and sign in")
    colleague.go("/accounts")
    colleague.go("/staff", status=404)

    tom.go(f"{member.partition('#')[0]}/lock")
    tom.press(f"Lock {name}")
    assert "is locked, and signed out everywhere" in tom.page.inner_text("body")
    colleague.page.goto(colleague.base + "/accounts")
    assert "/login" in colleague.page.url


def test_rita_writes_a_mail_in_her_own_words(visit: Visits) -> None:
    rita = visit("cheapcall")
    rita.sign_in("rita@cheapcall.example")
    rita.go("/mail-templates")
    rita.press("Recovery code used", role="link")
    rita.press("English", role="link")
    rita.press("Edit – Words", role="link")
    body = rita.page.locator("[name=body]")
    body.fill("Hi {{ nmae }}, a code was used.\n\n[Look]({{ link }})")
    rita.press("Save these words")
    assert "There is no variable “nmae” in this mail." in rita.page.inner_text("main")
    rita.page.locator("[name=body]").fill("Hi **{{ name }}**, a code was used.\n\n[Look]({{ link }})")
    rita.page.get_by_role("button", name="Preview").click()
    frame = rita.page.frame_locator("iframe[name=preview]")
    frame.get_by_text("a code was used").first.wait_for()
    assert frame.locator("strong").first.inner_text() == "Rita Özdemir"
    rita.shot("mail-template-edit")
    rita.press("Save these words")
    assert "by Rita Özdemir" in rita.page.inner_text("main")
    rita.press("Back to the usual words", role="link")
    rita.shot("mail-template-reset")
    rita.press("Back to the usual words")
    assert "The usual words" in rita.page.inner_text("main")
