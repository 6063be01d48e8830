"""Which encoding a file is in. Unicode can be told; of the others, the one in which names look like names."""

import codecs
from collections.abc import Mapping
from itertools import islice

from charset_normalizer import from_bytes

ENCODINGS: Mapping[str, str] = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "cp1252": "Windows-1252",
    "iso8859_15": "ISO-8859-15",
    "cp1254": "Windows-1254",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1256": "Windows-1256",
    "mac_roman": "Mac Roman",
}
# What is written besides ASCII where each encoding is used; of those that fit equally well, the first is taken.
_EXPECTED: Mapping[str, frozenset[str]] = {
    "cp1252": frozenset("äöüÄÖÜßàâáãåæçéèêëíìîïñóòôõøœúùûÿÀÂÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÕØŒÚÙÛ€–—‘’“”„…·°§«»\u00a0"),
    "iso8859_15": frozenset("äöüÄÖÜßàâáãåæçéèêëíìîïñóòôõøœúùûÿÀÂÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÕØŒÚÙÛ€ŠšŽž·°§«»\u00a0"),
    "cp1254": frozenset("çÇğĞıİöÖşŞüÜâÂîÎûÛäÄß€–—‘’“”„…·°\u00a0"),
    "mac_roman": frozenset("äöüÄÖÜßàâáãåæçéèêëíìîïñóòôõøœúùûÿÀÂÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÕØŒÚÙÛ–—‘’“”„…«»\u00a0"),
    "cp1250": frozenset("äöüÄÖÜßąĄćĆęĘłŁńŃóÓśŚźŹżŻáÁčČďĎéÉěĚíÍňŇřŘšŠťŤúÚůŮýÝžŽőŐűŰđĐăĂâÂîÎşŞţŢľĽĺĹôÔŕŔ€–—‘’“”„…·°\u00a0"),
}
_STRANGE = 0.2  # of the signs besides ASCII: more of them, and it is none of these
_SAMPLE = 400  # lines that decide
_SIZE = 100_000  # bytes of them
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def encoding_of(content: bytes) -> str:
    """One of ENCODINGS."""
    if content.startswith(_MARKS) or _every_other_is_zero(content):
        return "utf-16"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _guess(content)
    return "utf-8"


def codec_of(content: bytes, encoding: str) -> str:
    """What Python reads it with."""
    if encoding == "utf-16" and not content.startswith(_MARKS):
        return "utf-16-be" if content[:2000:2].count(0) > content[1:2000:2].count(0) else "utf-16-le"
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _every_other_is_zero(content: bytes) -> bool:
    """UTF-16 without its mark, as long as most of it is Latin."""
    sample = content[:2000]
    return max(sample[0::2].count(0), sample[1::2].count(0)) > len(sample) * 0.3


def _guess(content: bytes) -> str:
    """By the lines in which the encoding makes a difference."""
    sample = b"\n".join(islice((line for line in content.splitlines() if not line.isascii()), _SAMPLE))[:_SIZE]
    if _is_not_latin(sample):
        return _other(sample)
    strange = {encoding: _strange(sample, encoding) for encoding in _EXPECTED}
    best = min(strange, key=strange.__getitem__)
    if strange[best] <= _STRANGE:
        return best
    return _other(sample)


def _is_not_latin(sample: bytes) -> bool:
    """Of its letters, hardly any is one of ASCII."""
    foreign = sum(sign > 127 for sign in sample)
    return foreign > 8 and foreign > 2 * sum(chr(sign).isalpha() for sign in sample if sign < 128)


def _other(sample: bytes) -> str:
    found = from_bytes(sample, cp_isolation=["cp1251", "cp1253", "cp1256"]).best()
    return found.encoding if found and found.encoding in ENCODINGS else "cp1252"


def _strange(sample: bytes, encoding: str) -> float:
    signs = [sign for sign in sample.decode(encoding, errors="replace") if ord(sign) > 127]
    return sum(sign not in _EXPECTED[encoding] for sign in signs) / max(len(signs), 1)
