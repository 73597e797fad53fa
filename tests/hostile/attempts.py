"""Requests made up for one address: each field in turn, all at once, and bodies that are no form at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final
from urllib.parse import quote_from_bytes

from tests.hostile.discovering import Known
from tests.hostile.values import LONG, SHORT

FORM: Final = "application/x-www-form-urlencoded"
PARTS: Final = "multipart/form-data; boundary=x"
LARGEST: Final = 2_000_000  # bytes, below what Django takes
METHODS: Final = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "NONSENSE")
_PART: Final = (
    b'--x\r\nContent-Disposition: form-data; name="%s"; filename="../\xff\0a.csv"\r\n\r\n\xff\0\r\n'
)
_BODIES: Final[dict[str, tuple[str, bytes]]] = {
    "a body that is not UTF-8": (FORM, b"\xff\xfe=\xed\xa0\x80&%ff%fe=%ed%a0%80&=&&=%zz"),
    "too many fields": (FORM, b"&".join(b"f%d=1" % number for number in range(1_001))),
    "a charset that is not": (f"{FORM}; charset=utf-99", b"name=a"),
    "a charset of another time": (f"{FORM}; charset=utf-16", b"name=\xff\xfea"),
    "a form without a border": ("multipart/form-data", b"--x\r\n"),
    "a form with a border beyond all": (f"multipart/form-data; boundary={'x' * 300}", b"--x\r\n"),
    "a form that breaks off": (PARTS, b'--x\r\nContent-Disposition: form-data; name="file"; filename="a'),
    "a form with broken base64": (
        PARTS,
        b'--x\r\nContent-Disposition: form-data; name="name"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--',
    ),
    "deep JSON": ("application/json", b"[" * 50_000),
    "a list as JSON": ("application/json", b"[1, null, {}]"),
    "half of JSON": ("application/json", b'{"kind": "order", "am'),
    "JSON in another encoding": ("application/json; charset=utf-16", '{"a": 1}'.encode("utf-16")),
    "XML that grows": ("text/xml", b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'),
    "no type at all": ("", b"name=a"),
    "a type of nonsense": ("\x01/;;;=,", b"name=a"),
}
_HEADERS: Final[dict[str, Mapping[str, str]]] = {
    "a sender in brackets": {"Referer": "http://[::1"},
    "a sender of nonsense": {"Referer": "http://testserver/\udcff\x01%00"},
    "languages of nonsense": {"Accept-Language": "de;q=9,;;q=,*;q=x," + "a-" * 500},
    "a fragment of a page elsewhere": {"HX-Request": "true", "HX-Current-URL": "http://[", "HX-Target": "'\"<\x01"},
    "an encoded fragment": {"HX-Request": "true", "HX-Current-URL-URI-AutoEncoded": "x", "HX-Current-URL": "%ff"},
    "cookies of nonsense": {"Cookie": 'theme="><script>; language=../..; messages=%ff; session='},
    "a forwarder of nonsense": {"X-Forwarded-For": "1.2.3, '--, ::::", "X-Forwarded-Proto": "gopher"},
    "a program of a long name": {"User-Agent": "\xff" * 5_000},
    "wants nothing": {"Accept": "\x01/*;q=z", "Accept-Encoding": "gzip;q=x, *"},
    "a part of it": {"Range": "bytes=9-1,-,x", "If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 GMT"},
    "a secret of nonsense": {"Authorization": "Bearer sme_\xff\x00"},
}  # fmt: skip


@dataclass(frozen=True)
class Attempt:
    label: str
    method: str = "GET"
    query: bytes = b""
    body: bytes = b""
    content_type: str = FORM
    headers: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, bytes] = field(default_factory=dict)  # what a page that refuses it has to show again


def all_attempts(known: Known) -> Iterator[Attempt]:
    """Every value in every field, for the long run."""
    for name in known.query:
        for kind, value in SHORT.items():
            yield _asking(known, {name: value}, f"{name} is {kind}")
    for name in known.body:
        for kind, value in (SHORT | LONG).items():
            yield _sending(known, {name: value}, f"{name} is {kind}")
    for kind, value in SHORT.items():
        yield _asking(known, dict.fromkeys(known.query, value), f"everything is {kind}")
        yield _sending(known, dict.fromkeys(known.body, value), f"everything is {kind}")
    yield from _odd(known)


def some_attempts(known: Known, chance: Random) -> Iterator[Attempt]:
    """A few for each address, always the same ones: over all addresses every value has its turn."""
    if known.query:
        name, kind = chance.choice(sorted(known.query)), chance.choice(sorted(SHORT))
        yield _asking(known, {name: SHORT[kind]}, f"{name} is {kind}")
        kinds = {name: chance.choice(sorted(SHORT)) for name in sorted(known.query)}
        yield _asking(known, {name: SHORT[kind] for name, kind in kinds.items()}, str(kinds))
    if known.body:
        name, kind = chance.choice(sorted(known.body)), chance.choice(sorted(SHORT | LONG))
        yield _sending(known, {name: (SHORT | LONG)[kind]}, f"{name} is {kind}")
        kinds = {name: chance.choice(sorted(SHORT)) for name in sorted(known.body)}
        yield _sending(known, {name: SHORT[kind] for name, kind in kinds.items()}, str(kinds))
    yield chance.choice(list(_odd(known)))


def _asking(known: Known, hostile: Mapping[str, bytes], label: str) -> Attempt:
    return Attempt(label, query=_encode({**known.query, **hostile}))


def _sending(known: Known, hostile: Mapping[str, bytes], label: str) -> Attempt:
    fields = {**known.body, **hostile}
    return Attempt(label, method="POST", body=_encode(fields)[:LARGEST], typed=fields)


def _odd(known: Known) -> Iterator[Attempt]:
    """What is not about one field: bodies that are no form, fields given twice, files for words, headers."""
    for kind, (content_type, body) in _BODIES.items():
        yield Attempt(kind, method="POST", body=body, content_type=content_type)
    names = [quote_from_bytes(name.encode()).encode() for name in known.body]
    yield Attempt("all twice", method="POST", body=b"&".join(b"%s=1&%s=2" % (name, name) for name in names))
    yield Attempt("empty lists", method="POST", body=b"&".join(b"%s[]=" % name for name in names))
    files = b"".join(_PART % name for name in names) + b"--x--\r\n"
    yield Attempt("files for words", method="POST", body=files, content_type=PARTS)
    yield Attempt("a broken address line", query=b"%ff%fe=%zz&&=&%00=%00&a[b][c]=1&a=" + b"1" * 3_000)
    for kind, headers in _HEADERS.items():
        yield Attempt(kind, headers=headers)
        yield Attempt(kind, method="POST", headers=headers, body=_encode(known.body))
    for method in METHODS:
        yield Attempt(f"the method {method}", method=method)


def _encode(fields: Mapping[str, bytes]) -> bytes:
    pairs = ((quote_from_bytes(name.encode()), quote_from_bytes(value)) for name, value in fields.items())
    return "&".join(f"{name}={value}" for name, value in pairs).encode()
