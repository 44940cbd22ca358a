import io

from entremise.kernel.lazily import Lazily
from entremise.kernel.refused import Refused

PIL, Image, ImageOps = Lazily("PIL"), Lazily("PIL.Image"), Lazily("PIL.ImageOps")

LARGEST = 12_000_000  # Bytes that somebody may send.
MOST_PIXELS = 40_000_000  # A page at 600 dpi; more is a bomb or a mistake.
LONGEST_SIDE = 2480  # A4 at 300 dpi: enough to read a signature.


def clean(content: bytes) -> tuple[bytes, str]:
    """A photo or scan drawn anew as JPEG: what is not an image fails, and no place, name or device stays inside.

    Raises Refused("scan_too_large") or Refused("scan_not_readable"), both beside the field `scan`.
    """
    if len(content) > LARGEST:
        raise Refused("scan_too_large", {"megabytes": LARGEST // 1_000_000}, where="scan")
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP", "TIFF"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused("scan_too_large", {"megabytes": LARGEST // 1_000_000}, where="scan")
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            drawn = Image.new("RGB", upright.size)  # A fresh image: nothing of the file's own blocks is carried over.
            drawn.paste(upright)
    except (PIL.UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused("scan_not_readable", where="scan") from error
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=85)
    return out.getvalue(), "image/jpeg"
