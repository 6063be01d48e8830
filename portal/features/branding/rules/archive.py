"""A theme as a zip file: written always the same, read with suspicion."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.branding.rules import pictures, reducing, source

LARGEST = 8 * 1024 * 1024
MOST_FILES = 64
MOST_UNPACKED = 12 * 1024 * 1024
MOST_TIMES_SMALLER = 200  # drawings are text, and text does not shrink further
SMALL = 64 * 1024
MADE_AT = (1980, 1, 1, 0, 0, 0)
_UTF_8 = 0x800
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_ARCHIVES = re.compile(r"\.(zip|jar|7z|rar|tar|tgz|gz|bz2|xz|zst)$", re.IGNORECASE)
_OF_THE_SYSTEM = re.compile(r"(^|/)(__MACOSX(/|$)|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

declare("zip-too-large", N_("This file has %(size)s MB; %(limit)s MB are allowed."))
declare("zip-broken", N_("This is no whole zip file. Pack the theme’s folder again and retry."))
declare("zip-encrypted", N_("This zip file is locked with a password. Pack it without one."))
declare("zip-many", N_("This zip file holds %(number)s files; a theme has at most %(limit)s."))
declare("zip-path", N_("The zip file holds “%(name)s”, a path that leads out of the theme’s folder."))
declare("zip-link", N_("The zip file holds “%(name)s”, which is no file but a link or a device."))
declare("zip-twice", N_("The zip file holds “%(name)s” twice."))
declare("zip-name", N_("The zip file holds a name that is not written in UTF-8."))
declare("zip-bomb", N_("“%(name)s” in the zip file unpacks to far more than a theme needs."))
declare("zip-nested", N_("The zip file holds another archive, “%(name)s”. Pack the files themselves."))
declare("zip-unknown", N_("The zip file holds “%(name)s”, which no theme has. Known: %(known)s."))
declare("zip-empty", N_("The zip file holds no theme.toml."))
declare("zip-method", N_("“%(name)s” is packed in a way that is not read here. Pack it as a plain zip file."))


def packed(files: Mapping[str, bytes]) -> bytes:
    """The same files make the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, MADE_AT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[path])
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a theme, by path; one folder around them all is left away. Raises Refused."""
    if len(content) > LARGEST:
        raise Refused("zip-too-large", field="file", size=pictures.megabytes(len(content)), limit=LARGEST // 1024 // 1024)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _checked(_read(archive, _entries(archive)))
    except UnicodeDecodeError:
        raise Refused("zip-name", field="file") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused("zip-broken", field="file") from error


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    every = archive.infolist()
    if len(every) > MOST_FILES:
        raise Refused("zip-many", field="file", number=len(every), limit=MOST_FILES)
    for entry in every:
        _check_entry(entry)
    entries = [entry for entry in every if not entry.is_dir() and not _OF_THE_SYSTEM.search(entry.filename)]
    _check_names(entries)
    _check_size(entries)
    return entries


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if entry.flag_bits & _ENCRYPTED:
        raise Refused("zip-encrypted", field="file")
    if not (entry.flag_bits & _UTF_8 or name.isascii()):
        raise Refused("zip-name", field="file")
    if leads_out(entry.orig_filename):
        raise Refused("zip-path", field="file", name=_shown(entry.orig_filename))
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise Refused("zip-link", field="file", name=_shown(name))
    if entry.compress_type not in _METHODS:
        raise Refused("zip-method", field="file", name=_shown(name))


def leads_out(name: str) -> bool:
    """Absolute, of another drive, upward, or written so that two programs read it in two ways."""
    parts = name.rstrip("/").split("/")
    odd = any(ord(sign) < 32 or sign in "\\:\x7f" for sign in name)
    return odd or not name or name.startswith("/") or any(part in {"", ".", ".."} for part in parts)


def _check_names(entries: Iterable[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename.casefold()
        if name in seen:
            raise Refused("zip-twice", field="file", name=_shown(entry.filename))
        seen.add(name)


def _check_size(entries: Iterable[zipfile.ZipInfo]) -> None:
    total = 0
    for entry in entries:
        total += entry.file_size
        much = entry.file_size > SMALL and entry.file_size > max(entry.compress_size, 1) * MOST_TIMES_SMALLER
        if much or total > MOST_UNPACKED:
            raise Refused("zip-bomb", field="file", name=_shown(entry.filename))


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """What is unpacked counts, not what the zip file says of itself."""
    files: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for entry in entries:
        with archive.open(entry) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise Refused("zip-bomb", field="file", name=_shown(entry.filename))
        files[entry.filename] = content
    return files


def _checked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    inner = _without_folder(files)
    for name in inner:
        if name in source.KNOWN:
            continue
        if _ARCHIVES.search(name):
            raise Refused("zip-nested", field="file", name=_shown(name))
        raise Refused("zip-unknown", field="file", name=_shown(name), known=", ".join(source.FILES))
    if source.SHEET not in inner:
        raise Refused("zip-empty", field="file")
    return inner


def _without_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    tops = {PurePosixPath(name).parts[0] for name in files}
    if source.SHEET in files or len(tops) != 1:
        return dict(files)
    return {name.partition("/")[2] or name: content for name, content in files.items()}


def _shown(name: str) -> str:
    """As much of a name as fits into a sentence, without what would disturb it."""
    return "".join(sign if sign.isprintable() else "�" for sign in name[:80])


def cleaned(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files of a stranger as they may be kept: pictures drawn anew under the name of what they are, drawings reduced.

    Raises Refused.
    """
    kept: dict[str, bytes] = {}
    for path, content in files.items():
        try:
            name, left = clean(path, content)
        except Refused as refusal:
            raise Refused("theme-problem", field="file", file=path, sentence=refusal.sentence()) from None
        if name in kept:
            raise Refused("zip-twice", field="file", name=name)
        kept[name] = left
    return kept


def clean(path: str, content: bytes) -> tuple[str, bytes]:
    """One file: its path, which follows its content, and what is kept of it. Raises Refused, at its place."""
    place = place_of(path)
    if path == source.SHEET:
        return path, content
    if place in source.PICTURES and not is_drawing(content):
        picture = pictures.cleaned(place, content)
        return f"{place}.{picture.suffix}", picture.content
    path = f"{place}.svg" if place in source.PICTURES else path
    try:
        return path, reducing.reduced(path, content).encode()
    except Refused as refusal:
        raise Refused(refusal.code, field=place, **refusal.facts) from None


def place_of(path: str) -> str:
    """“logo” for “logo.png”; other files are called as they are."""
    name, _, suffix = path.rpartition(".")
    return name if name in source.PICTURES and suffix in pictures.SUFFIXES else path


def is_drawing(content: bytes) -> bool:
    """By what it holds, not by its name."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") or start[:2] in {b"\xff\xfe", b"\xfe\xff"}
