import math
from dataclasses import dataclass
from functools import lru_cache

INK, ACCENT = 328, 86
WHITE = "#ffffff"

Shade = tuple[float, float, float]


@dataclass(frozen=True)
class Pair:
    """A colour that is read on another, with the WCAG contrast it must keep whatever the two hues."""

    text: str
    ground: str
    least: float
    dark: bool = True


SERVICES = ("coups", "achats", "seances", "projets", "echange", "soutien")

PAIRS = (
    Pair("encre", "page", 7),
    Pair("encre", "creux", 7),
    Pair("encre-2", "page", 4.5),
    Pair("encre-2", "creux", 4.5),
    Pair("encre-2", "creux-2", 4.5),
    Pair("encre-2", "carte", 4.5),
    Pair("bord", "carte", 3),
    Pair("bord", "page", 3),
    Pair("bord", "creux", 3),
    Pair("lien", "page", 4.5),
    Pair("lien", "carte", 4.5),
    Pair("lien", "creux", 4.5),
    Pair("sur-marque", "marque", 7),
    Pair("blanc", "nuit", 7),
    Pair("accent-encre", "accent", 7),
    Pair("encre", "accent-doux", 7),
    Pair("encre", "marque-doux", 7),
    *(Pair(state, f"{state}-doux", 4.5) for state in ("ok", "info", "alerte", "danger")),
    *(Pair(state, "carte", 4.5) for state in ("ok", "info", "alerte", "danger")),
    Pair("sur-etat", "ok", 4.5),
    Pair("marque", "page", 3),
    Pair("marque", "accent", 4.5, dark=False),  # In the dark both are the accent hue and never meet.
    *(Pair("encre", f"u-{service}", 7) for service in SERVICES),
)


def theme_css(ink_hue: int, accent_hue: int) -> str:
    """Every colour token of an organisation, light and dark, in the `tokens` layer. Hues in degrees of OKLCH."""
    light, dark = tokens(ink_hue, accent_hue), tokens(ink_hue, accent_hue, dark=True)
    illustration = {"ill": light["marque"], "ill2": light["nuit"], "ill3": light["encre"]}
    series = {"g1": "var(--marque)", "g2": "var(--u-projets)", "g3": "var(--accent)"}
    series |= {"g4": "var(--u-soutien)", "g5": "var(--u-achats)", "g6": "var(--u-echange)"}
    night = _declare(dark | _DARK_SERIES) + "color-scheme:dark;"
    return (
        f"@layer tokens{{:root{{{_declare(light | illustration | series)}}}"
        f":root[data-theme=dark]{{{night}}}"
        f"@media(prefers-color-scheme:dark){{:root:not([data-theme]){{{night}}}}}}}"
    )


@lru_cache(maxsize=128)
def tokens(ink_hue: int, accent_hue: int, *, dark: bool = False) -> dict[str, str]:
    """Name to `#rrggbb`. Lightness is fixed, so contrast holds for any pair of hues; `failures` proves it."""
    shades = _dark(ink_hue, accent_hue) if dark else _light(ink_hue, accent_hue)
    named = {name: hex_of(*shade) for name, shade in shades.items()}
    named["sur-marque"] = named["accent-encre"] if dark else WHITE
    named["sur-etat"] = named["page"] if dark else WHITE
    return named


def failures(ink_hue: int, accent_hue: int) -> list[str]:
    """The pairs that would be too weak for these hues, in words; empty when all are readable."""
    weak = []
    for dark in (False, True):
        named = tokens(ink_hue, accent_hue, dark=dark) | {"blanc": WHITE}
        for pair in PAIRS:
            measured = contrast(named[pair.text], named[pair.ground])
            if measured < pair.least and (pair.dark or not dark):
                weak.append(f"{pair.text} on {pair.ground}, {'dark' if dark else 'light'}: {measured:.2f}")
    return weak


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two `#rrggbb` colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def hex_of(lightness: float, chroma: float, hue: float) -> str:
    """`#rrggbb` of an OKLCH colour; chroma is lowered until sRGB can show it."""
    if not _in_gamut(_linear(lightness, chroma, hue)):
        low, high = 0.0, chroma
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if _in_gamut(_linear(lightness, middle, hue)) else (low, middle)
        chroma = low
    return "#" + "".join(f"{round(_encoded(channel) * 255):02x}" for channel in _linear(lightness, chroma, hue))


