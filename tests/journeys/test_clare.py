"""Clare, pilot of Lantern Co, does a morning's work; Charlie and Ike find none of it."""

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor


def sign_in(visit: Visits, **how: bool) -> Visitor:
    clare = visit("lantern", **how)  # type: ignore[arg-type]
    clare.sign_in("clare")
    expect(clare.page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    return clare


def extension_page(clare: Visitor, name: str) -> str:
    """Finds somebody by typing, opens the page; returns its path."""
    clare.go(f"/extensions?q={name}")
    clare.press(name, role="link")
    return clare.page.url.removeprefix(clare.base).partition("#")[0]


def test_a_new_colleague(visit: Visits) -> None:
    clare = sign_in(visit)
    clare.press("Extensions", role="link")
    clare.press("Add extension", role="link")
    assert clare.page.get_by_label("Extension").input_value() == "161", "the next free extension is filled in"
    clare.page.get_by_label("Name", exact=True).fill("Dora Albrecht")
    clare.press("Add extension")

    expect(clare.page.get_by_role("heading", level=1)).to_have_text("Dora Albrecht")
    secrets = clare.page.locator(".secret-code")
    sip, web = secrets.nth(0).inner_text(), secrets.nth(1).inner_text()
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}-\w{4}", sip)
    expect(clare.page.locator(".secret svg").first).to_be_visible()
    clare.shot("secret")
    dora = clare.page.url.removeprefix(clare.base)
    clare.go(dora)
    assert sip not in clare.page.content(), "the SIP password is shown once"
    expect(secrets).to_have_count(0)

    gives_a_number(clare, dora)
    stays_hers(visit, dora)
    first_sign_in(visit, web)


def gives_a_number(clare: Visitor, dora: str) -> None:
    clare.go(f"{dora}/numbers")
    clare.page.get_by_label("From the pool").select_option(index=1)
    clare.press("Save numbers")
    given = clare.page.locator("#numbers a bdi").first.inner_text()
    clare.go("/numbers")
    row = clare.page.get_by_role("row").filter(has_text=given)
    expect(row).to_contain_text("Dora Albrecht")
    clare.go("/")
    expect(clare.page.locator("main")).to_contain_text("Dora Albrecht")


def stays_hers(visit: Visits, dora: str) -> None:
    """Each of Lantern's addresses, asked for by another company and at another provider, does not exist."""
    for host, name in (("telephone", "ike"), ("cheapcall", "charlie")):
        stranger = visit(host)
        stranger.sign_in(name)
        for path in ("", "/person", "/numbers", "/allowed", "/lock", "/remove", "/sip-password", "/web-password", "/history"):
            stranger.go(dora + path, status=404)
        assert "Dora" not in stranger.page.content()


def first_sign_in(visit: Visits, password: str) -> None:
    """What the pilot was shown opens the door once; then an own password is owed before anything else."""
    dora = visit("lantern")
    dora.sign_in("161", password)
    expect(dora.page.get_by_role("heading", level=1)).to_have_text("Choose your own password")
    dora.go("/calls")
    expect(dora.page.get_by_role("heading", level=1)).to_have_text("Choose your own password")
    dora.page.locator("[name=password]").fill("four quiet lamps by the river")
    dora.page.locator("[name=repeat]").fill("four quiet lamps by the river")
    dora.press("Save and go on")
    expect(dora.page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    dora.go("/extensions", status=404)


def test_the_call_to_argentina(visit: Visits) -> None:
    clare = sign_in(visit)
    alice = extension_page(clare, "Alice Meier").rpartition("/")[2]
    clare.go(f"/calls?period=month&person={alice}&q=%2B54+11")
    rows = clare.page.locator("main table tbody tr").filter(has_text="+54 11 4326")
    expect(rows.filter(has_text="5:00")).to_have_count(1)
    expect(rows.first).to_contain_text("Argentina")
    clare.shot("argentina")
    shown = rows.count()

    with clare.page.expect_download() as waiting:
        clare.page.get_by_role("link", name=re.compile("Download")).click()
    text = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    file = list(csv.DictReader(io.StringIO(text)))
    assert len(file) == shown
    assert all("+54 11" in row["Number"] and row["With"] == "Alice Meier" for row in file)
    assert [row["Seconds"] for row in file].count("300") == 1


def test_a_mistake_keeps_what_was_typed(visit: Visits) -> None:
    clare = sign_in(visit)
    clare.go("/extensions/new")
    clare.page.get_by_label("Name", exact=True).fill("Emma Köhler")
    clare.page.get_by_label("Extension").fill("101")
    clare.press("Add extension")
    expect(clare.page.get_by_role("alert").or_(clare.page.locator(".summary"))).to_contain_text("Alice Meier")
    expect(clare.page.get_by_label("Name", exact=True)).to_have_value("Emma Köhler")
    expect(clare.page.get_by_label("Extension")).to_have_attribute("aria-invalid", "true")
    clare.shot("refused")


def test_two_people_change_one_extension(visit: Visits) -> None:
    first, second = sign_in(visit), sign_in(visit)
    milan = extension_page(first, "Milan Horvat")
    first.go(f"{milan}/person")
    second.go(f"{milan}/person")
    first.page.get_by_label("Name", exact=True).fill("Milan Horvat-Berg")
    first.press("Save person")
    second.page.get_by_label("Name", exact=True).fill("Milana Horvat")
    second.press("Save person")
    expect(second.page.locator("main")).to_contain_text("Milan Horvat-Berg")
    expect(second.page.locator("main")).to_contain_text("Milana Horvat")
    second.shot("conflict")


def test_lock_and_undo(visit: Visits) -> None:
    clare = sign_in(visit)
    hanna = extension_page(clare, "Hanna Vogel")
    clare.go(f"{hanna}/lock")
    clare.page.get_by_label("Reason").fill("On leave")
    clare.page.locator("[name=level]").nth(1).check()
    clare.press("Lock")
    expect(clare.page.locator("main")).to_contain_text("On leave")
    clare.press("Undo")
    expect(clare.page.locator("main")).to_contain_text("Not locked")


def test_everything_works_without_scripts(visit: Visits) -> None:
    clare = visit("lantern", script=False)
    clare.page.goto(clare.base + "/login")
    clare.page.locator("[name=username]").fill("clare")
    clare.page.locator("[name=password]").fill("lantern-demo-2026")
    clare.page.locator("main button[type=submit]").click()
    clare.page.goto(clare.base + "/extensions?q=bob")
    expect(clare.page.locator("main table tbody tr")).to_have_count(1)
    clare.page.get_by_role("link", name="Bob Turner").click()
    expect(clare.page.get_by_role("heading", level=1)).to_have_text("Bob Turner")
