"""Pictures, drawings, long texts and zip files of a theme: what is kept of them."""

import contextlib
import io
import json
import time
import tomllib
import zipfile

import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from portal.core.errors import Refused
from portal.features.branding.rules import archive, drawing, fields, icons, markdown, pictures, reducing, sheet, source
from portal.features.branding.rules.manifest import manifest
from portal.features.branding.rules.palette import derive
from portal.features.branding.rules.shelf import content, shelf
from portal.features.branding.rules.theme import Theme, ThemeError

BOX = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 24"'
MARK = f'<svg {BOX}><circle r="12"/></svg>'
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20) | st.text('"\\\n a', max_size=10)
VALUES = TEXTS | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
SHEETS = st.dictionaries(
    TEXTS, st.recursive(VALUES, lambda inner: st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6), max_size=4
)


def picture(kind: str, size: tuple[int, int], mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 200 if mode == "L" else "#0a6e5c").save(out, kind, **more)
    return out.getvalue()


def opened(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw))


# --- pictures -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_a_picture_is_what_it_holds(kind: str, suffix: str) -> None:
    kept = pictures.cleaned("logo", picture(kind, (300, 100)))
    assert (kept.suffix, opened(kept.content).format, opened(kept.content).size) == (suffix, kind, (300, 100))


def test_a_large_one_becomes_as_large_as_is_of_use() -> None:
    assert opened(pictures.cleaned("logo", picture("PNG", (3000, 1000))).content).size == (1024, 341)
    assert opened(pictures.cleaned("icon", picture("PNG", (2000, 2000))).content).size == (1024, 1024)


def test_one_that_does_not_shrink_travels_smaller() -> None:
    out = io.BytesIO()
    Image.effect_noise((1024, 1024), 200).convert("RGB").save(out, "PNG")
    kept = pictures.cleaned("icon", out.getvalue())
    assert len(kept.content) <= pictures.LARGEST_KEPT


def test_nothing_but_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6  # turned
    kept = pictures.cleaned("logo", picture("JPEG", (300, 100), exif=exif.tobytes(), comment=b"a secret"))
    assert b"taken at home" not in kept.content
    assert b"a secret" not in kept.content
    assert opened(kept.content).size == (100, 300), "turned as it was meant"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_pictures_of_every_mode_are_drawn_anew(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (200, 200)).save(out, "PNG")
    kept = opened(pictures.cleaned("icon", out.getvalue()).content)
    assert kept.mode == ("RGBA" if mode in {"RGBA", "LA"} else "RGB")


def test_an_icon_has_enough_pixels() -> None:
    with pytest.raises(Refused, match="picture-small"):
        pictures.cleaned("icon", picture("PNG", (100, 100)))


def test_files_in_a_folder_say_what_is_wrong_with_them() -> None:
    found = {name: [str(one) for one in pictures.problems(name, raw)] for name, raw in (
        ("logo.png", picture("PNG", (300, 100))),
        ("logo.jpg", picture("PNG", (300, 100))),
        ("logo-dark.png", picture("PNG", (3000, 1000))),
        ("icon.webp", b"RIFF"),
    )}  # fmt: skip
    assert found == {
        "logo.png": [],
        "logo.jpg": ["logo.jpg: This is a PNG picture; its name must end with .png."],
        "logo-dark.png": ["logo-dark.png: This picture has 3000 × 1000 pixels; 1024 × 384 are allowed."],
        "icon.webp": [
            "icon.webp: This cannot be read: This is no picture that can be shown here. Choose a PNG, JPEG, WebP or SVG file.."
        ],
    }


# --- drawings -----------------------------------------------------------------------------------------------------------------


def reduced(inside: str, file: str = "logo.svg", head: str = BOX) -> str:
    return reducing.reduced(file, f"<svg {head}>{inside}</svg>".encode())


