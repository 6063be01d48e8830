"""What was exported is imported again, and nothing changes, whatever people and groups are called."""

from hypothesis import given, settings, strategies as st

from portal.core import i18n, phone, sheets
from portal.core.phone import Home, Parts
from portal.features.pbx.rules import Range, exports, files, plan_extensions, plan_groups, plan_numbers
from portal.features.pbx.rules.files import exported
from portal.features.pbx.rules.plan_rows import LineNow, NumberNow, Planned, Row, Snapshot, Taken

NASTY = [
    "=1+1",
    "+49",
    "-x",
    "@SUM(A1)",
    "'=x",
    "''=x",
    "'",
    '"',
    'a"b',
    "a;b",
    "a,b",
    "a|b",
    "Jürgen Öz",
    "李雷",
    "محمد",
    "x" * 127,
]
NASTY += ["\t=x", "\u200b=x", "yes", "own", "101", "\ufeffx", "'+49 30", "−1", "ß", "İ"]
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
names = texts.map(lambda text: " ".join(text.split())[:127]).filter(bool)
usernames = st.one_of(
    st.sampled_from(["=a", "+49", "-b", "'c", "a;b", "a,b", "'=x", "100"]), st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
)
BASE = Parts("49", "30", "5550000")


@st.composite
def companies(draw: st.DrawFn) -> Snapshot:
    extensions = draw(st.lists(st.integers(100, 130), unique=True, min_size=1, max_size=6))
    people, groups = extensions[::2], extensions[1::2]
    users = draw(st.lists(usernames, unique=True, min_size=len(extensions) + 1, max_size=len(extensions) + 1))
    pool = {f"493055507{n:02}": draw(st.sampled_from([None, *map(str, extensions)])) for n in range(draw(st.integers(0, 8)))}
    pilot = LineNow(
        public_id="p",
        kind="pilot",
        handle=f"@{users[-1]}" if users[-1].isdigit() else users[-1],
        name=draw(names),
        username=users[-1],
    )
    members = st.lists(st.sampled_from([pilot.handle, *map(str, people)]), unique=True)
    of_groups = {str(group): tuple(draw(members)) for group in groups}
    lines = {}
    for place, extension in enumerate(map(str, extensions)):
        own = tuple(sorted(digits for digits, owner in pool.items() if owner == extension))
        is_group = extension in of_groups
        lines[extension] = LineNow(
            public_id=extension,
            kind="group" if is_group else "extension",
            handle=extension,
            name=draw(names),
            username=users[place],
            web_username=None if is_group else draw(st.one_of(st.none(), usernames)),
            email=draw(st.sampled_from([None, "a@b.example", "o'neil+x@mail.example"])),
            language=draw(st.sampled_from([None, "de", "en"])),
            outgoing=draw(st.sampled_from(["own", "base", *own])),
            do_not_disturb=draw(st.booleans()),
            music_on_hold=draw(st.booleans()),
            numbers=own,
            groups=tuple(sorted(group for group, every in of_groups.items() if extension in every)),
            profile=draw(st.sampled_from([None, "Standard", "'=Profil; ä"])),
            policy=draw(st.sampled_from(["serial", "parallel", "random", "circular"])) if is_group else None,
            ring_seconds=draw(st.integers(1, 3600)) if is_group else None,
            cancel_mode=draw(st.sampled_from(["cancel", "bye"])) if is_group else None,
            ignore_forwards=draw(st.booleans()),
            members=of_groups.get(extension, ()),
        )
    numbers = {digits: NumberNow(digits, owner, Parts("49", "30", digits[4:])) for digits, owner in pool.items()}
    return Snapshot(
        Range(), BASE, Home("49", "30"), lines, pilot, numbers, profiles=("Standard", "'=Profil; ä"), languages=("de", "en")
    )


def rows_of(kind: str, text: str, encoding: str = "utf-8") -> list[Row]:
    table = files.read(text.encode(encoding))
    matching = files.match(kind, table.headers).check()
    assert not matching.unknown
    return [Row(line.number, matching.values(line.cells)) for line in table.lines]


def plan(kind: str, rows: list[Row], company: Snapshot) -> list[Planned]:
    if kind == "numbers":
        return plan_numbers.plan(rows, company)
    return (plan_groups if kind == "groups" else plan_extensions).plan(rows, company, Taken())


@settings(max_examples=150, deadline=None)
@given(companies(), st.sampled_from(["en", "de"]), st.sampled_from(["en", "de"]), st.sampled_from(["utf-8-sig", "utf-16"]))
def test_what_was_exported_changes_nothing(company: Snapshot, writer: str, reader: str, encoding: str) -> None:
    for kind in files.FIELDS:
        with i18n.using(writer):
            text = exported.header(kind) + "".join(exports.pieces(kind, company))
        if text.count("\r\n") < 2:
            continue
        with i18n.using(reader):
            planned = plan(kind, rows_of(kind, text, encoding), company)
        assert [(one.verdict, one.changes, one.troubles) for one in planned] == [("same", {}, [])] * len(planned)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_harmless_cell_is_read_back_as_it_was(text: str) -> None:
    cell = sheets.safe(sheets.marked(text))
    assert sheets.unmarked(cell) == text


@given(st.from_regex(r"[1-9][0-9]{6,11}", fullmatch=True))
def test_a_number_is_found_in_whichever_way_it_is_written(digits: str) -> None:
    known = {f"4930{digits}": None}
    home = Home("49", "30")
    for typed in (
        f"+4930{digits}",
        f"+49 30 {digits}",
        f"0049 30 {digits}",
        f"030 {digits}",
        f"030-{digits}",
        digits,
        f"4930{digits}",
    ):
        assert files.words.digits(typed, home, known) == f"4930{digits}", phone.bare(typed)
