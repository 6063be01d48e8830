"""What `portal bench` prints and hands to sipp and Kamailio."""

import json
import re
from pathlib import Path

import pytest

from portal.bench.report import Missing, Row, report
from portal.bench.switch import load, measured, native


def test_what_is_missing_stands_among_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "figures.json"
    kept = Row("calls", 0.6, 0.5, "times", at_most=False)
    report([kept, Missing("registrations", "There is no sipp.")], target)
    printed = capsys.readouterr().out
    assert re.search(r"calls +│ 0\.60 times │ ≥ 0\.5 times │ kept", printed)
    assert "There is no sipp." in printed
    figures = json.loads(target.read_text())
    assert [figure.get("good") for figure in figures] == [True, None]


def test_phones_are_written_for_sipp(tmp_path: Path) -> None:
    file = load.write([load.Line("alice", "secret", "102")], tmp_path / "lines.csv")
    assert file.read_text() == "SEQUENTIAL\nalice;[authentication username=alice password=secret];102\n"


def test_the_plain_script_gets_the_same_settings_as_the_portals(tmp_path: Path) -> None:
    side = measured.Side("native", native.DATABASE, measured.NATIVE_SCRIPT, 7400, by_name=True)
    script = side.script("pass", tmp_path)
    assert "{{" not in script
    assert "listen=udp:127.0.0.1:7400\nlisten=tcp:127.0.0.1:7401\n" in script
    assert f'"postgres://kamailio:pass@/{native.DATABASE}"' in script


def test_without_sipp_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "is_there", lambda: False)
    settings, server = object(), object()
    (row,) = measured.telephony(settings, server, "bench")  # type: ignore[arg-type]
    assert isinstance(row, Missing)
    assert "make system-deps" in row.why
