"""Photos and scans that people send: drawn anew, or refused in words."""

import io
import struct
import zlib

import pytest
from PIL import Image

from entremise.documents.adapters.scans import LARGEST, LONGEST_SIDE, clean
from entremise.kernel.refused import Refused


def image(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **more)
    return out.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def test_where_and_by_which_device_a_photo_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[0x0110], exif[0x9C9C] = "Telephone of Karim", "A remark".encode("utf-16-le")
    exif.get_ifd(0x8825)[1] = "N"
    content, mime = clean(image(exif=exif, comment=b"taken at home"))
    assert mime == "image/jpeg"
    with Image.open(io.BytesIO(content)) as drawn:
        assert not drawn.getexif()
        assert "comment" not in drawn.info
    assert b"Karim" not in content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_kinds_that_the_form_names_are_read(kind: str) -> None:
    assert clean(image(kind))[1] == "image/jpeg"


def test_a_large_scan_becomes_a_page() -> None:
    with Image.open(io.BytesIO(clean(image(size=(5000, 4000)))[0])) as drawn:
        assert max(drawn.size) == LONGEST_SIDE


def test_a_small_file_that_would_be_a_huge_picture_is_not_unpacked() -> None:
    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    with pytest.raises(Refused):
        clean(bomb)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 ...",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + bytes(40),
        image()[:200],
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)) + chunk(bytes(4), b"x"),
    ],
    ids=["empty", "pdf", "svg", "gif", "cut", "odd chunk"],
)
def test_what_is_not_a_whole_picture_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Refused, match="scan_not_readable"):
        clean(content)


def test_a_file_too_large_is_not_even_opened() -> None:
    with pytest.raises(Refused, match="scan_too_large"):
        clean(bytes(LARGEST + 1))
