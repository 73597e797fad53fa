"""Ask a web server as fast as it answers, over connections that are kept: one thread, sockets, nothing parsed.

It takes little of the processor itself, and says how much: on two cores it stands in its own way.
"""

from __future__ import annotations

import os
import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smedash.local.ports import HOST

PATIENCE = 10.0
_HEAD_ENDS = b"\r\n\r\n"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a round of asking came to. Processor seconds by process group; our own under "load"."""

    answers: int
    wrong: int
    seconds: float
    processor: Mapping[str, float]

    @property
    def a_second(self) -> float:
        return self.answers / self.seconds

    def per_answer(self, name: str) -> float:
        """Microseconds of processor."""
        return self.processor[name] / self.answers * 1_000_000


def written_request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Connection:
    """One request at a time; the answer's body, if any, is counted by its Content-Length."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def complete(self) -> bytes:
        """The answer's status, once the whole answer has arrived."""
        self.received += self.socket.recv(65536)
        head, found, body = self.received.partition(_HEAD_ENDS)
        if not found or len(body) < _length_in(head):
            return b""
        self.received = b""
        return head[9:12]


def _length_in(head: bytes) -> int:
    _before, found, after = head.lower().partition(b"\r\ncontent-length:")
    return int(after.partition(b"\r\n")[0]) if found else 0


def ask(
    port: int,
    requests: Sequence[bytes],
    *,
    seconds: float,
    expect: bytes,
    groups: Mapping[str, int],
    connections: int = 16,
) -> Load:
    """Send the requests in turn for so long. `groups` are the process groups whose processor time is told."""
    opened = [_Connection(port) for _each in range(connections)]
    spent = {name: _processor_of(group) for name, group in groups.items()}
    own, began = time.process_time(), time.perf_counter()
    answers, wrong = _exchange(opened, requests, began + seconds, expect)
    took = time.perf_counter() - began
    used = {name: _processor_of(group) - spent[name] for name, group in groups.items()}
    for each in opened:
        each.socket.close()
    used["load"] = time.process_time() - own
    return Load(answers=answers, wrong=wrong, seconds=took, processor=used)


def _exchange(
    opened: Sequence[_Connection], requests: Sequence[bytes], until: float, expect: bytes
) -> tuple[int, int]:
    answers = wrong = sent = 0
    with selectors.DefaultSelector() as selector:
        for sent, each in enumerate(opened, start=1):
            selector.register(each.socket, selectors.EVENT_READ, each)
            each.socket.sendall(requests[sent % len(requests)])
        while time.perf_counter() < until:
            for key, _events in selector.select(PATIENCE):
                status = key.data.complete()
                if status:
                    answers += 1
                    wrong += status != expect
                    sent += 1
                    key.data.socket.sendall(requests[sent % len(requests)])
    return answers, wrong


def _processor_of(group: int) -> float:
    """Seconds that the living processes of a group have used."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(facts[2]) == group:
            total += int(facts[11]) + int(facts[12])
    return total / _TICKS
