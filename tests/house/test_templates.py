"""What no template may do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

PORTAL = Path(__file__).resolve().parents[2] / "portal"
PAGES = sorted((*PORTAL.glob("web/templates/**/*.html"), *PORTAL.glob("features/*/templates/**/*.html")))
FILES = [file for file in PAGES if "mails" not in file.parts]
FORBIDDEN = {
    "safe": re.compile(r"\|\s*safe\b"),
    "inline style": re.compile(r"\sstyle\s*="),
    "inline handler": re.compile(r"\son[a-z]+\s*="),
    "autoescape off": re.compile(r"autoescape\s+false"),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "inline sheet": re.compile(r"<style\b", re.IGNORECASE),
    "address of somebody else": re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "comma of one script": re.compile(r"loop\.last\s*%\},"),
}


def name(file: Path) -> str:
    return file.relative_to(PORTAL).as_posix().partition("templates/")[2]


@pytest.mark.parametrize("file", FILES, ids=name)
def test_it_compiles(file: Path, app: Flask) -> None:
    assert app.jinja_env.get_template(name(file)) is not None


@pytest.mark.parametrize("file", FILES, ids=name)
def test_it_keeps_the_rules(file: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_the_rules_bite() -> None:
    bad = [
        "{{ x | safe }}",
        '<p style="color: red">',
        '<p onclick="x()">',
        "{% autoescape false %}",
        "<script>x</script>",
        "<style>p {}</style>",
    ]
    bad += ['<img src="//evil.example/x.png">', '<a href="javascript:x()">', "{% if not loop.last %}, {% endif %}"]
    for text, pattern in zip(bad, FORBIDDEN.values(), strict=True):
        assert pattern.search(text)
    assert not FORBIDDEN["inline script"].search('<script type="module" src="x.js"></script>')


def test_templates_call_only_filters_and_tests_that_exist(app: Flask) -> None:
    unknown = set()
    for file in FILES:
        tree = app.jinja_env.parse(file.read_text(encoding="utf-8"))
        unknown |= {node.name for node in tree.find_all(nodes.Filter)} - set(app.jinja_env.filters)
        unknown |= {node.name for node in tree.find_all(nodes.Test)} - set(app.jinja_env.tests)
    assert unknown == set()


def test_every_template_that_is_named_exists(app: Flask) -> None:
    there = set(app.jinja_env.list_templates())
    named = {text for file in FILES for text in _templates_named(app.jinja_env, file)}
    assert named - there == set()
    rendered = {text for source in PORTAL.rglob("*.py") for text in _rendered(source)}
    assert rendered
    assert rendered - there == set()


def test_every_page_is_rendered_by_somebody(app: Flask) -> None:
    """A template that nobody includes, extends or renders is an attic."""
    used = {text for file in FILES for text in _templates_named(app.jinja_env, file)}
    used |= {text for source in PORTAL.rglob("*.py") for text in _strings(source)}
    assert sorted({name(file) for file in FILES} - used) == []


def test_endpoints_in_templates_exist(app: Flask) -> None:
    missing = set()
    for file in FILES:
        blueprint = file.relative_to(PORTAL).parts[1]
        for call in app.jinja_env.parse(file.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "url_for" and isinstance(call.args[0], nodes.Const):
                endpoint = str(call.args[0].value)
                whole = f"{blueprint}{endpoint}" if endpoint.startswith(".") else endpoint
                if whole not in app.view_functions:
                    missing.add(f"{name(file)}: {endpoint}")
    assert missing == set()


def test_what_is_shown_is_escaped(app: Flask) -> None:
    assert app.jinja_env.from_string("{{ text }}").render(text="<b>") == "&lt;b&gt;"


def _templates_named(environment: Environment, file: Path) -> Iterator[str]:
    tree = environment.parse(file.read_text(encoding="utf-8"))
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        template = getattr(node, "template", None)
        if isinstance(template, nodes.Const):
            yield str(template.value)


def _strings(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
            yield node.value


def _rendered(source: Path) -> Iterator[str]:
    calls = [node for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == "render" and call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)
