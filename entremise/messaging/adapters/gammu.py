"""Text messages through a modem: the spool folders of gammu-smsd, service "files".

In gammu-smsdrc: service = files, the four folders, inboxformat = unicode, transmitformat = auto, deliveryreport = log
(the reports of `sms` would come in looking like answers).
"""

import codecs
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.messaging.adapters.base import ChannelDown, Outgoing, Receipt, Undeliverable

_NUMBER = re.compile(r"\+?\d{3,15}")
_OUT_NAME = re.compile(r"OUT[A-Z]\d{8}_\d{6}_\d\d_[^_]+_([0-9a-f]{32})\.txt")
_IN_NAME = re.compile(r"IN(\d{8}_\d{6})_(\d\d)_(.*)_(\d\d)\.txt", re.DOTALL)
_PARTS_WITHIN = timedelta(minutes=10)  # Each part bears its own time in its name.


@dataclass(frozen=True)
class Incoming:
    """A text message received, its parts joined. `key` stays the same if the files are read again."""

    key: str
    sender: str
    text: str
    received_at: datetime
    files: tuple[Path, ...]

    @property
    def id(self) -> str:
        """What a log may call it: the key names the sender."""
        return sha256(self.key.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Gammu:
    """The spool of one modem. zone: of the operator's clock, which the names of received files show."""

    spool: Path
    zone: ZoneInfo
    priority: str = "C"  # A to Z, A leaves first.

    def prepare(self) -> None:
        """Make the folders that gammu-smsd expects to find."""
        for folder in (self._inbox, self._outbox, self._sent, self._error, self._read):
            folder.mkdir(parents=True, exist_ok=True)

    def send(self, message: Outgoing) -> Receipt:
        """Put the text in the outbox. Asking again for the same letter never sends it twice."""
        if not _NUMBER.fullmatch(message.to):
            raise Undeliverable("not a phone number")
        moment = message.queued_at.astimezone(UTC).strftime("%Y%m%d_%H%M%S")
        name = f"OUT{self.priority}{moment}_00_{message.to}_{message.reference.hex}.txt"
        if (self._sent / name).exists():
            return Receipt("sent")
        try:
            (self._error / name).unlink(missing_ok=True)
            _write(self._outbox / name, codecs.BOM_UTF16_BE + message.body.encode("utf-16-be"))
        except OSError as error:
            raise ChannelDown(str(error)) from error
        return Receipt("in the outbox")

    def failed(self) -> Iterator[UUID]:
        """References of the letters that the modem gave up; they stay listed until sent again."""
        for path in sorted(self._error.glob("OUT*.txt")):
            if found := _OUT_NAME.fullmatch(path.name):
                yield UUID(found[1])

    def read_inbox(self, *, before: datetime) -> Iterator[Incoming]:
        """Messages received, oldest first. Nothing is moved: `acknowledge` each once it is stored.

        A sender whose files were touched at or after `before` waits for the next reading: gammu-smsd may still be
        writing the other parts.
        """
        try:
            files = [part for path in self._inbox.iterdir() if path.is_file() and (part := _Part.of(path, self.zone))]
        except OSError as error:
            raise ChannelDown(str(error)) from error
        messages: list[list[_Part]] = []
        for _, found in groupby(sorted(files, key=lambda part: part.sender), key=lambda part: part.sender):
            parts = list(found)
            if all(part.path.stat().st_mtime < before.timestamp() for part in parts):
                messages += _joined(parts)
        for parts in sorted(messages, key=lambda parts: (parts[0].at, parts[0].serial, parts[0].sender)):
            yield _incoming(parts)

    def acknowledge(self, incoming: Incoming) -> None:
        """Move the message out of the inbox, the first part last: its name is the key, should this be cut short."""
        for path in reversed(incoming.files):
            target, copy = self._read / path.name, 1
            while target.exists():  # Two messages in one second, read between: the same name again.
                copy += 1
                target = self._read / f"{path.name}.{copy}"
            with suppress(FileNotFoundError):
                path.rename(target)

    @property
    def _inbox(self) -> Path:
        return self.spool / "inbox"

    @property
    def _outbox(self) -> Path:
        return self.spool / "outbox"

    @property
    def _sent(self) -> Path:
        return self.spool / "sent"

    @property
    def _error(self) -> Path:
        return self.spool / "error"

    @property
    def _read(self) -> Path:
        return self.spool / "read"


@dataclass(frozen=True)
class _Part:
    path: Path
    at: datetime
    serial: str
    sender: str
    sequence: int
    raw: bytes = field(repr=False)

    @classmethod
    def of(cls, path: Path, zone: ZoneInfo) -> "_Part | None":
        found = _IN_NAME.fullmatch(path.name)
        try:
            moment = datetime.strptime(found[1], "%Y%m%d_%H%M%S") if found else None
        except ValueError:  # No modem's clock says so: a file laid there by hand must not hold up the others.
            moment = None
        if not found or not moment:
            return None
        at = moment.replace(tzinfo=zone).astimezone(UTC)
        return cls(path, at, found[2], _storable(found[3]), int(found[4]), path.read_bytes())

    @property
    def text(self) -> str:
        """gammu-smsd 1.42 counts bytes where it should count characters and writes memory behind accented texts: what
        follows the first NUL is not the message.
        """
        if self.raw.startswith(codecs.BOM_UTF16_BE):
            text = self.raw[2:].decode("utf-16-be", "replace")
        else:
            text = self.raw.decode("utf-8", "replace")
        return text.partition("\0")[0]


def _storable(name: str) -> str:
    """Of a file's name, what a database takes: bytes that are no letters are replaced."""
    return name.encode("utf-8", "replace").decode()


def _joined(parts: list[_Part]) -> list[list[_Part]]:
    """One sender's files as messages: a further part belongs to the beginning nearest in time that lacks it."""
    messages = [[part] for part in parts if part.sequence == 0]
    for part in sorted((part for part in parts if part.sequence), key=lambda part: (part.sequence, part.at)):
        homes = [
            message
            for message in messages
            if message[0].serial == part.serial
            and message[-1].sequence == part.sequence - 1
            and abs(message[0].at - part.at) <= _PARTS_WITHIN
        ]
        if homes:
            min(homes, key=lambda message: abs(message[0].at - part.at)).append(part)
        else:
            messages.append([part])
    return messages


def _incoming(parts: list[_Part]) -> Incoming:
    first = parts[0]
    return Incoming(
        key=f"{_storable(first.path.name)[:100]}:{sha256(first.raw).hexdigest()[:16]}",
        sender=first.sender,
        text="".join(part.text for part in parts),
        received_at=first.at,
        files=tuple(part.path for part in parts),
    )


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also if the power goes: gammu-smsd overlooks names that do not begin with OUT."""
    draft = path.with_name(f".{path.name}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
