import hashlib
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

from entremise.doors.frame.theme import theme_css

_STATIC = Path(__file__).resolve().parents[3] / "static"
_CSS, _JS = _STATIC / "css", _STATIC / "js"


def stylesheet(ink: int, accent: int, *, fonts: bool = True) -> bytes:
    """The whole stylesheet, minified, in the two hues (degrees) of an organisation; `fonts` off for who saves data."""
    return _stylesheet(ink % 360, accent % 360, fonts, _stamp(_CSS))


def style_url(ink: int, accent: int) -> str:
    """`/style/<hash>-<ink>-<accent>.css`: changes with the content, so it may be cached for ever."""
    return f"/style/{_digest(stylesheet(ink, accent))}-{ink % 360}-{accent % 360}.css"


def script(*, desk: bool = False) -> bytes:
    """Every page script as one classic script, each in a block of its own; or what only the desk needs besides."""
    return _script(_JS / "desk" if desk else _JS, _stamp(_JS))


def script_url(*, desk: bool = False) -> str:
    """`/script/<hash>.js`, cacheable for ever."""
    return f"/script/{_digest(script(desk=desk))}.js"


def service_worker() -> bytes:
    """The worker's source; serve it from the root with `Cache-Control: no-cache`."""
    return (_JS / "worker" / "sw.js").read_bytes()


@lru_cache(maxsize=64)
def _stylesheet(ink: int, accent: int, fonts: bool, _stamp: float) -> bytes:
    # layers.css fixes the order of the layers; inside a layer the order of the files is the alphabet.
    files = [_CSS / "fonts.css"] * fonts + sorted(set(_CSS.rglob("*.css")) - {_CSS / "fonts.css", _CSS / "layers.css"})
    parts = [(_CSS / "layers.css").read_text(), theme_css(ink, accent), *(file.read_text() for file in files)]
    text = re.sub(r"url\(static:([^)]+)\)", lambda found: f"url({static(found[1])})", "".join(parts))
    return _minified(text).encode()


@lru_cache(maxsize=2)
def _script(folder: Path, _stamp: float) -> bytes:
    blocks = (f"{{\n{_code(file.read_text())}\n}}\n" for file in sorted(folder.glob("*.js")))
    return ('"use strict";\n' + "".join(blocks)).encode()


def _code(source: str) -> str:
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@lru_cache(maxsize=128)
def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _minified(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};]) ?|(?<=[:,]) ", lambda found: found[1] or "", css).replace(";}", "}").strip()


def _stamp(folder: Path) -> float:
    """When the sources last changed while developing; constant in production, where they never do."""
    return max(file.stat().st_mtime for file in folder.rglob("*.*")) if settings.DEBUG else 0.0
