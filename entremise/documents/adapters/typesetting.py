import json
import re
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from entremise.kernel.lazily import Lazily

if TYPE_CHECKING:
    import typst
else:
    typst = Lazily("typst")

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "documents"

# Latin, Greek, Cyrillic, punctuation, currencies, № ™ and arrows: the bundled fonts and typst's own hold all of them.
_BLOCKS = (
    (0x20, 0x7E),
    (0xA0, 0x4FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x203E),
    (0x2070, 0x20BF),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2190, 0x22FF),
)
PRINTABLE = "".join(
    char for first, last in _BLOCKS for char in map(chr, range(first, last + 1)) if unicodedata.category(char) != "Cn"
)
_STRANGE = re.compile(f"[^\n{re.escape(PRINTABLE)}]")

_thread = threading.local()


def typeset(
    template: str, data: Mapping[str, JSON], *, standard: Literal["ua-1", "a-3b"], embedded_xml: str = ""
) -> bytes:
    """The PDF of `templates/documents/<template>.typ`, tagged for screen readers (PDF/UA-1).

    data: amounts in cents, times in minutes, days as ISO dates; the keys stand at the head of each template.
    `issued_at` (ISO date or moment, UTC unless it says otherwise) dates the file, so that the same data give the same
    bytes on every machine and day. Characters that no font holds become "?": a name must never stop a payslip.
    standard: `a-3b` adds PDF/A-3b, which may carry `embedded_xml`. Raises typst.TypstError when a key is missing.
    """
    pages = _compiler(template).compile(
        format="pdf",
        sys_inputs={"data": json.dumps(printable(data), ensure_ascii=False), "xml": embedded_xml},
        pdf_standards=["ua-1"] if standard == "ua-1" else ["ua-1", "a-3b"],
        timestamp=_moment(str(data["issued_at"])),
    )
    if not isinstance(pages, bytes):
        raise TypeError("typst gave no PDF")
    return pages


def printable(value: JSON) -> JSON:
    """`value` with every text in composed form and without the characters that no font holds."""
    if isinstance(value, str):
        return _STRANGE.sub("?", unicodedata.normalize("NFC", value))
    if isinstance(value, Mapping):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [printable(item) for item in value]
    return value


def _compiler(template: str) -> "typst.Compiler":
    """A warm compiler per thread and template: it keeps parsed files and fonts, and cannot be shared by threads."""
    compilers: dict[str, typst.Compiler] = _thread.__dict__.setdefault("compilers", {})
    if template not in compilers:
        compilers[template] = typst.Compiler(
            input=TEMPLATES / f"{template}.typ", root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True
        )
    return compilers[template]


@cache
def _fonts() -> "typst.Fonts":
    return typst.Fonts(include_system_fonts=False, font_paths=[TEMPLATES / "fonts"])


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text).replace(microsecond=0)  # A PDF counts in seconds.
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
