"""Clare imports a file with mistakes, corrects it, sees the people, and takes it all back."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import Visits
from tests.journeys.post import PostOffice
from tests.journeys.visitor import Visitor
from tests.waiting import until

# Extensions 640 to 659 belong to this story.
MISTAKES = """Extension;Name;E-mail;Cost centre
640;Mila Brandt;mila.brandt@lantern.example;A1
641;Noor van Dijk;noor.van.dijk@;A2
642;Jonas Özdemir;;A1
640;Mila Brandt (again);;A1
77;Zoe Young;;A3
"""
CORRECTED = """Extension;Name;E-mail;Cost centre
640;Mila Brandt;mila.brandt@lantern.example;A1
641;Noor van Dijk;noor.van.dijk@lantern.example;A2
642;Jonas Özdemir;;A1
643;Zoe Young;;A3
"""
PEOPLE = ("Mila Brandt", "Noor van Dijk", "Jonas Özdemir", "Zoe Young")
ADDRESSES = ("mila.brandt@lantern.example", "noor.van.dijk@lantern.example")


def upload(clare: Visitor, folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_bytes(text.encode("cp1252"))  # as spreadsheets here still write it
    clare.page.get_by_label("CSV file").set_input_files(file)
    clare.press("Upload")


def says(clare: Visitor, sentence: str) -> None:
    """The page that shows how far the import is goes on by itself."""
    expect(clare.page.locator(".effect-text")).to_have_text(sentence, timeout=30_000)
    clare.look()


def test_an_import_with_mistakes_is_corrected_and_undone(visit: Visits, post_office: PostOffice, tmp_path: Path) -> None:
    clare = visit("lantern")
    clare.sign_in("clare")
    clare.go("/extensions")
    clare.page.get_by_role("button", name="More", exact=True).click()
    clare.shot("import-menu", full=False)
    clare.press("Import a file", role="link")
    clare.shot("import-new")
    upload(clare, tmp_path, "people.csv", MISTAKES)

    expect(clare.page.get_by_label("Cost centre")).to_have_value("", timeout=5_000)  # is left out
    expect(clare.page.get_by_label("E-mail", exact=True)).to_have_value("email")
    expect(clare.page.locator("main")).to_contain_text("Jonas Özdemir")  # the encoding was found
    clare.shot("import-columns")
    clare.press("Check the file")
    says(clare, "1 extension will be added. 4 rows cannot be imported.")
    report = clare.page.url.removeprefix(clare.base).partition("?")[0]
    mistakes_are_at_their_rows(clare)
    looks_well(visit, report)

    clare.press("Import 1 row")
    expect(clare.page.locator(".summary")).to_contain_text("Some rows cannot be imported.")
    clare.press("Upload a corrected file", role="link")
    upload(clare, tmp_path, "people.csv", CORRECTED)
    says_after_columns(clare, "4 extensions will be added.")

    clare.press("Import 4 rows")
    says(clare, "4 extensions were added.")
    clare.shot("import-result")
    imported = clare.page.url.removeprefix(clare.base)
    takes_the_passwords(clare, imported)
    clare.go("/extensions?sort=-extension")
    for name in PEOPLE:
        expect(clare.page.locator("main")).to_contain_text(name)

    clare.go(imported)
    clare.press("Undo", role="link")
    clare.shot("import-undo")
    clare.press("Undo the import")
    says(clare, "This import was undone: everything is as it was before.")
    clare.go("/extensions?sort=-extension")
    for name in PEOPLE:
        expect(clare.page.locator("main")).not_to_contain_text(name)
    clare.go("/imports")
    clare.shot("imports")
    assert not [letter for letter in post_office.letters if letter.to in ADDRESSES], "nobody was invited"


def says_after_columns(clare: Visitor, sentence: str) -> None:
    """The column that is left out was left out before: nobody is asked again."""
    if clare.page.url.endswith("/columns"):
        clare.press("Check the file")
    says(clare, sentence)


def mistakes_are_at_their_rows(clare: Visitor) -> None:
    rows = clare.page.locator("#rows tbody tr")
    expect(rows).to_have_count(5)
    for place, words in enumerate(
        (
            "Row 5 is about the same extension. Keep one of them.",
            "This does not look like an e-mail address.",
            "Added",
            "Row 2 is about the same extension. Keep one of them.",
            "Your extensions reach from 100 to 699.",
        )
    ):
        expect(rows.nth(place)).to_contain_text(words)
    clare.shot("import-report")
    clare.press("Refused: 4", role="link")
    expect(rows).to_have_count(4)
    clare.page.locator("main").get_by_role("searchbox").fill("noor")
    expect(rows).to_have_count(1)
    clare.press("Remove this filter", role="link", exact=False)


def looks_well(visit: Visits, report: str) -> None:
    """On a phone, in the dark."""
    phone = visit("lantern", phone=True, dark=True)
    phone.sign_in("clare")
    phone.go(report)
    phone.shot("import-report-phone-dark")
    phone.go("/imports")
    phone.shot("imports-phone-dark")


def takes_the_passwords(clare: Visitor, imported: str) -> None:
    clare.press("Get the SIP passwords", role="link")
    with clare.page.expect_download() as download:
        clare.page.get_by_role("button", name="Download the passwords").click()
    lines = download.value.path().read_text().splitlines()
    assert [line.split('","')[1] for line in lines[1:]] == list(PEOPLE)
    clare.go(f"{imported}/passwords")
    expect(clare.page.locator("main")).to_contain_text("The passwords are gone")


def test_several_extensions_without_scripts(visit: Visits, post_office: PostOffice) -> None:
    clare = visit("lantern", script=False)
    clare.sign_in("clare")
    clare.go("/extensions/range")
    clare.page.get_by_label("First extension").fill("650")
    clare.page.get_by_label("How many").fill("3")
    clare.page.get_by_label("Name", exact=True).fill("Room #")
    clare.shot("range")
    clare.press("Go on")
    until(lambda: looked_again(clare), "the dry run")
    expect(clare.page.locator(".effect-text")).to_have_text("3 extensions will be added.")
    expect(clare.page.locator("#rows")).to_contain_text("Room 652")
    clare.page.locator("[popovertarget=more]").click()
    clare.press("Drop it")
    expect(clare.page.locator(".messages")).to_contain_text("is dropped. Nothing was changed.")
    assert post_office.port


def looked_again(clare: Visitor) -> bool:
    """By the link that stands there while scripts are off; whether the import is no longer under way."""
    link = clare.page.get_by_role("link", name="Look again")
    if link.count():
        link.click()
        clare.page.wait_for_load_state()
    return not clare.page.locator(".progress").count()
