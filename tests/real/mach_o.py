"""Programs and libraries of macOS, read where there is no Mac: what they need, and whether their signature holds."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

MAGIC, FAT_MAGIC = 0xFEEDFACF, 0xCAFEBABE
HEADER_SIZE = 32
EXECUTABLE = 2  # what a file of the format is: a program, not a library
LOAD_LIBRARY = {0xC, 0x80000018, 0x8000001F}  # plainly, if it is there, and to export it again
SIGNATURE, BUILD_VERSION, OLDEST_VERSION = 0x1D, 0x32, 0x24
EMBEDDED_SIGNATURE, CODE_DIRECTORY = 0xFADE0CC0, 0xFADE0C02
SYSTEM = ("/usr/lib/", "/System/Library/")


@dataclass(frozen=True)
class Binary:
    """One program or library, for one kind of processor."""

    path: Path
    is_program: bool
    libraries: tuple[str, ...]
    oldest_macos: tuple[int, int]
    signature_holds: bool | None  # None: it has none

    def missing_libraries(self) -> list[str]:
        """What the loader would look for in vain."""
        ours = [library for library in self.libraries if not library.startswith(SYSTEM)]
        return [
            name for name in ours if not Path(name.replace("@loader_path", str(self.path.parent))).exists()
        ]


def binaries(folder: Path) -> Iterator[Binary]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            for start in _starts(content):
                yield _read(path, content[start:])


def _starts(content: bytes) -> list[int]:
    """One for each kind of processor that the file serves; none if it is no such file."""
    if len(content) < HEADER_SIZE:
        return []
    if struct.unpack_from("<I", content)[0] == MAGIC:
        return [0]
    magic, number = struct.unpack_from(">2I", content)
    return (
        [struct.unpack_from(">I", content, 16 + 20 * n)[0] for n in range(number)]
        if magic == FAT_MAGIC
        else []
    )


def _read(path: Path, content: bytes) -> Binary:
    kind, number = struct.unpack_from("<2I", content, 12)
    libraries: list[str] = []
    oldest, holds = (0, 0), None
    at = HEADER_SIZE
    for _ in range(number):
        command, size, first, second = struct.unpack_from("<4I", content, at)
        if command in LOAD_LIBRARY:
            libraries.append(content[at + first : at + size].split(b"\0")[0].decode())
        elif command == SIGNATURE:
            holds = _holds(content, first)
        elif command in (BUILD_VERSION, OLDEST_VERSION):
            packed = second if command == BUILD_VERSION else first
            oldest = (packed >> 16, packed >> 8 & 0xFF)
        at += size
    return Binary(path, kind == EXECUTABLE, tuple(libraries), oldest, holds)


def _holds(content: bytes, at: int) -> bool:
    """Whether each page still is what was signed: else macOS ends the program as it starts."""
    magic, _, number = struct.unpack_from(">3I", content, at)
    if magic != EMBEDDED_SIGNATURE:
        return False
    parts = [at + struct.unpack_from(">I", content, at + 16 + 8 * n)[0] for n in range(number)]
    directories = [part for part in parts if struct.unpack_from(">I", content, part)[0] == CODE_DIRECTORY]
    return bool(directories) and all(_pages_match(content, directory, at) for directory in directories)


def _pages_match(content: bytes, directory: int, end: int) -> bool:
    hashes, _, _, pages, limit = struct.unpack_from(">5I", content, directory + 16)
    length, kind, _, page_bits = struct.unpack_from(">4B", content, directory + 36)
    if kind != 2 or limit != end:  # SHA-256, of all that stands before the signature
        return False
    page = 1 << page_bits
    at = directory + hashes
    return all(
        sha256(content[n * page : min((n + 1) * page, limit)]).digest()[:length]
        == content[at + n * length : at + (n + 1) * length]
        for n in range(pages)
    )
