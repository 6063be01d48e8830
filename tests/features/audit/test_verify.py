"""`portal audit verify` finds whatever somebody did to the log behind the portal's back, and nothing where nobody did."""

import re

import pytest
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import AuditChain
from portal.core.tenancy import Scope
from tests.cast import Cast
from tests.features.audit.conftest import Tamper, note, verify

OTHER_ENTRY = """
    INSERT INTO audit_entry (reseller_id, customer_id, at, event, actor_name, label, details)
    SELECT reseller_id, customer_id, at, event, actor_name, 'forged', details FROM audit_entry WHERE id = 4
"""
HEAD = re.compile(r"^(.+): .*Head: ([0-9a-f]{64})$", re.MULTILINE)


def heads() -> dict[str, str]:
    return dict(HEAD.findall(verify().output))


def test_a_log_that_nobody_touched(log: Cast) -> None:
    result = verify()
    assert result.exit_code == 0
    assert [line.partition(". Head: ")[0] for line in result.output.splitlines()] == [
        "Cheap Call: 1 entry, all as written",
        "Isar Telecom: no entry was written since there are chains.",
        "TelephOne: 6 entries, all as written",
    ]


RENUMBERED = "OVERRIDING SYSTEM VALUE SELECT -1,"
DONE: dict[str, tuple[str, ...]] = {
    "changed": ("UPDATE audit_entry SET label = 'another' WHERE id = 4",),
    "changed by a microsecond": ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = 4",),
    "changed in its details": ("UPDATE audit_entry SET details = '{\"a\": null}' WHERE id = 4",),
    "hidden from a customer": ("UPDATE audit_entry SET customer_id = NULL WHERE id = 4",),
    "given away": ("UPDATE audit_entry SET reseller_id = (SELECT reseller_id FROM audit_entry WHERE id = 7) WHERE id = 4",),
    "removed": ("DELETE FROM audit_entry WHERE id = 4",),
    "unlinked": ("DELETE FROM audit_link WHERE entry_id = 4",),
    "removed with its link": ("DELETE FROM audit_entry WHERE id = 4", "DELETE FROM audit_link WHERE entry_id = 4"),
    "the first removed": ("DELETE FROM audit_entry WHERE id < 3", "DELETE FROM audit_link WHERE entry_id < 3"),
    "the last removed": ("DELETE FROM audit_entry WHERE id IN (5, 6)", "DELETE FROM audit_link WHERE entry_id IN (5, 6)"),
    "put in": (OTHER_ENTRY,),
    "put in before all": (OTHER_ENTRY.replace("(reseller_id", "(id, reseller_id").replace("SELECT", RENUMBERED),),
    "in another's place": (
        "UPDATE audit_link SET entry_id = -entry_id WHERE place IN (4, 5)",
        "UPDATE audit_link SET entry_id = 9 + entry_id WHERE entry_id < 0",
    ),
    "links in another's place": (
        "UPDATE audit_link SET place = -place WHERE place IN (4, 5)",
        "UPDATE audit_link SET place = 9 + place WHERE place < 0",
    ),
    "another link": ("UPDATE audit_link SET hash = reverse(hash) WHERE place = 4",),
    "an odd place": ("UPDATE audit_link SET place = -1 WHERE place = 1",),
    "another end": ("UPDATE audit_chain SET head = reverse(head)",),
    "an earlier end": ("UPDATE audit_chain SET length = 5",),
    "a later beginning": ("UPDATE audit_chain SET after_entry = 5",),
    "no end": ("DELETE FROM audit_chain",),
    "a key of one's own": ("UPDATE audit_chain SET key = 'mine'",),
    "another's key": ("UPDATE audit_chain SET key = other.key FROM audit_chain other WHERE other.key <> audit_chain.key",),
}
FOUND: dict[str, list[str]] = {
    "changed": ["Entry 4 of … (“extension-unlocked” by Clare Fenn), at place 4, is not what was written there."],
    "changed by a microsecond": ["Entry 4 of …, at place 4, is not"],
    "changed in its details": ["Entry 4 of …, at place 4, is not"],
    "hidden from a customer": ["Entry 4 of …, at place 4, is not"],
    "given away": ["Entry 4 of …, at place 4, is not"],
    "removed": ["Entry 4, at place 4, was removed, behind the one of …."],
    "unlinked": ["1 place is missing before place 5, behind the one of ….", "Entry 4 of … was put in: it is not in the chain."],
    "removed with its link": ["1 place is missing before place 5, behind the one of …."],
    "the first removed": ["2 places are missing before place 3."],
    "the last removed": ["2 places are missing at the end, behind the one of …."],
    "put in": ["Entry 8 of … (“extension-unlocked” by Clare Fenn) was put in: it is not in the chain."],
    "put in before all": ["Entry -1 of … was put in: it is not in the chain."],
    "in another's place": ["Entry 5 of …, at place 4, is not", "Entry 4 of …, at place 5, is not"],
    "links in another's place": ["Entry 5 of …, at place 4", "Entry 4 of …, at place 5", "Entry 6 of …, at place 6"],
    "another link": ["Entry 4 of …, at place 4, is not", "Entry 5 of …, at place 5, is not"],
    "an odd place": ["Place -1 is none of a chain.", "1 place is missing before place 2."],
    "another end": ["The end of the chain is not its last link."],
    "an earlier end": ["The chain ends at place 5, and goes on to place 6."],
    "a later beginning": ["Entry 1 of …, at place 1, is not"],
    "no end": ["The chain has lost its beginning and its end, and 6 links of it are left."],
    "a key of one's own": ["nothing can be proven, for no key in PORTAL_SECRET_KEY opens that of the chain."],
    "another's key": [f"Entry {number} of …, at place {number}, is not" for number in range(1, 7)],
}


