"""A brand on its way: draft, published, changed again, back again."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.audit import AuditEntry
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.identity import Identity
from portal.features.branding import operations, queries
from portal.features.branding.models import ThemeFile, ThemeVersion
from portal.features.branding.rules.archive import packed
from portal.features.resellers.models import Reseller
from tests.cast import Cast
from tests.features.branding.made import FILES, MISSING, picture


@pytest.fixture
def tom(cast: Cast) -> Iterator[Identity]:
    """Of TelephOne, at work."""
    with db.unit_of_work(cast.tom.scope):
        yield cast.tom.identity


def publish(by: Identity, **values: str) -> ThemeVersion:
    draft = operations.begin_draft(by=by, start=FILES)
    if values:
        draft = operations.change_draft(by=by, draft=draft, version=draft.version, values=values)
    operations.publish(by=by, draft=draft, version=draft.version, note="Ready")
    return draft


def events() -> list[str]:
    return list(db.session().scalars(select(AuditEntry.event).order_by(AuditEntry.id)))


def live(by: Identity) -> int | None:
    return db.session().scalar(select(Reseller.theme_version_id).where(Reseller.id == by.reseller_id))


def test_a_plain_draft_says_what_is_missing_until_it_may_be_published(tom: Identity) -> None:
    draft = operations.begin_draft(by=tom)
    with pytest.raises(Refused) as refused:
        operations.publish(by=tom, draft=draft, version=draft.version)
    assert (refused.value.code, refused.value.field) == ("theme-missing", "name")
    draft = operations.change_draft(by=tom, draft=draft, version=draft.version, values=MISSING)
    operations.publish(by=tom, draft=draft, version=draft.version, note="  First\n one ")
    assert (draft.state, draft.number, draft.note, draft.published_by_name) == ("published", 1, "First one", tom.name)
    assert live(tom) == draft.id
    assert queries.published(draft.reseller_id) == draft
    assert queries.draft(draft.reseller_id) is None
    assert events() == ["theme-draft-begun", "theme-draft-changed", "theme-published"]


def test_there_is_one_draft(tom: Identity) -> None:
    draft = operations.begin_draft(by=tom)
    assert operations.begin_draft(by=tom, start=FILES) is draft


def test_a_draft_begins_as_what_everybody_sees(tom: Identity) -> None:
    first = publish(tom)
    draft = operations.begin_draft(by=tom)
    assert draft.based_on == 1
    assert queries.version_files(draft) == queries.version_files(first)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("look.accent", "orange-ish", "theme-colour"),
        ("look.radius", "99", "theme-whole"),
        ("look.radius", "many", "theme-whole"),
        ("look.density", "1e400", "theme-between"),
        ("look.frame", "loud", "theme-choice"),
        ("look.font", "comic", "theme-choice"),
        ("links.imprint", "javascript:alert(1)", "theme-link"),
        ("support.mail", "nobody", "theme-mail"),
        ("support.phone", "030", "theme-phone"),
        ("texts.en.welcome", "x" * 61, "theme-too-long"),
        ("texts.en.legal", "[us](javascript:alert(1))", "theme-linked"),
        ("texts.English.welcome", "Hello", "theme-unknown"),
        ("css", "body{}", "theme-unknown"),
    ],
)
def test_what_cannot_be_is_refused_where_it_was_typed(tom: Identity, key: str, value: str, code: str) -> None:
    draft = operations.begin_draft(by=tom, start=FILES)
    with pytest.raises(Refused) as refused:
        operations.change_draft(by=tom, draft=draft, version=draft.version, values={key: value})
    assert (refused.value.code, refused.value.field) == (code, key)
    assert refused.value.sentence()
    assert draft.version == 1


def test_words_that_nobody_could_read_are_refused_when_published(tom: Identity) -> None:
    draft = operations.begin_draft(by=tom, start=FILES)
    values = {"look.accent": "#ffe000", "look.on_accent": "light"}
    draft = operations.change_draft(by=tom, draft=draft, version=draft.version, values=values)
    with pytest.raises(Refused) as refused:
        operations.publish(by=tom, draft=draft, version=draft.version)
    assert refused.value.field == "look.accent"
    assert refused.value.sentence().startswith("Light words on #ffe000 cannot be read: it would have to become #7c6900.")
    draft = operations.change_draft(by=tom, draft=draft, version=draft.version, values={"look.on_accent": ""})
    assert [move.now for move in operations.publish(by=tom, draft=draft, version=draft.version)]


def test_an_empty_value_takes_one_away(tom: Identity) -> None:
    draft = operations.begin_draft(by=tom, start=FILES)
    values = {"links.imprint": " ", "texts.de.welcome": "Frischer Wind.", "wordmark.strong": "Nord", "wordmark.light": " wind"}
    draft = operations.change_draft(by=tom, draft=draft, version=draft.version, values=values)
    sheet = queries.version_files(draft)["theme.toml"].decode()
    assert "links" not in sheet
    assert 'light = " wind"' in sheet
    draft = operations.change_draft(by=tom, draft=draft, version=draft.version, values={"texts.de.welcome": ""})
    assert "texts.de" not in queries.version_files(draft)["theme.toml"].decode()


def test_the_second_of_two_who_change_is_told(tom: Identity) -> None:
    draft = operations.begin_draft(by=tom, start=FILES)
    seen = draft.version
    operations.change_draft(by=tom, draft=draft, version=seen, values={"look.radius": "4"})
    with pytest.raises(Conflict):
        operations.change_draft(by=tom, draft=draft, version=seen, values={"look.radius": "5"})
    with pytest.raises(Conflict):
        operations.put_file(by=tom, draft=draft, version=seen, place="logo", content=picture())
    with pytest.raises(Conflict):
        operations.publish(by=tom, draft=draft, version=seen)


def test_changing_nothing_leaves_no_trace(tom: Identity) -> None:
    draft = operations.begin_draft(by=tom, start=FILES)
    seen = draft.version
    assert operations.change_draft(by=tom, draft=draft, version=seen, values={"name": "Nordwind"}).version == seen
    assert events() == ["theme-draft-begun"]


def test_the_log_knows_what_was_changed(tom: Identity) -> None:
    draft = operations.begin_draft(by=tom, start=FILES)
    values = {"look.radius": "4", "texts.en.help": "Call."}
    operations.change_draft(by=tom, draft=draft, version=draft.version, values=values)
    details = db.session().scalars(select(AuditEntry.details).where(AuditEntry.event == "theme-draft-changed")).one()
    assert details == {"look.radius": ["8", "4"], "languages_said": ["en"]}


def test_one_picture_a_place_whatever_its_format(tom: Identity) -> None:
    draft = operations.begin_draft(by=tom, start=FILES)
    draft = operations.put_file(by=tom, draft=draft, version=draft.version, place="logo", content=picture("PNG"))
    assert "logo.png" in queries.version_files(draft)
    draft = operations.put_file(by=tom, draft=draft, version=draft.version, place="logo", content=picture("JPEG"))
    assert queries.version_files(draft).keys() == {*FILES, "logo.jpg"}
    draft = operations.remove_file(by=tom, draft=draft, version=draft.version, place="logo")
    assert queries.version_files(draft).keys() == FILES.keys()
    with pytest.raises(Refused, match="theme-no-place"):
        operations.put_file(by=tom, draft=draft, version=draft.version, place="theme.toml", content=b"")


def test_going_back_is_a_version_of_its_own(tom: Identity) -> None:
    first = publish(tom)
    second = publish(tom, name="Southwind")
    again = operations.roll_back(by=tom, to=first)
    assert (again.number, again.based_on, live(tom)) == (3, 1, again.id)
    assert queries.version_files(again) == queries.version_files(first)
    assert [one.number for one in queries.versions(first.reseller_id)] == [3, 2, 1]
    assert [one.number for one in queries.versions(first.reseller_id, before=3, limit=1)] == [2]
    with pytest.raises(Refused, match="theme-live"):
        operations.roll_back(by=tom, to=again)
    assert second.state == "published"


def test_only_what_was_published_can_be_gone_back_to(tom: Identity, cast: Cast) -> None:
    draft = operations.begin_draft(by=tom, start=FILES)
    with pytest.raises(NotFound):
        operations.roll_back(by=tom, to=draft)
    rita = cast.rita.identity
    with db.unit_of_work(cast.rita.scope), pytest.raises(NotFound):
        operations.roll_back(by=rita, to=draft)


def test_a_draft_that_is_thrown_away_leaves_nothing(tom: Identity) -> None:
    draft = operations.begin_draft(by=tom, start=FILES)
    operations.add_preview(by=tom, of=draft, name="Ann")
    operations.discard_draft(by=tom, draft=draft, version=draft.version)
    assert queries.draft(draft.reseller_id) is None
    assert db.session().scalar(select(func.count()).select_from(ThemeFile)) == 0
    with pytest.raises(Refused, match="theme-gone-meanwhile"):
        operations.change_draft(by=tom, draft=draft, version=1, values={"name": "X"})


def test_a_theme_travels_as_a_zip_file(tom: Identity) -> None:
    first = publish(tom)
    packed_up = operations.export_zip(of=first)
    assert packed_up == packed(dict(queries.version_files(first)))
    draft = operations.import_zip(by=tom, content=packed_up)
    assert queries.version_files(draft) == queries.version_files(first)
    draft = operations.import_zip(by=tom, content=packed({**FILES, "logo.png": picture()}), version=draft.version)
    assert "logo.png" in queries.version_files(draft)
    with pytest.raises(Conflict):
        operations.import_zip(by=tom, content=packed_up, version=1)


def test_nobody_sees_the_brand_of_another(tom: Identity, cast: Cast) -> None:
    draft = operations.begin_draft(by=tom, start=FILES)
    preview, _token = operations.add_preview(by=tom, of=draft, name="Ann")
    with db.unit_of_work(cast.olga.scope):
        other = cast.rita.identity.reseller_id
        assert other is not None
        assert queries.draft(other) is None
        with pytest.raises(NotFound):
            queries.version(other, draft.public_id)
        with pytest.raises(NotFound):
            queries.preview(other, preview.public_id)
    with db.unit_of_work(cast.rita.scope), pytest.raises(Refused):
        operations.change_draft(by=cast.rita.identity, draft=draft, version=1, values={"name": "X"})
