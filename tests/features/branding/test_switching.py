"""What really commits: two who publish at once, two processes, a switch under load."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.core import db
from portal.features.branding import operations, queries
from portal.features.branding.models import ThemeFile
from portal.settings import Settings
from portal.web import tenant
from tests.browser import Browser
from tests.cast import Cast
from tests.features.branding.forms import hidden, save
from tests.features.branding.made import FILES, publish
from tests.waiting import until


def at_once(*works: Callable[[], object]) -> list[object]:
    """Each in a thread of its own; what it answers, or what it raises."""
    ready, done = threading.Barrier(len(works)), list[object]([None] * len(works))

    def run(at: int) -> None:
        ready.wait(10)
        try:
            done[at] = works[at]()
        except Exception as error:
            done[at] = error

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return done


def test_of_two_who_publish_at_once_the_second_is_told(own_cast: Cast) -> None:
    by, scope = own_cast.tom.identity, own_cast.tom.scope
    with db.unit_of_work(scope):
        seen = operations.begin_draft(by=by, start=FILES)
        version = seen.version
        db.session().flush()
        db.session().expunge(seen)

    def publish_as(name: str) -> Callable[[], object]:
        def work() -> str:
            with db.unit_of_work(scope):
                operations.publish(by=replace(by, name=name), draft=seen, version=version, note=name)
            return name

        return work

    answers = at_once(*(publish_as(name) for name in ("Tom", "Tina", "Tara")))
    won = [answer for answer in answers if isinstance(answer, str)]
    told = [answer for answer in answers if not isinstance(answer, str)]
    assert len(won) == 1
    assert {getattr(answer, "code", None) for answer in told} == {"theme-published-meanwhile"}
    with db.unit_of_work(scope):
        live = queries.published(own_cast.telephone.id)
        assert live is not None
        assert (live.number, live.published_by_name) == (1, won[0])
        assert told[0].sentence().startswith(f"{won[0]} published this draft a moment ago, as version 1.")  # type: ignore[attr-defined]


def test_of_two_who_press_publish_at_once_one_wins_and_the_other_is_told(own_cast: Cast, browse: Callable[..., Browser]) -> None:
    first, second = browse(own_cast.tom), browse(own_cast.tom)
    save(first, "look", accent="#2266cc")
    seen = [hidden(browser.get("/branding/publish").text) for browser in (first, second)]

    def press(at: int) -> Callable[[], object]:
        browser = (first, second)[at]
        return lambda: browser.post("/branding/publish", {**seen[at], "note": f"Press {at}"})

    answers = at_once(press(0), press(1))
    codes = [getattr(answer, "status_code", answer) for answer in answers]
    assert set(map(str, codes)) in ({"303", "409"}, {"303", "422"})
    (lost,) = (answer for answer in answers if isinstance(answer, TestResponse) and answer.status_code != 303)
    assert own_cast.tom.account.name in lost.text
    assert f"Press {codes.index(303)}" in lost.text or "published this draft a moment ago" in lost.text
    with db.unit_of_work(own_cast.tom.scope):
        assert [one.note for one in queries.versions(own_cast.telephone.id)] == [f"Press {codes.index(303)}"]


def test_of_two_who_begin_at_once_both_work_on_the_one_draft(own_cast: Cast) -> None:
    by, scope = own_cast.tom.identity, own_cast.tom.scope

    def begin() -> int:
        with db.unit_of_work(scope):
            return operations.begin_draft(by=by, start=FILES).id

    answers = at_once(begin, begin, begin, begin)
    assert len(set(answers)) == 1
    with db.unit_of_work(scope):
        assert db.session().scalar(select(func.count()).select_from(ThemeFile)) == len(FILES)


@pytest.fixture
def processes(settings: Settings, own_database: db.Database, own_cast: Cast) -> Iterator[list[Flask]]:
    """Two web processes, each with its ear at the database."""
    made = [create_app(settings, own_database, listen=False) for _ in range(2)]
    stop = threading.Event()
    ears = [tenant.listen(app.extensions["tenants"], own_database, stop) for app in made]
    until(lambda: _listening(own_database) == len(made), "listening")
    yield made
    stop.set()
    for ear in ears:
        ear.join(10)


def _listening(database: db.Database) -> int:
    listeners = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN tenants%' AND datname = current_database()"
    with database.engine.connect() as connection:
        connection.execute(text("SET ROLE NONE"))
        return int(connection.scalar(text(listeners)) or 0)


def seen(app: Flask, path: str = "/login") -> TestResponse:
    return app.test_client().get(path, headers={"Host": "telephone.localhost"})


def test_every_process_shows_it_within_two_seconds(processes: list[Flask], own_cast: Cast) -> None:
    assert all("TelephOne" in seen(app).text for app in processes)
    publish(own_cast)
    began = time.monotonic()
    for app in processes:
        until(lambda app=app: "Nordwind" in seen(app).text, "showing the new brand")  # type: ignore[misc]
    assert time.monotonic() - began < 2


def test_a_switch_under_load_drops_no_request_and_no_page_is_without_its_look(processes: list[Flask], own_cast: Cast) -> None:
    """Each page's files are asked of the other process, which may not have heard yet."""
    over, troubles, names = threading.Event(), list[str](), set[str]()

    def visit(at: int) -> None:
        while not over.is_set():
            page = seen(processes[at % 2])
            names.update(re.findall(r"<title>[^<]* – ([^<]*)</title>", page.text))
            urls = re.findall(r'(?:href|src)="(/assets/[^"]+(?:theme\.css|\.webmanifest|favicon\.svg))"', page.text)
            answers = [(url, seen(processes[(at + 1) % 2], url).status_code) for url in urls]
            troubles.extend(f"{url}: {status}" for url, status in [("/login", page.status_code), *answers] if status != 200)

    visitors = [threading.Thread(target=visit, args=(at,)) for at in range(6)]
    for visitor in visitors:
        visitor.start()
    for number in range(6):
        publish(own_cast, {"name": f"Wind {number}", "look.accent": f"#aa22{number}0"})
        until(lambda number=number: f"Wind {number}" in names, "showing the new brand")  # type: ignore[misc]
    over.set()
    for visitor in visitors:
        visitor.join(30)
    assert troubles == []
    assert names >= {f"Wind {number}" for number in range(6)}
