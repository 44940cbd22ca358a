"""The file of a backup: a zip of the database, the spool and a manifest, whose last 64 bytes are the SHA-256 of all
bytes before them. No byte of it can change unseen.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

FORMAT = 1
MANIFEST, SPOOL = "manifest.json", "spool"
SUM = 64  # Hexadecimal digits, in the place of the zip's comment.
CHUNK = 1 << 20
Progress = Callable[[int], object]


class Damaged(Exception):
    """The file is not what was written. Says what is wrong, in French."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. counts: rows of each table. seals: organisation → hash of its last seal."""

    format: int
    program: str
    made_at: str
    engine: str
    key: str  # Tells whether a SECRET_KEY is the one of then; the key itself is not here.
    migrations: list[str]
    counts: dict[str, int]
    seals: dict[str, str]
    parts: dict[str, str] = field(default_factory=dict)  # Name → SHA-256.


@contextmanager
def nearby(target: Path) -> Iterator[Path]:
    """A folder beside `target` for what is not finished: on its disk, so that one rename finishes it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".entremise-", dir=target.parent) as folder:
        yield Path(folder).resolve()  # Other programs are run in it.


def write(target: Path, manifest: Manifest, parts: Mapping[str, Path], progress: Progress) -> None:
    """Write the file under a name that nobody takes for a backup, then give it its own.

    Raises FileExistsError. A part that went meanwhile, as files of a spool do, is left out.
    """
    with nearby(target) as folder:
        unfinished = folder / "unfinished"
        with ZipFile(unfinished, "w", ZIP_DEFLATED) as archive:
            sums = {name: _put(archive, name, path, progress) for name, path in parts.items()}
            whole = {**asdict(manifest), "parts": {name: one for name, one in sums.items() if one}}
            archive.writestr(MANIFEST, json.dumps(whole, indent=1, ensure_ascii=False))
            archive.comment = b"0" * SUM
        with unfinished.open("r+b") as file:
            total = _sum(file, unfinished.stat().st_size - SUM)
            file.seek(-SUM, os.SEEK_END)
            file.write(total.encode())
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(0o600)
        if target.exists():
            raise FileExistsError(target)
        unfinished.rename(target)
        sync(target.parent)


def read(source: Path, progress: Progress) -> Manifest:
    """What the file says of itself, once every byte of it is proved. Raises Damaged."""
    try:
        size = source.stat().st_size
        with source.open("rb") as file:
            total = _sum(file, max(0, size - SUM), progress)
            if size < SUM or file.read() != total.encode():
                raise Damaged(f"{source} n’est pas une sauvegarde entière : sa somme de contrôle ne va pas.")
        with ZipFile(source) as archive:
            told = json.loads(archive.read(MANIFEST))
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise Damaged(f"{source} ne se lit pas : {error}.") from error
    if told.get("format") != FORMAT:
        raise Damaged(f"{source} est d’un format que cette version ne connaît pas ({told.get('format')}).")
    return Manifest(**told)


def extract(source: Path, manifest: Manifest, part: str, target: Path, progress: Progress) -> None:
    """Write one part to `target`. Raises Damaged when it is not what the manifest says."""
    target.parent.mkdir(parents=True, exist_ok=True)
    seen = hashlib.sha256()
    with ZipFile(source) as archive, archive.open(part) as packed, target.open("wb") as file:
        while chunk := packed.read(CHUNK):
            seen.update(chunk)
            file.write(chunk)
            progress(len(chunk))
        file.flush()
        os.fsync(file.fileno())
    if seen.hexdigest() != manifest.parts[part]:
        raise Damaged(f"{part} n’est pas ce que la sauvegarde en dit.")


def spooled(manifest: Manifest) -> Iterator[tuple[str, PurePosixPath]]:
    """The parts that belong in the spool, with their places below it."""
    for part in manifest.parts:
        path = PurePosixPath(part)
        if path.parts[0] == SPOOL and ".." not in path.parts:
            yield part, path.relative_to(SPOOL)


def sync(folder: Path) -> None:
    """A rename is only kept once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put(archive: ZipFile, name: str, path: Path, progress: Progress) -> str:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return ""
    seen = hashlib.sha256()
    with file, archive.open(name, "w", force_zip64=True) as packed:
        while chunk := file.read(CHUNK):
            seen.update(chunk)
            packed.write(chunk)
            progress(len(chunk))
    return seen.hexdigest()


def _sum(file: BinaryIO, size: int, progress: Progress = lambda size: None) -> str:
    """SHA-256 of the first `size` bytes; the file is left after them."""
    file.seek(0)
    seen = hashlib.sha256()
    while size and (chunk := file.read(min(CHUNK, size))):
        seen.update(chunk)
        size -= len(chunk)
        progress(len(chunk))
    return seen.hexdigest()