@pytest.mark.parametrize("done", DONE)
def test_whatever_was_done_is_found(log: Cast, tamper: Tamper, done: str) -> None:
    tamper(*DONE[done])
    result = verify("--reseller", "TelephOne")
    assert result.exit_code == 1, result.output
    lines = [line.removeprefix("TelephOne: ") for line in result.output.splitlines() if "Head: " not in line]
    assert len(lines) >= len(FOUND[done])
    for line, sentence in zip(lines, FOUND[done], strict=False):
        assert re.match(".*".join(map(re.escape, sentence.split("…"))), line), (line, sentence)
    assert verify("--reseller", "Isar Telecom").exit_code == 0


def test_a_finding_says_when(log: Cast, tamper: Tamper) -> None:
    tamper("UPDATE audit_entry SET label = 'another', at = '2026-11-24 13:02:03+01' WHERE id = 4")
    assert "Entry 4 of 2026-11-24 12:02:03 UTC (" in verify().output


def test_a_tail_that_was_cut_off_with_its_end_is_found_by_a_head_noted_before(log: Cast, tamper: Tamper) -> None:
    noted = heads()["TelephOne"]
    tamper(
        "DELETE FROM audit_link WHERE entry_id IN (5, 6)",
        "DELETE FROM audit_entry WHERE id IN (5, 6)",
        "UPDATE audit_chain SET length = 4, head = (SELECT hash FROM audit_link WHERE place = 4) WHERE length = 6",
    )
    assert verify().exit_code == 0, "what is left is whole"
    result = verify("--expect", f"TelephOne={noted}")
    assert result.exit_code == 1
    assert f"TelephOne: The expected head {noted} is not in the chain." in result.output


def test_a_head_noted_before_stays_in_the_chain(log: Cast) -> None:
    noted = heads()
    note(log.clare, "seven")
    assert verify(*(part for pair in noted.items() for part in ("--expect", "=".join(pair)))).exit_code == 0
    assert heads()["TelephOne"] != noted["TelephOne"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--reseller", "Nobody"], "There is no reseller “Nobody”."),
        (["--expect", "Nobody=ab"], "There is no reseller “Nobody”."),
        (["--expect", "TelephOne"], "“TelephOne” is not NAME=HASH"),
        (["--expect", "TelephOne=xyz"], "“TelephOne=xyz” is not NAME=HASH"),
    ],
)
def test_what_cannot_be_asked(log: Cast, arguments: list[str], sentence: str) -> None:
    result = verify(*arguments)
    assert result.exit_code == 2
    assert sentence in result.output


def test_a_log_that_cannot_be_read(log: Cast, tamper: Tamper) -> None:
    tamper("ALTER TABLE audit_link RENAME TO elsewhere")
    result = verify()
    assert result.exit_code == 2
    assert "The audit log cannot be read: " in result.output


def test_what_is_written_meanwhile_is_no_finding(log: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole log is seen at one moment."""
    from portal.features.audit.queries import proof

    monkeypatch.setattr(proof, "CHUNK", 2)
    read = proof._chunks

    def while_it_is_read(*arguments: object) -> object:
        note(log.clare, "meanwhile")
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(proof, "_chunks", while_it_is_read)
    result = verify("--reseller", "TelephOne")
    assert (result.exit_code, "TelephOne: 6 entries, all as written" in result.output) == (0, True)
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(AuditChain.length).where(AuditChain.reseller_id == log.telephone.id)) > 6  # type: ignore[operator]


def test_what_was_written_in_another_time_zone_is_the_same(own_cast: Cast) -> None:
    with clock.frozen(clock.now().replace(microsecond=0)):
        note(own_cast.clare, "at a whole second")
    assert verify().exit_code == 0
