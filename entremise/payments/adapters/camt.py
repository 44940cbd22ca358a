"""Bank statements: ISO 20022 camt.053, versions 2 to 8, told apart by local names only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from entremise.kernel.refused import Refused
from entremise.payments.rules import Entry, Statement, check_sum

_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_AMOUNT = re.compile(r"\d{1,15}(?:\.\d{1,2}0{0,3})?")


def read_statements(file: BinaryIO) -> Iterator[Statement]:
    """The statements of a camt.053 file, booked movements only, one movement per payment of a detailed batch.

    The XML is forgotten movement by movement: 100,000 lines need the memory of their entries, not of their markup.
    Raises Refused("bank_file_not_understood") for anything that is not camt.053, is broken or declares a DTD, and
    Refused("statement_does_not_add_up").
    """
    try:
        yield from _statements(file)
    except (DefusedXmlException, ParseError, KeyError, ValueError) as error:
        raise Refused("bank_file_not_understood", {"reason": type(error).__name__}, where="file") from error


@dataclass
class _Draft:
    """A statement being read."""

    iban: str = ""
    currency: str = ""
    first: date | None = None
    last: date | None = None
    balances: dict[str, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


def _statements(file: BinaryIO) -> Iterator[Statement]:
    path: list[Element] = []
    draft = _Draft()
    known = False
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        name = _local(element)
        if event == "start":
            path.append(element)
            known = known or name == "BkToCstmrStmt"
            if name == "Stmt":
                draft = _Draft()
            continue
        path.pop()
        if len(path) > 1 and _local(path[-1]) == "Stmt":
            _take(draft, name, element)
            if name == "Ntry":
                path[-1].remove(element)
        elif name == "Stmt":
            yield _finished(draft, _text(element, "Id"))
            element.clear()
    if not known:
        raise Refused("bank_file_not_understood", {"reason": "not camt.053"}, where="file")


def _take(draft: _Draft, name: str, element: Element) -> None:
    if name == "Acct":
        draft.iban = _text(element, "Id", "IBAN") or _text(element, "Id", "Othr", "Id")
        draft.currency = _text(element, "Ccy")
    elif name == "FrToDt":
        draft.first, draft.last = _day(element, "FrDtTm", "FrDt"), _day(element, "ToDtTm", "ToDt")
    elif name == "Bal":
        kind = _text(element, "Tp", "CdOrPrtry", "Cd")
        if kind in _CLOSING or kind not in draft.balances:
            draft.balances[kind] = _signed(element)
    elif name == "Ntry" and (_text(element, "Sts", "Cd") or _text(element, "Sts")) == "BOOK":
        draft.entries += _entries(element)


def _finished(draft: _Draft, statement_id: str) -> Statement:
    statement = Statement(
        id=statement_id,
        iban=draft.iban,
        currency=draft.currency or (draft.entries[0].currency if draft.entries else ""),
        first=draft.first,
        last=draft.last,
        opening=next((draft.balances[kind] for kind in _OPENING if kind in draft.balances), None),
        closing=next((draft.balances[kind] for kind in _CLOSING if kind in draft.balances), None),
        entries=tuple(draft.entries),
    )
    check_sum(statement)
    return statement


def _entries(entry: Element) -> list[Entry]:
    """One per payment when the bank details a batch to the last cent, else one for the whole."""
    total, currency = _signed(entry), _currency(entry)
    details = [detail for group in _all(entry, "NtryDtls") for detail in _all(group, "TxDtls")]
    if len(details) > 1:
        amounts = [_detail_amount(detail, currency, default_sign=_sign(entry)) for detail in details]
        shares = [amount for amount in amounts if amount is not None]
        if len(shares) == len(details) and sum(shares) == total:
            return [_entry(entry, detail, share, currency) for detail, share in zip(details, shares, strict=True)]
    return [_entry(entry, details[0] if len(details) == 1 else None, total, currency)]


def _entry(entry: Element, detail: Element | None, amount: int, currency: str) -> Entry:
    booked = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if booked is None:
        raise ValueError("a movement without a day")
    detail = Element("none") if detail is None else detail
    party, account = _other_side(detail, came_in=amount > 0)
    end_to_end = _text(detail, "Refs", "EndToEndId")
    written = [part.text or "" for note in _all(detail, "RmtInf") for part in _all(note, "Ustrd")]
    return Entry(
        booked_on=booked,
        value_on=_day(entry, "ValDt") or booked,
        amount=amount,
        currency=currency,
        reference=_text(detail, "Refs", "AcctSvcrRef") or _text(entry, "AcctSvcrRef"),
        end_to_end="" if end_to_end == "NOTPROVIDED" else end_to_end,
        text=" ".join(" ".join(written).split()) or _text(detail, "AddtlTxInf") or _text(entry, "AddtlNtryInf"),
        structured=_text(detail, "RmtInf", "Strd", "CdtrRefInf", "Ref"),
        counterparty=party,
        counterparty_iban=account,
        code=_code(entry) or _code(detail),
        reversal=_text(entry, "RvslInd") in ("true", "1") or _first(detail, "RtrInf") is not None,
    )


def _other_side(detail: Element, *, came_in: bool) -> tuple[str, str]:
    side = "Dbtr" if came_in else "Cdtr"
    parties = _first(detail, "RltdPties")
    if parties is None:
        return "", ""
    name = _text(parties, side, "Nm") or _text(parties, side, "Pty", "Nm")
    ultimate = _text(parties, f"Ultmt{side}", "Nm") or _text(parties, f"Ultmt{side}", "Pty", "Nm")
    return name or ultimate, _text(parties, f"{side}Acct", "Id", "IBAN")


def _detail_amount(detail: Element, currency: str, *, default_sign: int) -> int | None:
    amount = _first(detail, "Amt")
    if amount is None:
        amount = _first(detail, "AmtDtls", "TxAmt", "Amt")
    if amount is None or amount.get("Ccy", currency) != currency:
        return None
    return _cents(amount.text) * (_sign(detail) if _first(detail, "CdtDbtInd") is not None else default_sign)


def _code(element: Element) -> str:
    domain = _first(element, "BkTxCd", "Domn")
    if domain is None:
        return _text(element, "BkTxCd", "Prtry", "Cd")
    return "-".join((_text(domain, "Cd"), _text(domain, "Fmly", "Cd"), _text(domain, "Fmly", "SubFmlyCd")))


def _signed(element: Element) -> int:
    return _cents(_text(element, "Amt")) * _sign(element)


def _sign(element: Element) -> int:
    return {"CRDT": 1, "DBIT": -1}[_text(element, "CdtDbtInd")]


def _currency(element: Element) -> str:
    amount = _first(element, "Amt")
    return "" if amount is None else amount.get("Ccy", "")


def _cents(text: str | None) -> int:
    if not _AMOUNT.fullmatch(text or ""):
        raise ValueError("not an amount in cents")
    return int(Decimal(text or "") * 100)


def _day(element: Element, *names: str) -> date | None:
    """The day in the first of `names` that is there, be it written as a day or as a moment."""
    for name in names:
        found = _text(element, name, "Dt") or _text(element, name, "DtTm") or _text(element, name)
        if found:
            return date.fromisoformat(found[:10])
    return None


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Element, name: str) -> list[Element]:
    return [child for child in element if _local(child) == name]


def _first(element: Element, *names: str) -> Element | None:
    found: Element | None = element
    for name in names:
        found = None if found is None else next(iter(_all(found, name)), None)
    return found


def _text(element: Element, *names: str) -> str:
    found = _first(element, *names)
    return "" if found is None or found.text is None else found.text.strip()
