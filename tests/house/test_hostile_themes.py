"""A corpus of files that nobody sends by mistake: every one is refused with a sentence, quickly, and leaves nothing behind."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.branding import operations, queries
from portal.features.branding.models import ThemeFile
from portal.features.branding.rules import archive, reducing
from portal.features.branding.rules.pictures import cleaned
from portal.features.branding.rules.theme import ThemeError
from tests.cast import Cast
from tests.features.branding.made import FILES
from tests.house.hostile import DRAWINGS, PICTURES, ZIPS, Make, zipped

MOST_MEMORY = 64 * 1024 * 1024


@pytest.fixture
def tom(cast: Cast) -> Iterator[Identity]:
    with db.unit_of_work(cast.tom.scope):
        yield cast.tom.identity


def stored() -> int:
    return db.session().scalar(select(func.count()).select_from(ThemeFile)) or 0


def said(refusal: Refused) -> str:
    """The whole sentence: nothing is left to be filled in, and no reason of a machine."""
    sentence = refusal.sentence()
    assert sentence.endswith((".", "…", "svg"))
    assert "%(" not in sentence
    assert "Traceback" not in sentence
    return sentence


@pytest.mark.parametrize("name", ZIPS)
def test_every_hostile_zip_is_refused(tom: Identity, name: str) -> None:
    make, code = ZIPS[name]
    content = make()
    tracemalloc.start()
    with pytest.raises(Refused) as refused:
        operations.import_zip(by=tom, content=content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (refused.value.code, refused.value.field) == (code, "file"), refused.value.sentence()
    assert said(refused.value)
    assert peak < MOST_MEMORY
    assert stored() == 0


@pytest.mark.parametrize("place", ["logo", "icon", "mark.svg", "slots/door_art.html"])
@pytest.mark.parametrize("name", DRAWINGS)
def test_every_hostile_drawing_is_refused(tom: Identity, name: str, place: str) -> None:
    make, code = DRAWINGS[name]
    if name == "a stripe" and place == "slots/door_art.html":
        code = ""  # the picture at the sign-in may be one
    draft = operations.begin_draft(by=tom, start=FILES)
    if not code:
        operations.put_file(by=tom, draft=draft, version=draft.version, place=place, content=make())
        assert stored() == len(FILES) + 1
        return
    with pytest.raises(Refused) as refused:
        operations.put_file(by=tom, draft=draft, version=draft.version, place=place, content=make())
    assert (refused.value.code, refused.value.field) == (code, place), refused.value.sentence()
    assert said(refused.value)
    assert queries.version_files(draft) == FILES


@pytest.mark.parametrize("place", ["logo", "logo-dark", "icon"])
@pytest.mark.parametrize("name", PICTURES)
def test_every_hostile_picture_is_refused(tom: Identity, name: str, place: str) -> None:
    make, code = PICTURES[name]
    draft = operations.begin_draft(by=tom, start=FILES)
    with pytest.raises(Refused) as refused:
        operations.put_file(by=tom, draft=draft, version=draft.version, place=place, content=make())
    assert (refused.value.code, refused.value.field) == (code, place), refused.value.sentence()
    assert said(refused.value)
    assert queries.version_files(draft) == FILES


def test_a_harmless_zip_is_taken(tom: Identity) -> None:
    """What programs add on their own is no offence, nor a folder around it all."""
    inside = {f"nordwind/{name}": content for name, content in FILES.items()}
    content = zipped(*inside.items(), ("nordwind/.DS_Store", b"x"), ("__MACOSX/nordwind/._mark.svg", b"x"), base=False)
    draft = operations.import_zip(by=tom, content=content)
    assert queries.version_files(draft).keys() == FILES.keys()


@pytest.mark.parametrize("make", [make for make, _code in (*DRAWINGS.values(), *PICTURES.values())])
def test_nothing_of_it_passes_in_a_folder_either(tmp_path: Path, make: Make) -> None:
    content = make()
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text)
    for place in ("logo.svg", "icon.png"):
        (tmp_path / place).write_bytes(content)
        with pytest.raises(ThemeError):
            queries.theme(tmp_path)
        (tmp_path / place).unlink()


def test_a_link_in_a_folder_leads_nowhere(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text)
    (tmp_path / "logo.svg").symlink_to("/etc/passwd")
    with pytest.raises(ThemeError, match=r"^logo\.svg: This is a link\."):
        queries.theme(tmp_path)


def test_the_corpus_bites() -> None:
    """Each file is refused for what is hostile in it: without that, its like is taken."""
    assert archive.unpacked(zipped()).keys() == FILES.keys()
    assert reducing.reduced("logo.svg", FILES["mark.svg"]).startswith("<svg ")
    with pytest.raises(Refused, match="picture-unknown"):
        cleaned("logo", FILES["mark.svg"])