def test_what_programs_add_is_left_out() -> None:
    drawn = reduced(
        '<!-- made by hand --><metadata><rdf:RDF xmlns:rdf="urn:rdf"/></metadata><title>Logo</title>'
        '<sodipodi:namedview xmlns:sodipodi="urn:sodipodi" id="base"/><g id="Layer 1" data-name="Layer"><path d="M0 0h4" '
        'xmlns:inkscape="urn:inkscape" inkscape:label="x" class="a"/></g>',
    )
    assert drawn == ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g id="art-1"><path d="M0 0h4"/></g></svg>\n')


def test_style_becomes_paint() -> None:
    drawn = reduced('<style>.a,.b{fill:#f00;cursor:pointer} .b{stroke:#0f0}</style><path class="b" style="opacity:.5" d="M0 0"/>')
    assert '<path d="M0 0" fill="#f00" stroke="#0f0" opacity=".5"/>' in drawn


def test_a_gradient_that_borrows_its_colours_gets_its_own() -> None:
    drawn = reduced(
        '<linearGradient id="SVGID_1_" xlink:href="#b" x1="1"/><linearGradient id="b"><stop offset="0" stop-color="red"/>'
        '</linearGradient><path fill="url(#SVGID_1_)" d="M0 0"/>',
    )
    assert '<linearGradient id="art-1" x1="1"><stop offset="0" stop-color="red"/></linearGradient>' in drawn
    assert 'fill="url(#art-1)"' in drawn


def test_a_drawing_without_a_box_has_its_size_as_one() -> None:
    head = 'xmlns="http://www.w3.org/2000/svg" width="120px" height="40"'
    assert reduced("", head=head) == '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"></svg>\n'


def test_reducing_again_changes_nothing() -> None:
    once = reduced('<g id="x" fill="url(#y)"><path d="M0 0"/></g><radialGradient id="y"/>')
    again = reducing.reduced("logo.svg", once.encode())
    assert reducing.reduced("logo.svg", again.encode()) == again
    assert drawing.problems("logo.svg", again) == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | st.text("<>/=\"'svgpathonclick xlink:href#&;{}", max_size=200))
def test_whatever_comes_is_refused_or_clean(inside: str) -> None:
    try:
        drawn = reducing.reduced("logo.svg", f"<svg {BOX}>{inside}</svg>".encode(errors="ignore"))
    except Refused:
        return
    assert drawing.problems("logo.svg", drawn) == []


@pytest.mark.parametrize(
    "inside",
    [
        f"<style>{'a' * 40_000}</style>",
        f"<style>{'/*' * 20_000}</style>",
        f"<style>{'.a,' * 10_000}.b{{{'fill:red;' * 10_000}}}</style>",
        f'<path fill="{"url(#" * 10_000}"/>',
        f'<linearGradient id="a">{"<stop/>" * 1_400}</linearGradient>'
        + "".join(f'<linearGradient id="b{at}" href="#a"/>' for at in range(1_400)),
        f"<style>.a{{fill:{'r' * 250_000}}}</style>" + '<g class="a"/>' * 2_500,
    ],
)
def test_no_drawing_keeps_the_server_busy(inside: str) -> None:
    began = time.process_time()
    with contextlib.suppress(Refused):
        assert len(reduced(inside)) < 64_000
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("defs", "part", "most"),
    [
        ("", "<path/>", 900),
        ("", '<g opacity=".5"><path/></g>', 64),
        ('<mask id="m"><path/></mask>', '<g mask="url(#m)"><path/></g>', 64),
        (f'<clipPath id="m">{"<path/>" * 99}</clipPath>', '<g clip-path="url(#m)"/>', 10),
    ],
)
def test_whoever_draws_it_is_done_soon(defs: str, part: str, most: int) -> None:
    assert reduced(defs + part * most)
    with pytest.raises(Refused, match="svg-problem"):
        reduced(defs + part * (most + 101))


@pytest.mark.parametrize("sides", ["0.0 0.0", f"{'9' * 400} {'9' * 400}"])
def test_a_box_has_sides_that_can_be_drawn(sides: str) -> None:
    head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {sides}"'
    with pytest.raises(Refused, match="svg-problem"):
        reduced("", head=head)


