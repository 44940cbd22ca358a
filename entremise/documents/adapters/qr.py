import segno

# Any of the eight masks reads; choosing the prettiest would take four times as long as drawing.
MASK = 3


def svg(text: str, *, elastic: bool = False) -> str:
    """A QR code of `text` as SVG, without quiet zone: leave four modules of white around it. elastic: it takes the size
    of what holds it.
    """
    code = segno.make(text, error="m", micro=False, boost_error=False, mask=MASK, encoding="utf-8")
    return str(code.svg_inline(border=0, omitsize=elastic))


def transfer_svg(*, name: str, iban: str, bic: str, amount: int, reference: str) -> str:
    """The code that a banking app reads to fill in a SEPA transfer (EPC069-12, version 2, UTF-8), as SVG.

    amount: cents, at least 1. name is cut at 70 characters and reference at 35, so that accents never pass the
    standard's 331 bytes.
    """
    euros = f"EUR{amount // 100}.{amount % 100:02d}"
    return svg("\n".join(("BCD", "002", "1", "SCT", bic, name[:70], iban, euros, "", "", reference[:35])))