def _light(ink: int, accent: int) -> dict[str, Shade]:
    return {
        "encre": (0.235, 0.055, ink),
        "nuit": (0.265, 0.09, ink),
        "encre-2": (0.42, 0.045, ink),
        "trait": (0.89, 0.014, ink),
        "bord": (0.56, 0.035, ink),
        "page": (0.987, 0.004, ink),
        "carte": (1, 0, ink),
        "creux": (0.962, 0.009, ink),
        "creux-2": (0.93, 0.016, ink),
        "marque": (0.335, 0.115, ink),
        "marque-fort": (0.265, 0.09, ink),
        "marque-doux": (0.93, 0.035, ink),
        "lien": (0.40, 0.14, ink),
        "accent": (0.865, 0.165, accent),
        "accent-fort": (0.80, 0.165, accent),
        "accent-doux": (0.955, 0.055, accent),
        "accent-encre": (0.235, 0.055, ink),
        "ok": (0.44, 0.10, 158),
        "ok-doux": (0.945, 0.045, 158),
        "info": (0.44, 0.10, 245),
        "info-doux": (0.945, 0.03, 245),
        "alerte": (0.46, 0.10, 62),
        "alerte-doux": (0.955, 0.06, 88),
        "danger": (0.47, 0.175, 27),
        "danger-doux": (0.95, 0.03, 20),
        "u-coups": (0.90, 0.135, 92),
        "u-achats": (0.905, 0.12, 122),
        "u-seances": (0.885, 0.065, 8),
        "u-projets": (0.855, 0.095, 52),
        "u-echange": (0.90, 0.055, 222),
        "u-soutien": (0.885, 0.06, 300),
    }


def _dark(ink: int, accent: int) -> dict[str, Shade]:
    return {
        "encre": (0.955, 0.012, ink),
        "nuit": (0.265, 0.038, ink),
        "encre-2": (0.80, 0.02, ink),
        "trait": (0.36, 0.03, ink),
        "bord": (0.62, 0.035, ink),
        "page": (0.185, 0.028, ink),
        "carte": (0.225, 0.034, ink),
        "creux": (0.265, 0.038, ink),
        "creux-2": (0.315, 0.045, ink),
        "marque": (0.865, 0.15, accent),
        "marque-fort": (0.91, 0.13, accent),
        "marque-doux": (0.33, 0.07, ink),
        "lien": (0.84, 0.10, ink),
        "accent": (0.865, 0.15, accent),
        "accent-fort": (0.80, 0.15, accent),
        "accent-doux": (0.33, 0.05, accent),
        "accent-encre": (0.235, 0.055, ink),
        "ok": (0.82, 0.13, 158),
        "ok-doux": (0.31, 0.05, 158),
        "info": (0.82, 0.09, 245),
        "info-doux": (0.32, 0.055, 245),
        "alerte": (0.85, 0.12, 80),
        "alerte-doux": (0.33, 0.05, 75),
        "danger": (0.79, 0.12, 25),
        "danger-doux": (0.33, 0.075, 22),
        "u-coups": (0.36, 0.06, 85),
        "u-achats": (0.36, 0.055, 125),
        "u-seances": (0.36, 0.07, 8),
        "u-projets": (0.36, 0.07, 48),
        "u-echange": (0.35, 0.05, 225),
        "u-soutien": (0.36, 0.07, 300),
    }


# In the dark the brand is the accent, so charts need series of their own.
_DARK_SERIES = {"g1": "#d9a0d6", "g2": "#f2a477", "g4": "#b5a2e8", "g5": "#b9dc6e", "g6": "#8fd3ea"}


def _declare(values: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in values.items())


def _linear(lightness: float, chroma: float, hue: float) -> Shade:
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _in_gamut(channels: Shade) -> bool:
    return all(-1e-4 <= channel <= 1 + 1e-4 for channel in channels)


def _encoded(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return 12.92 * channel if channel <= 0.0031308 else float(1.055 * channel ** (1 / 2.4) - 0.055)


def _luminance(colour: str) -> float:
    red, green, blue = (_decoded(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
