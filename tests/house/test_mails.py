"""Every mail, whoever wrote it: a folder of three files on the one letterhead, that says why, and is sent by the one way."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

from portal.mail.composing import PORTAL, environment
from tests.mailsamples import folders

FOREIGN = ("<script", "<link", "<img", "<iframe", "<svg", " src=", "url(", "@import", "http://", "https://")
FILES = {"subject.txt", "body.txt", "body.html"}
every_mail = pytest.mark.parametrize("folder", folders().values(), ids=folders())


def template(file: Path) -> nodes.Template:
    return environment().parse(file.read_text(encoding="utf-8"))


def blocks(file: Path) -> dict[str, nodes.Block]:
    return {block.name: block for block in template(file).find_all(nodes.Block)}


def extended(file: Path) -> list[object]:
    return [node.template.value for node in template(file).find_all(nodes.Extends) if isinstance(node.template, nodes.Const)]


@every_mail
def test_a_mail_is_a_folder_of_three_files(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == FILES
    assert re.fullmatch("[a-z]+(_[a-z]+)*", folder.name)


@every_mail
def test_a_mail_stands_on_the_letterhead_and_says_why(folder: Path) -> None:
    text, html = folder / "body.txt", folder / "body.html"
    assert extended(text) == ["mail/layout.txt"]
    assert extended(html) == ["mail/layout.html"]
    assert set(blocks(text)) == {"content", "why"}
    assert set(blocks(html)) == {"title", "content", "why"}
    whys = [blocks(file)["why"].body for file in (text, html)]
    assert whys[0] == whys[1], "the same reason in both"
    assert whys[0]


@every_mail
def test_a_mail_brings_no_style_no_script_and_nothing_from_elsewhere(folder: Path) -> None:
    html = (folder / "body.html").read_text(encoding="utf-8").lower()
    for forbidden in (*FOREIGN, "<style", " style="):
        assert forbidden not in html, "the look is that of mail/layout.html and mail/parts.html"


def test_the_letterhead_brings_nothing_from_elsewhere_either() -> None:
    for file in sorted((PORTAL / "mail" / "templates" / "mail").glob("*.html")):
        html = file.read_text(encoding="utf-8").lower()
        assert [one for one in (*FOREIGN, "<style") if one in html] == []


def test_kinds_are_told_apart_by_their_names() -> None:
    """The kind is what is stored: two features with a mail of one name would be one."""
    found = [folder.name for folder in PORTAL.glob("features/*/templates/*/mails/*") if folder.is_dir()]
    assert sorted(found) == sorted(set(found))


def test_only_the_gateway_speaks_smtp() -> None:
    speakers = [path for path in PORTAL.rglob("*.py") if re.search(r"\bsmtplib\b", path.read_text(encoding="utf-8"))]
    assert speakers == [PORTAL / "gateways" / "smtp.py"]
