"""A few laws of the house that a machine can keep."""

import ast
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).resolve().parents[2]
PORTAL, TESTS = ROOT / "portal", ROOT / "tests"
IN_A_FEATURE = {"__init__", "rules", "models", "queries", "mails", "operations", "forms", "schemas"}
IN_A_FEATURE |= {"views", "api", "jobs", "cli", "templates"}
FEATURES = [folder for folder in sorted((PORTAL / "features").iterdir()) if folder.is_dir() and folder.name != "__pycache__"]
SOURCES = sorted(PORTAL.rglob("*.py"))
CHECKS = sorted(TESTS.rglob("test_*.py"))
LONGEST = 450


@pytest.mark.parametrize("feature", FEATURES, ids=lambda folder: folder.name)
def test_a_feature_holds_only_what_features_hold(feature: Path) -> None:
    names = {path.stem for path in feature.iterdir() if path.name != "__pycache__"}
    assert names - IN_A_FEATURE == set()
    assert ast.get_docstring(ast.parse((feature / "__init__.py").read_text(encoding="utf-8"))), "say what this feature is"


@pytest.mark.parametrize("feature", FEATURES, ids=lambda folder: folder.name)
def test_a_features_templates_bear_its_name(feature: Path) -> None:
    folders = {path.name for path in (feature / "templates").glob("*")}
    assert folders <= {feature.name}


def test_no_file_is_long() -> None:
    long = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in (*SOURCES, *CHECKS) if "versions" not in path.parts
    }
    assert {str(path.relative_to(ROOT)): lines for path, lines in long.items() if lines > LONGEST} == {}


def test_no_file_has_a_name_for_everything() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc", "tools"}
    assert [str(path) for path in (*SOURCES, *TESTS.rglob("*.py")) if vague & {path.stem, path.parent.name}] == []


def test_no_operation_commits() -> None:
    commits = re.compile(r"session(\(\))?\.(commit|rollback)\(")
    inside = [
        path for path in PORTAL.glob("features/**/*.py") if {"operations", "queries", "rules"} & {path.stem, path.parent.name}
    ]
    assert inside
    assert [str(path) for path in inside if commits.search(path.read_text(encoding="utf-8"))] == []


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def calls(node: ast.AST) -> set[str]:
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


def asserts(node: ast.AST) -> bool:
    """Checks in so many words, or calls something that does: pytest.raises, a check_…, a visit that expects its status."""
    if any(isinstance(part, ast.Assert) for part in ast.walk(node)):
        return True
    checking = re.compile(r"(^|\.)(raises|raises_\w+|refusal|go|fail|warns|check_\w+|sees\w*|expect\w*)$")
    return any(checking.search(name) for name in calls(node))


def test_every_test_checks_something() -> None:
    idle = [f"{path.relative_to(ROOT)}: {test.name}" for path in CHECKS for test in functions(path) if not asserts(test)]
    assert idle == []


def test_no_test_sleeps_mocks_or_is_skipped_for_good() -> None:
    forbidden = re.compile(r"\btime\.sleep\(|\bmock\b.*\bpatch|MagicMock|@pytest\.mark\.(skip|xfail)\b")
    found = {str(path.relative_to(ROOT)) for path in TESTS.rglob("*.py") if forbidden.search(path.read_text(encoding="utf-8"))}
    assert found - {"tests/house/test_style.py"} == set()


def test_no_type_is_waved_through_without_a_reason() -> None:
    """Each “type: ignore” and “noqa” names what it leaves out."""
    bare = re.compile(r"#\s*(type: ignore(?!\[)|noqa(?!:))")
    assert [
        str(path) for path in (*SOURCES, *TESTS.rglob("*.py")) if path.name != "test_style.py" and bare.search(path.read_text())
    ] == []


def test_texts_with_a_plural_stand_where_they_are_said() -> None:
    """Marked one by one, the two forms are extracted as two texts, and never found together."""
    apart = re.compile(r"ngettext\(\s*(N_\(|\*)")
    assert [str(path) for path in SOURCES if apart.search(path.read_text(encoding="utf-8"))] == []


def test_tests_reach_nobody_outside() -> None:
    with pytest.warns(UserWarning, match="192.0.2.1"), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
