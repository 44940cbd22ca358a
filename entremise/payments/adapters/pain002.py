"""What the bank says of a file we sent: ISO 20022 pain.002, versions 3 to 10, by local names only."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from entremise.kernel.refused import Refused
from entremise.payments.adapters.tags import children, first_of, text_of
from entremise.payments.rules import StatusReport, Word

REJECTED = "RJCT"


def read_status(content: bytes) -> StatusReport:
    """What became of one file: rejected whole, by batch or one by one, each with the reason.

    Raises Refused("bank_file_not_understood") for anything that is not pain.002, is broken or declares a DTD.
    """
    try:
        root = fromstring(content, forbid_dtd=True)
        report = first_of(root, "CstmrPmtStsRpt")
        if report is None:
            raise ValueError("not pain.002")
        return _report(report)
    except (DefusedXmlException, ParseError, ValueError) as error:
        raise Refused("bank_file_not_understood", {"reason": type(error).__name__}, where="file") from error


def _report(report: Element) -> StatusReport:
    group = first_of(report, "OrgnlGrpInfAndSts")
    original = "" if group is None else text_of(group, "OrgnlMsgId")
    if group is None or not original:
        raise ValueError("it names no file")
    return StatusReport(
        id=text_of(report, "GrpHdr", "MsgId"),
        original=original,
        rejected=text_of(group, "GrpSts") == REJECTED,
        reason=_reason(group),
        words=tuple(_words(report)),
    )


def _words(report: Element) -> Iterator[Word]:
    for batch in children(report, "OrgnlPmtInfAndSts"):
        name, whole = text_of(batch, "OrgnlPmtInfId"), text_of(batch, "PmtInfSts") == REJECTED
        singles = children(batch, "TxInfAndSts")
        if whole and not singles:
            yield Word(batch=name, end_to_end="", rejected=True, reason=_reason(batch))
        for one in singles:
            said = text_of(one, "TxSts")
            yield Word(
                batch=name,
                end_to_end=text_of(one, "OrgnlEndToEndId"),
                rejected=said == REJECTED if said else whole,
                reason=_reason(one) or _reason(batch),
            )


def _reason(element: Element) -> str:
    for said in children(element, "StsRsnInf"):
        found = text_of(said, "Rsn", "Cd") or text_of(said, "Rsn", "Prtry")
        if found:
            return found
    return ""
