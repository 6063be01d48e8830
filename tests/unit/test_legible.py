"""Logos that are hard to see where they stand are told of."""

import io

import pytest
from PIL import Image

from portal.features.branding.rules import legible, source
from portal.features.branding.rules.legible import HERE, IN_FRAME, ON_DARK
from tests.features.branding.made import FILES, picture


def svg(*colours: str) -> bytes:
    bars = "".join(f'<rect x="2" y="{2 + 4 * at}" width="36" height="3" fill="{colour}"/>' for at, colour in enumerate(colours))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">{bars}</svg>'.encode()


def png(colour: str) -> bytes:
    out, image = io.BytesIO(), Image.new("RGBA", (80, 20))
    image.paste(colour, (10, 5, 70, 15))
    image.save(out, "PNG")
    return out.getvalue()


BLACK, WHITE, SILVER = svg("#000000"), svg("#ffffff"), svg("#c0c0c0")


def hints(frame: str, **logos: bytes) -> dict[str, str]:
    named = {f"{place.replace('_', '-')}.{'svg' if logo[:1] == b'<' else 'png'}": logo for place, logo in logos.items()}
    sheet = FILES["theme.toml"].replace(b'"quiet"', f'"{frame}"'.encode())
    files = {**FILES, "theme.toml": sheet, **named}
    return legible.hints(source.sketch("nordwind", files, "Nordwind"), files)


@pytest.mark.parametrize("logo", [BLACK, png("#000000"), svg("#000000", "#ffffff")], ids=["drawn", "pixels", "half of it"])
def test_what_was_made_for_light_ground_is_lost_in_a_coloured_frame(logo: bytes) -> None:
    assert hints("branded", logo=logo) == {"logo": IN_FRAME}
    assert hints("branded", logo=logo, logo_dark=WHITE) == {}


def test_and_on_dark_pages() -> None:
    assert hints("quiet", logo=BLACK) == {"logo": ON_DARK}
    assert hints("quiet", logo=BLACK, logo_dark=WHITE) == {}


def test_the_one_for_dark_ground_can_be_lost_there_too() -> None:
    assert hints("branded", logo=WHITE, logo_dark=BLACK) == {"logo-dark": HERE}
    assert hints("quiet", logo=WHITE, logo_dark=BLACK) == {"logo": HERE, "logo-dark": HERE}


@pytest.mark.parametrize("logo", [SILVER, svg("#ffffff", "#ffffff", "#ffffff", "#000000")], ids=["light", "a stroke of black"])
def test_what_can_be_seen_is_not_spoken_of(logo: bytes) -> None:
    assert hints("branded", logo=logo) == {}


def test_nor_what_brings_its_own_ground() -> None:
    assert hints("branded", logo=picture("PNG")) == {}
    assert hints("branded") == {}
