"""`portal theme …` on folders and on a real database."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.core import db
from portal.core.audit import AuditEntry
from portal.features.branding import cli, operations, queries
from portal.features.branding.rules.archive import unpacked
from tests.cast import Cast
from tests.conftest import KEY
from tests.features.branding.made import FILES, SHEET, picture

Run = Callable[..., Result]


@pytest.fixture
def run(own_database: db.Database, own_cast: Cast) -> Run:
    """As somebody does at a prompt; the database is the test's own."""
    url = own_database.url.render_as_string(hide_password=False).replace("postgresql+psycopg://", "postgresql://")

    def command(*words: str | Path) -> Result:
        environment = {"PORTAL_DATABASE_URL": url, "PORTAL_SECRET_KEY": KEY}
        result = CliRunner().invoke(cli.theme, [str(word) for word in words], env=environment)
        db.database().dispose()
        db.install(own_database)
        return result

    return command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "nordwind"
    made.mkdir()
    for name, content in FILES.items():
        (made / name).write_bytes(content)
    return made


def live(cast: Cast) -> dict[str, bytes]:
    with db.unit_of_work(cast.tom.scope):
        found = queries.published(cast.telephone.id)
        return queries.version_files(found) if found else {}


def test_a_folder_is_published(run: Run, folder: Path, own_cast: Cast) -> None:
    (folder / "logo.png").write_bytes(picture("PNG", (3000, 900)))
    (folder / "theme.toml").write_text(SHEET.replace("#0a6e5c", "#ffe000"))
    result = run("deploy", folder, "--reseller", "telephone", "--note", "From the design team")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith("light: accent-ink is #")
    assert lines[-1] == "telephone shows version 1 now."
    assert live(own_cast).keys() == {*FILES, "logo.png"}
    assert len(live(own_cast)["logo.png"]) < (folder / "logo.png").stat().st_size
    with db.unit_of_work(own_cast.tom.scope) as session:
        entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert entry is not None
        assert (entry.event, entry.actor_name, entry.details["note"]) == (
            "theme-published",
            "portal theme deploy",
            "From the design team",
        )


def test_what_somebody_works_on_stays(run: Run, folder: Path, own_cast: Cast) -> None:
    by = own_cast.tom.identity
    with db.unit_of_work(own_cast.tom.scope):
        operations.begin_draft(by=by, name="Half")
    assert run("deploy", folder, "--reseller", "TelephOne").exit_code == 0
    with db.unit_of_work(own_cast.tom.scope):
        draft = queries.draft(own_cast.telephone.id)
        assert draft is not None
        assert b"Half" in queries.version_files(draft)["theme.toml"]


def test_it_comes_back_as_it_was(run: Run, folder: Path, tmp_path: Path) -> None:
    run("deploy", folder, "--reseller", "TelephOne")
    assert run("export", tmp_path / "out", "--reseller", "TelephOne").output == f"{tmp_path / 'out'} holds 2 files.\n"
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}.keys() == FILES.keys()
    assert run("check", tmp_path / "out").exit_code == 0
    assert run("export", tmp_path / "out.zip", "--reseller", "TelephOne", "--version", "1").exit_code == 0
    assert unpacked((tmp_path / "out.zip").read_bytes()).keys() == FILES.keys()
    again = run("export", tmp_path / "out.zip", "--reseller", "TelephOne")
    assert (again.exit_code, "there already; nothing was written" in again.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reseller", "Nobody"), "There is no reseller “Nobody”."),
        (("--reseller", "TelephOne", "--note", "x" * 201), "Keep the note under 200 characters."),
    ],
)
def test_what_cannot_be_deployed_is_said(run: Run, folder: Path, own_cast: Cast, words: tuple[str, ...], said: str) -> None:
    result = run("deploy", folder, *words)
    assert (result.exit_code, result.output) == (1, f"Error: {said}\n")
    assert live(own_cast) == {}


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("theme.toml", b'name = "Half"\n', "theme.toml, look: This is missing."),
        (
            "mark.svg",
            b"<svg viewBox='0 0 1 1'><script/></svg>",
            "mark.svg, script: The element <script> is not allowed in a drawing.",
        ),
        ("logo.png", b"no picture", "logo.png: This is no picture that can be shown here."),
        ("run.js", b"alert(1)", "run.js: Nothing reads this file."),
    ],
)
def test_a_folder_that_is_wrong_changes_nothing(
    run: Run, folder: Path, own_cast: Cast, file: str, content: bytes, said: str
) -> None:
    (folder / file).write_bytes(content)
    result = run("deploy", folder, "--reseller", "TelephOne")
    assert result.exit_code == 1
    assert said in result.output
    assert live(own_cast) == {}


def test_words_that_nobody_could_read_are_refused_with_their_reason(run: Run, folder: Path, own_cast: Cast) -> None:
    (folder / "theme.toml").write_text(SHEET.replace('accent = "#0a6e5c"', 'accent = "#ffe000"\non_accent = "light"'))
    result = run("deploy", folder, "--reseller", "TelephOne")
    assert result.exit_code == 1
    assert "Light words on #ffe000 cannot be read" in result.output
    assert live(own_cast) == {}


def test_a_version_that_is_not_there_is_said(run: Run, folder: Path, tmp_path: Path) -> None:
    assert "has published no theme of its own yet" in run("export", tmp_path / "a", "--reseller", "TelephOne").output
    run("deploy", folder, "--reseller", "TelephOne")
    assert "There is no version 7." in run("export", tmp_path / "a", "--reseller", "TelephOne", "--version", "7").output
    assert not os.path.lexists(tmp_path / "a")
