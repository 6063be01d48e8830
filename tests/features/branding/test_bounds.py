"""A brand grows only so far: how many versions are kept, how many links work; and the way back to before all of them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock, db
from portal.core.audit import AuditEntry
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.branding import operations, queries
from portal.features.branding.models import State, ThemeFile, ThemeIcon, ThemePreview, ThemeVersion
from portal.features.branding.operations import held, publishing
from portal.features.branding.rules.publishing import MOST_PREVIEWS
from portal.features.resellers.models import Reseller
from tests.browser import Browser
from tests.cast import Cast
from tests.features.branding.forms import publish as publish_page, save
from tests.features.branding.made import FILES, publish

Browse = Callable[..., Browser]
KEPT = 3


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "MOST_VERSIONS", KEPT)


def count(table: type) -> int:
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def numbers(cast: Cast) -> list[int | None]:
    with db.unit_of_work(cast.tom.scope, read_only=True):
        return [one.number for one in queries.versions(cast.telephone.id)]


# --- versions -----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("few")
def test_only_the_newest_versions_are_kept_with_all_that_is_theirs(cast: Cast) -> None:
    with db.unit_of_work(cast.rita.scope):
        operations.publish_files(by=cast.rita.identity, files=FILES)
    one_file, one_icon = count(ThemeFile), count(ThemeIcon)
    with db.unit_of_work(cast.tom.scope):
        draft = operations.begin_draft(by=cast.tom.identity, start=FILES)
        operations.add_preview(by=cast.tom.identity, of=draft, name="Anna")
    for _time in range(KEPT + 2):
        publish(cast)
    assert numbers(cast) == [5, 4, 3]
    assert count(ThemeFile) == one_file * (KEPT + 1), "those of Cheap Call stay"
    assert count(ThemeIcon) == one_icon * (KEPT + 1)
    assert count(ThemePreview) == 0, "the link was to the first version"


@pytest.mark.usefixtures("few")
def test_the_draft_and_what_is_live_are_never_among_what_goes(cast: Cast) -> None:
    publish(cast)
    with db.unit_of_work(cast.tom.scope) as session:
        draft = operations.begin_draft(by=cast.tom.identity)
        for _time in range(KEPT):
            operations.publish_files(by=cast.tom.identity, files=FILES)
        session.get_one(Reseller, cast.telephone.id).theme_version_id = queries.version_numbered(cast.telephone.id, 2).id
        session.flush()
        held.forget_older(cast.telephone.id, before=4)
        left = select(ThemeVersion.number, ThemeVersion.state).order_by(ThemeVersion.number)
        assert [tuple(row) for row in session.execute(left)] == [(2, State.PUBLISHED), (4, State.PUBLISHED), (None, State.DRAFT)]
        assert queries.version_files(draft)


def test_the_page_says_how_many_are_kept(cast: Cast, browse: Browse) -> None:
    publish(cast)
    assert "The newest 50 versions are kept." in browse(cast.tom).get("/branding").text


# --- links --------------------------------------------------------------------------------------------------------------------


def test_links_of_all_versions_count_together(cast: Cast, browse: Browse) -> None:
    by = cast.tom.identity
    with db.unit_of_work(cast.tom.scope):
        for at in range(MOST_PREVIEWS):
            operations.add_preview(by=by, of=operations.begin_draft(by=by, start=FILES), name=f"Person {at}")
            if at == 7:
                operations.publish_files(by=by, files=FILES)
                operations.discard_draft(by=by, draft=(gone := operations.begin_draft(by=by)), version=gone.version)
    tom = browse(cast.tom)
    assert tom.post("/branding/previews", {"name": "Eight are gone"}).status_code == 303
    with db.unit_of_work(cast.tom.scope):
        draft = operations.begin_draft(by=by)
        for at in range(7):
            operations.add_preview(by=by, of=draft, name=f"More {at}")
        operations.publish(by=by, draft=draft, version=draft.version)
    answer = tom.post("/branding/previews", {"name": "One too many"})
    assert answer.status_code == 422
    assert "There are 20 links already. End one that is no longer needed." in answer.text
    listed = tom.get("/branding/previews").text
    assert "Person 19" in listed, "although what it shows was published"
    ended = re.search(r'action="(/branding/previews/\w+/end)"', listed)
    assert ended is not None
    tom.post(ended[1])
    assert tom.post("/branding/previews", {"name": "One in its place"}).status_code == 303


def test_links_that_ended_are_not_kept(cast: Cast) -> None:
    by = cast.tom.identity
    with db.unit_of_work(cast.tom.scope) as session:
        draft = operations.begin_draft(by=by, start=FILES)
        for _time in range(3):
            made, _token = operations.add_preview(by=by, of=draft, name="Anna")
        operations.end_preview(by=by, preview=made)
        with clock.frozen(clock.now() + timedelta(days=8)):
            operations.add_preview(by=by, of=draft, name="Bert")
            assert list(session.scalars(select(ThemePreview.name))) == ["Bert"]


# --- back to before -----------------------------------------------------------------------------------------------------------


def test_the_first_publication_can_be_taken_back(app: Flask, cast: Cast, browse: Browse) -> None:
    def door() -> str:
        app.extensions["tenants"].forget()
        return browse(host="telephone.localhost").get("/login").text

    tom = browse(cast.tom)
    save(tom, "names", brand="Telefant", strong="Tele", light="fant")
    page = tom.follow(publish_page(tom)).text
    assert "Telefant" in door()
    undo = re.search(r'action="(/branding/versions/0/roll-back)"', page.partition("data-message")[2])
    assert undo is not None
    page = tom.follow(tom.post(undo[1])).text
    assert "Everybody sees the look that came with the portal again." in page
    assert "Telefant" not in door()
    assert numbers(cast) == [1]
    undo = re.search(r'action="(/branding/versions/1/roll-back)"', page.partition("data-message")[2])
    assert undo is not None
    tom.post(undo[1])
    assert numbers(cast) == [2, 1]
    assert "Telefant" in door()


def test_what_came_with_the_portal_stands_in_the_list(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    publish(cast)
    row = tom.get("/branding").text.partition('id="versions"')[2].partition("What came with the portal")[2].partition("</tr>")[0]
    assert 'action="/branding/versions/0/roll-back"' in row
    tom.post("/branding/versions/0/roll-back")
    listed = tom.get("/branding").text.partition('id="versions"')[2]
    assert listed.count("Live") == 1
    assert "Live" in listed.partition("What came with the portal")[2].partition("</tr>")[0]
    assert 'action="/branding/versions/1/roll-back"' in tom.get("/branding/versions/1").text
    with db.unit_of_work(cast.tom.scope) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.event, last.actor_name) == ("theme-taken-off", cast.tom.account.name)
    assert "went back to the look that came with the portal" in tom.get("/audit").text


def test_there_is_no_way_back_from_it(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope), pytest.raises(Refused, match="theme-live"):
        operations.take_off(by=cast.tom.identity)


def test_a_stranger_takes_nothing_off(cast: Cast, browse: Browse) -> None:
    publish(cast)
    assert browse(cast.cora).post("/branding/versions/0/roll-back").status_code == 404
    browse(cast.rita).post("/branding/versions/0/roll-back")
    with db.unit_of_work(cast.tom.scope):
        assert queries.published(cast.telephone.id) is not None
