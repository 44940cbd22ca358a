"""ISO 20022 messages, read by local names only: their versions differ in the namespace more than in what they say."""

from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

MESSAGES = {"BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054", "CstmrPmtStsRpt": "pain.002"}


def message_of(content: bytes) -> str:
    """Which of `MESSAGES` a file says it is, by its second element; empty for another. The rest may still be broken."""
    try:
        for number, (_event, element) in enumerate(iterparse(BytesIO(content), events=("start",), forbid_dtd=True)):
            if number == 1:
                return MESSAGES.get(local(element), "")
    except (DefusedXmlException, ParseError, ValueError):
        pass
    return ""


def local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def children(element: Element, name: str) -> list[Element]:
    return [child for child in element if local(child) == name]


def first_of(element: Element, *names: str) -> Element | None:
    found: Element | None = element
    for name in names:
        found = None if found is None else next(iter(children(found, name)), None)
    return found


def text_of(element: Element, *names: str) -> str:
    found = first_of(element, *names)
    return "" if found is None or found.text is None else found.text.strip()
