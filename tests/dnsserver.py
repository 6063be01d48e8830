"""A name server of the test's own: it answers from a dict, over UDP and TCP."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

TTL = 5


class Mood(StrEnum):
    """What a name answers instead of records."""

    BROKEN = "broken"  # SERVFAIL
    SILENT = "silent"
    CUT = "cut"  # too long for UDP: ask again over TCP


Records = Mapping[str, Sequence[str]]


@dataclass
class Zone:
    """Records by name and kind: {"phone.example.test": {"A": ["192.0.2.1"]}}; or a mood. A CNAME is followed as far as it leads.

    A name that is not in it does not exist.
    """

    names: dict[str, Records | Mood] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # (name, kind, udp or tcp)

    def clear(self) -> None:
        self.names.clear()
        self.asked.clear()

    def answer(self, query: dns.message.Message, over: str) -> dns.message.Message | None:
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind, over))
        found = self.names.get(name)
        if found is Mood.SILENT:
            return None
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if found is Mood.BROKEN:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif found is Mood.CUT and over == "udp":
            reply.flags |= dns.flags.TC
        else:
            self._fill(reply, name, kind)
        return reply

    def _fill(self, reply: dns.message.Message, name: str, kind: str) -> None:
        for _step in range(10):
            found = self.names.get(name)
            if found is None:
                reply.set_rcode(dns.rcode.NXDOMAIN)
                return
            if found is Mood.CUT:
                found = {"TXT": [f'"{"x" * 200}"' for _one in range(10)]}
            assert not isinstance(found, Mood)
            if "CNAME" not in found:
                if kind in found:
                    reply.answer.append(_rrset(name, kind, found[kind]))
                return
            reply.answer.append(_rrset(name, "CNAME", found["CNAME"]))
            name = found["CNAME"][0].rstrip(".")


def _rrset(name: str, kind: str, values: Sequence[str]) -> dns.rrset.RRset:
    return dns.rrset.from_text_list(dns.name.from_text(name), TTL, dns.rdataclass.IN, kind, list(values))


@contextmanager
def serving(zone: Zone) -> Iterator[tuple[str, int]]:
    """The address and port where the zone is answered."""

    class OverUdp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, sock = self.request
            reply = zone.answer(dns.message.from_wire(wire), "udp")
            if reply is not None:
                sock.sendto(reply.to_wire(), self.client_address)

    class OverTcp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            (length,) = struct.unpack(">H", self.request.recv(2, socket.MSG_WAITALL))
            reply = zone.answer(dns.message.from_wire(self.request.recv(length, socket.MSG_WAITALL)), "tcp")
            if reply is not None:
                wire = reply.to_wire()
                self.request.sendall(struct.pack(">H", len(wire)) + wire)

    class Udp(socketserver.ThreadingUDPServer):
        daemon_threads = True

    class Tcp(socketserver.ThreadingTCPServer):
        daemon_threads = True

    tcp = Tcp(("127.0.0.1", 0), OverTcp)
    udp = Udp(tcp.server_address, OverUdp)
    threads = [threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True) for server in (tcp, udp)]
    for thread in threads:
        thread.start()
    try:
        yield str(tcp.server_address[0]), tcp.server_address[1]
    finally:
        for server in (tcp, udp):
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()
