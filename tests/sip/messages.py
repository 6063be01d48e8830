"""SIP messages, as far as phones need them."""

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length", "c": "content-type"}
BODY = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)


def token() -> str:
    return secrets.token_hex(6)


@dataclass(frozen=True)
class Message:
    """A request (`code` is 0) or an answer to one."""

    text: str
    first: str
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, data: bytes) -> "Message":
        text = data.decode(errors="replace")
        first, *lines = text.partition("\r\n\r\n")[0].split("\r\n")
        pairs = (line.partition(":")[::2] for line in lines)
        return cls(
            text, first, tuple((SHORT.get(name.strip().lower(), name.strip().lower()), value.strip()) for name, value in pairs)
        )

    @property
    def code(self) -> int:
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return self["cseq"].split()[1]

    @property
    def uri(self) -> str:
        return self.first.split()[1]

    @property
    def branch(self) -> str:
        found = re.search(r"branch=([^;,\s]+)", self["via"])
        return found[1] if found else ""

    @property
    def caller(self) -> str:
        """The user part of From."""
        found = re.search(r"sips?:([^@>]+)@", self["from"])
        return found[1] if found else ""

    def __getitem__(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> Iterator[str]:
        return (value for found, value in self.headers if found == name)

    def answer(self, code: int, reason: str, to_tag: str, *more: str, body: str = "") -> str:
        kept = [
            f"{name.title()}: {value}"
            for name, value in self.headers
            if name in {"via", "record-route", "from", "call-id", "cseq"}
        ]
        to = self["to"] if "tag=" in self["to"] else f"{self['to']};tag={to_tag}"
        return written(f"SIP/2.0 {code} {reason}", *kept, f"To: {to}", *more, body=body)


def written(first: str, *headers: str, body: str = "") -> str:
    kind = ("Content-Type: application/sdp",) if body else ()
    return "\r\n".join([first, *headers, *kind, f"Content-Length: {len(body)}", "", body])


def address_in(header: str) -> str:
    """The URI of a Contact or a Route."""
    found = re.search(r"<([^>]+)>", header)
    return found[1] if found else header.partition(";")[0].strip()


def challenge(message: Message) -> Mapping[str, str]:
    asked = message["www-authenticate"] or message["proxy-authenticate"]
    return {name: quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', asked)}


def uncounted(message: Message, method: str, uri: str, username: str, password: str) -> str:
    """The header that answers a challenge, as phones wrote it before there was qop."""
    asked = challenge(message)
    secret = _md5(f"{username}:{asked['realm']}:{password}")
    proof = _md5(":".join([secret, asked["nonce"], _md5(f"{method}:{uri}")]))
    header = "Proxy-Authorization" if message.code == 407 else "Authorization"
    return (
        f'{header}: Digest username="{username}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="{uri}", '
        f'response="{proof}"'
    )


def credentials(message: Message, method: str, uri: str, username: str, password: str) -> str:
    """The header that answers a challenge."""
    asked = challenge(message)
    header = "Proxy-Authorization" if message.code == 407 else "Authorization"
    count, own = "00000001", token()
    secret = _md5(f"{username}:{asked['realm']}:{password}")
    proof = _md5(":".join([secret, asked["nonce"], count, own, "auth", _md5(f"{method}:{uri}")]))
    return (
        f'{header}: Digest username="{username}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="{uri}", '
        f'algorithm=MD5, qop=auth, nc={count}, cnonce="{own}", response="{proof}"'
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
