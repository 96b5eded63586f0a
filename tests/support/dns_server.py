"""A name server on loopback that answers for the zone a test gives it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset


@dataclass
class NameServer:
    """`texts` maps a name in lower case to its TXT values; a value is a list of strings."""

    address: str = ""
    texts: dict[str, list[list[str]]] = field(default_factory=dict)
    rcode: dns.rcode.Rcode | None = None
    """What every question is answered with instead."""
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def publish(self, name: str, *values: str | list[str]) -> None:
        self.texts[name] = [[value] if isinstance(value, str) else value for value in values]

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        self.asked.append(name)
        response = dns.message.make_response(query, recursion_available=True)
        values = self.texts.get(name.lower())
        if self.rcode is not None:
            response.set_rcode(self.rcode)
        elif values is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif question.rdtype == dns.rdatatype.TXT and values:
            written = [" ".join(f'"{part}"' for part in strings) for strings in values]
            response.answer.append(
                dns.rrset.from_text(question.name, 60, dns.rdataclass.IN, dns.rdatatype.TXT, *written)
            )
        return response


@contextmanager
def name_server() -> Iterator[NameServer]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.1)
        server, stop = NameServer(f"127.0.0.1:{udp.getsockname()[1]}"), threading.Event()
        thread = threading.Thread(target=_serve, args=(udp, server, stop))
        thread.start()
        try:
            yield server
        finally:
            stop.set()
            thread.join()


def _serve(udp: socket.socket, server: NameServer, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            wire, sender = udp.recvfrom(4096)
        except TimeoutError:
            continue
        response = server.answer(dns.message.from_wire(wire))
        if not server.silent:
            udp.sendto(response.to_wire(), sender)
