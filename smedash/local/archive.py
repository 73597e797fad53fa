"""A backup file: a tar archive with a manifest that names each member's checksum."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from pathlib import Path

from smedash.local.sentences import CannotStart

MANIFEST = "manifest.json"
FORMAT = 1
BROKEN = "{file} is not a whole backup of SMEdash ({reason}). Nothing was changed."


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(folder: Path, file: Path) -> None:
    """Write every file of the folder. The backup appears whole or not at all."""
    members = sorted(path for path in folder.rglob("*") if path.is_file())
    checksums = {str(path.relative_to(folder)): checksum(path) for path in members}
    (folder / MANIFEST).write_text(json.dumps({"format": FORMAT, "checksums": checksums}, indent=1))
    unfinished = file.with_name(f"{file.name}.unfinished")
    if not file.parent.is_dir():
        raise CannotStart(f"There is no folder {file.parent} to write the backup to.")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            with tarfile.open(fileobj=output, mode="w") as archive:
                for path in (folder / MANIFEST, *members):
                    archive.add(path, arcname=str(path.relative_to(folder)))
            output.flush()
            os.fsync(output.fileno())
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)


def extract(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file into the folder, and never outside. (Python 3.11.2, Debian's, has no extraction filters.)"""
    target = (folder / member.name).resolve()
    content = archive.extractfile(member) if member.isfile() else None
    if content is None or not target.is_relative_to(folder.resolve()):
        raise ValueError(f"{member.name} does not belong in it")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with content, target.open("wb") as file:
        shutil.copyfileobj(content, file)


def unpack(file: Path, folder: Path) -> None:
    """Unpack and check every member, or say what is wrong with the file."""
    try:
        with tarfile.open(file, mode="r:") as archive:
            for member in archive:
                extract(archive, member, folder)
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        checksums = manifest["checksums"]
    except FileNotFoundError as error:
        raise CannotStart(
            BROKEN.format(file=file, reason=f"{Path(error.filename).name} is missing")
        ) from None
    except (tarfile.TarError, OSError, ValueError, KeyError, EOFError) as error:
        raise CannotStart(BROKEN.format(file=file, reason=str(error) or "cut short")) from None
    if manifest.get("format") != FORMAT:
        raise CannotStart(BROKEN.format(file=file, reason="a newer SMEdash has written it"))
    for name, expected in checksums.items():
        if not (folder / name).is_file() or checksum(folder / name) != expected:
            raise CannotStart(BROKEN.format(file=file, reason=f"{name} is damaged"))
