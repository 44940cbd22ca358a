import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from entremise.kernel.refused import Refused

CHUNK = 1 << 16
_COLUMN = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def check_workbook(name: str, content: bytes, *, max_unpacked: int, max_cells: int) -> None:
    """Refuse a zipped workbook that would unpack to more than `max_unpacked` bytes or `max_cells` cells.

    The reader allocates every cell between the first and the last one filled, and its process dies when memory
    runs out: a few hundred bytes with a value in XFD1048576 are enough. So the extent is measured before it reads.
    Raises Refused file_kind_not_read, file_old_or_locked, file_too_large, file_not_readable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_kind(name, archive)
            members = archive.infolist()
            if sum(member.file_size for member in members) > max_unpacked:
                raise Refused("file_too_large", {"name": name, "megabytes": max_unpacked >> 20}, where="file")
            if sum(_cells(_chunks(archive, member)) for member in members) > max_cells:
                raise Refused("file_too_many_cells", {"name": name, "most": max_cells}, where="file")
    except _BROKEN as error:
        raise Refused("file_not_readable", {"name": name}, where="file") from error


def _check_kind(name: str, archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if any(member.flag_bits & 1 for member in archive.infolist()):
        raise Refused("file_old_or_locked", {"name": name}, where="file")
    if "mimetype" in names and "content.xml" in names and b"spreadsheet" in archive.read("mimetype")[:200]:
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Refused("file_old_or_locked", {"name": name}, where="file")
        return
    if "xl/workbook.bin" in names or not any(member.startswith("xl/worksheets/") for member in names):
        raise Refused("file_kind_not_read", {"name": name}, where="file")


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    # Reading to the end also proves the declared size and the checksum.
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _cells(chunks: Iterator[bytes]) -> int:
    """Cells the reader would allocate for one member; 0 for what is not XML."""
    first = next(chunks, b"")
    if not first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        for _ in chunks:
            pass
        return 0
    extent, parser = _Extent(), expat.ParserCreate("UTF-8")  # As the reader takes it, whatever it declares.
    parser.StartElementHandler, parser.EndElementHandler = extent.open, extent.close
    parser.EntityDeclHandler = _no_entities
    parser.Parse(first)
    for chunk in chunks:
        parser.Parse(chunk)
    parser.Parse(b"", True)
    return extent.area


def _no_entities(*_: object) -> None:
    raise ValueError("no workbook declares entities")


class _Extent:
    """The rectangle of filled cells of each sheet, of both formats, by element names as the reader knows them."""

    def __init__(self) -> None:
        self.area = self.bottom = self.right = self.row = self.column = 0
        self.tall = self.wide = 1

    def open(self, name: str, attributes: dict[str, str]) -> None:
        prefix, _, local = name.rpartition(":")
        if prefix in ("table", "text", "office"):
            self._open_ods(local, attributes)
        elif local == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif local == "c":
            self.column += 1
            if place := _COLUMN.fullmatch(attributes.get("r", "")):
                self.column, self.row = _number(place[1]), int(place[2])
        elif local in ("v", "f", "is", "t"):
            self._fill()

    def _open_ods(self, local: str, attributes: dict[str, str]) -> None:
        if local == "table-row":
            self.tall, self.column = int(attributes.get("table:number-rows-repeated", 1)), 0
            self.row += self.tall
        elif local in ("table-cell", "covered-table-cell"):
            self.wide = int(attributes.get("table:number-columns-repeated", 1))
            self.column += self.wide
            if any(attribute.startswith("office:") for attribute in attributes):
                self._fill()
        elif local == "p":
            self._fill()

    def _fill(self) -> None:
        self.bottom, self.right = max(self.bottom, self.row), max(self.right, self.column)

    def close(self, name: str) -> None:
        if name == "table:table" or name.rpartition(":")[2] == "sheetData":
            self.area += self.bottom * self.right
            self.bottom = self.right = self.row = self.column = 0


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
