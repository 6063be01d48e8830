"""Carol gives a number a name, calls show it; she brings in the people of her telephone, and thinks better of it."""

from pathlib import Path

from tests.journeys.conftest import Visits

CARDS = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg
TEL;CELL:0171 3920031
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Mia Torres
TEL;VALUE=uri;TYPE="work,voice":tel:+49-40-66969-120
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Nobody
END:VCARD
"""


def test_phonebook(visit: Visits, tmp_path: Path) -> None:
    carol = visit("lantern", phone=True)
    page = carol.page
    carol.sign_in("carol")
    carol.go("/calls?direction=in&period=year")
    row = page.locator("tr", has=page.get_by_text("Add to phonebook")).first
    number = row.locator("th .who").inner_text()
    row.get_by_role("button").click()
    carol.shot("phonebook-row-menu", full=False)
    with page.expect_navigation():
        row.get_by_role("link", name="Add to phonebook").click()
    carol.look()
    page.get_by_label("Name", exact=True).fill("Old school friend")
    carol.press("Add entry")
    assert page.get_by_role("link", name=f"Call Old school friend, {number}").get_attribute("href", timeout=1000)
    carol.shot("phonebook-entry")
    carol.press("Calls", role="link", exact=False)
    assert "Old school friend" in page.locator("main table.cards").inner_text()

    (tmp_path / "phone.vcf").write_text(CARDS)
    carol.go("/phonebook/import")
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "phone.vcf")
    carol.press("Read the file")
    assert "2 entries are new. One cannot be used." in page.locator("main").inner_text()
    carol.shot("phonebook-preview")
    carol.press("Add these 2 entries")
    assert page.get_by_role("link", name="Jörg Müller", exact=True).count() == 1
    carol.shot("phonebook-list")
    carol.press("Undo")
    assert "2 entries are removed again." in page.locator(".messages").inner_text()
    page.locator("main").get_by_role("searchbox").fill("old school")
    page.get_by_text("1 to 1 of 1").first.wait_for()
    assert page.get_by_role("link", name="Jörg Müller", exact=True).count() == 0