@pytest.mark.parametrize("key", ["a", '"a b"', "'a'"])
@pytest.mark.parametrize("line", ["{}=1", "[{}]"])
def test_no_key_keeps_the_server_busy(key: str, line: str) -> None:
    text = 'name = "Nordwind"\n' + line.format(" . ".join([key] * 20_000))
    began = time.process_time()
    with pytest.raises(ThemeError, match="Nothing reads this"):
        source.parsed({"theme.toml": text})
    assert time.process_time() - began < 1


def test_colours_of_the_theme_are_plain_in_a_file_of_its_own() -> None:
    text = '<path fill="var(--color-accent-fill)" stroke="var(--color-none)"/>'
    assert drawing.resolved(text, {"accent-fill": "#123456"}) == '<path fill="#123456" stroke="currentColor"/>'


@given(st.text(min_size=1, max_size=40))
def test_a_name_has_a_mark_of_its_own(name: str) -> None:
    assert drawing.sign(name) == drawing.sign(name)
    assert drawing.problems("mark.svg", drawing.sign(name)) == []


# --- texts --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hello *you*", "<p>Hello <em>you</em></p>\n"),
        ("# Who\n\n- a\n- b", "<h2>Who</h2>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("### Who\n#### What", "<h2>Who</h2>\n<h3>What</h3>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("<b onclick=x>b</b>", "<p>&lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
        ("[us](https://x.example/a)", '<p><a href="https://x.example/a" rel="noopener noreferrer">us</a></p>\n'),
        ("[us](mailto:a@b.example)", '<p><a href="mailto:a@b.example" rel="noopener noreferrer">us</a></p>\n'),
        ("[us](javascript:alert)", '<p><a rel="noopener noreferrer">us</a></p>\n'),
        ("![x](https://x.example/a.png)", '<p>!<a href="https://x.example/a.png" rel="noopener noreferrer">x</a></p>\n'),
    ],
)
def test_markdown_becomes_what_a_text_needs(text: str, html: str) -> None:
    assert markdown.html(text) == html


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "http://x.example", "/account", "//x.example", "ftp://x"],
)
def test_addresses_that_a_text_may_not_link_to(url: str) -> None:
    assert markdown.forbidden_link(f"Go [there]({url}).") is not None
    assert markdown.forbidden_link(f"Go [there][1].\n\n[1]: {url}") is not None


@pytest.mark.parametrize(
    "text", ["[a](https://x.example)", "[a](mailto:a@b.example)", "[a](tel:+4930)", "no link", "javascript:1"]
)
def test_addresses_that_it_may_link_to(text: str) -> None:
    assert markdown.forbidden_link(text) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300) | st.text("<>[]()!#*_`~ \n|-javascript:\"'&;", max_size=300))
def test_no_text_becomes_anything_that_runs(text: str) -> None:
    made = markdown.html(text)
    for tag in ("<script", "<img", "<iframe", "<style", "<svg", "<form"):
        assert tag not in made.lower()
    assert 'href="javascript' not in made.lower()


# --- theme.toml, value by value -----------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(SHEETS)
def test_what_is_written_is_read_again(content: dict[str, object]) -> None:
    assert tomllib.loads(fields.written(content)) == content


def test_values_go_by_their_keys() -> None:
    content = {"name": "A", "look": {"radius": 4, "density": 1.05}, "texts": {"en": {"help": "x"}}}
    assert fields.values(content) == {"name": "A", "look.radius": "4", "look.density": "1.05", "texts.en.help": "x"}
    changed = fields.changed(
        content, {"look.density": "1,1", "texts.en.help": "", "look.scheme": "", "links.terms": " https://x.example "}
    )
    assert changed == {
        "name": "A",
        "look": {"radius": 4, "density": 1.1, "scheme": ""},
        "links": {"terms": "https://x.example"},
    }
    assert content["texts"], "what was there stays as it was"


def test_every_problem_of_the_sheet_has_a_sentence_for_forms() -> None:
    codes = {value for name, value in vars(sheet).items() if name.isupper() and isinstance(value, str) and name != "SHEET"}
    assert codes == set(fields.CODES)


# --- zip files ----------------------------------------------------------------------------------------------------------------

FILES = {"theme.toml": b'name = "A"\n', "mark.svg": MARK.encode()}


@given(st.dictionaries(st.sampled_from(sorted(source.KNOWN - {"theme.toml"})), st.binary(max_size=200), max_size=5))
def test_what_is_packed_is_unpacked(files: dict[str, bytes]) -> None:
    every = {**FILES, **files}
    assert archive.unpacked(archive.packed(every)) == every
    assert archive.packed(every) == archive.packed(dict(reversed(every.items())))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_zip_is_refused_or_read(data: st.DataObject) -> None:
    content = bytearray(archive.packed(FILES))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        files = archive.unpacked(bytes(content))
    except Refused:
        return
    assert files.keys() <= source.KNOWN


@given(st.text(max_size=30))
def test_no_path_leads_out(name: str) -> None:
    if not archive.leads_out(name):
        assert not name.startswith("/")
        assert ".." not in name.split("/")
        assert "\\" not in name


def test_names_cannot_hide_in_a_sentence() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("theme.toml", b"")
        packed.writestr("a\u202egpj.exe" + "x" * 200, b"")
    with pytest.raises(Refused) as refused:
        archive.unpacked(out.getvalue())
    assert "\u202e" not in refused.value.sentence()
    assert len(str(refused.value.facts["name"])) == 80


# --- icons and manifest -------------------------------------------------------------------------------------------------------


def address(digest: str, name: str) -> str:
    return f"/{digest}/{name}"


@pytest.mark.parametrize("name", icons.KINDS)
@pytest.mark.parametrize(
    "origin", [MARK.encode(), picture("PNG", (300, 200)), picture("JPEG", (512, 512))], ids=["svg", "png", "jpg"]
)
def test_icons_in_every_size(name: str, origin: bytes) -> None:
    made = opened(icons.made(name, origin, "#ffffff"))
    kind = icons.KINDS[name]
    assert made.size == (kind.size, kind.size)
    if kind.filled:
        assert made.convert("RGBA").getpixel((0, 0))[3] == 255, "nothing shines through"  # type: ignore[index]


def test_an_icon_for_a_mask_keeps_away_from_its_edge() -> None:
    made = opened(icons.made("mask-192.png", MARK.replace("circle r", "circle cx='12' cy='12' r").encode(), "#ffffff")).convert(
        "RGB"
    )
    assert made.getpixel((20, 96)) == (255, 255, 255)
    assert made.getpixel((96, 96)) == (0, 0, 0)


def test_another_picture_is_another_address() -> None:
    names = {icons.digest("icon-192.png", origin, ground) for origin in (b"a", b"b") for ground in ("#ffffff", "#000000")}
    assert len(names) == 4


def test_a_manifest_says_what_home_screens_need() -> None:
    theme = Theme("x", "Nordwind & Söhne Telefon", "#0a6e5c", "#0a6e5c")
    said = json.loads(manifest(theme, derive(theme), lambda name: f"/{name}"))
    assert (said["name"], said["short_name"], said["start_url"]) == ("Nordwind & Söhne Telefon", "Nordwind", "/")
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}


def test_whoever_brings_no_mark_has_icons_all_the_same() -> None:
    theme = Theme("x", "Nordwind", "#0a6e5c", "#0a6e5c")
    on = shelf(theme, {}, address)
    made = content("icon-192.png", on, dict)
    assert made is not None
    assert opened(made).size == (192, 192)
    assert "var(" not in on.texts["favicon.svg"]
    assert content("theme.toml", on, lambda: {"theme.toml": b"secret"}) is None
