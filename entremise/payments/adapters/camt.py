"""Statements and notices of the bank: ISO 20022 camt.053 and camt.054, versions 2 to 8, by local names only."""

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
from entremise.payments.adapters.tags import children, first_of, local, text_of
from entremise.payments.rules import Entry, Statement, check_sum

_PARTS = ("Stmt", "Ntfctn")
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_AMOUNT = re.compile(r"\d{1,15}(?:\.\d{1,2}0{0,3})?")


@dataclass
class Draft:
    """A statement being read. moved: the sum of its movements so far."""

    id: str = ""
    iban: str = ""
    currency: str = ""
    first: date | None = None
    last: date | None = None
    balances: dict[str, int] = field(default_factory=dict)
    moved: int = 0

    @property
    def opening(self) -> int | None:
        return next((self.balances[kind] for kind in _OPENING if kind in self.balances), None)

    @property
    def closing(self) -> int | None:
        return next((self.balances[kind] for kind in _CLOSING if kind in self.balances), None)

    def finished(self, entries: list[Entry]) -> Statement:
        return Statement(
            id=self.id,
            iban=self.iban,
            currency=self.currency or (entries[0].currency if entries else ""),
            first=self.first,
            last=self.last,
            opening=self.opening,
            closing=self.closing,
            entries=tuple(entries),
        )


def read_statements(file: BinaryIO, *, notices: bool = False) -> Iterator[Statement]:
    """The statements of a camt.053 file, or the notices of a camt.054 one: booked movements only, one movement per
    payment of a detailed batch.

    The XML is forgotten movement by movement: 100,000 lines need the memory of their entries, not of their markup.
    Raises Refused("bank_file_not_understood") for anything else, a file that is broken or declares a DTD, and
    Refused("statement_does_not_add_up").
    """
    entries: list[Entry] = []
    for draft, entry in walk(file, notices=notices):
        if entry:
            entries.append(entry)
        else:
            yield draft.finished(entries)
            entries = []


def walk(file: BinaryIO, *, notices: bool = False) -> Iterator[tuple[Draft, Entry | None]]:
    """The movements one by one, each with its statement as far as it was read, and None at the end of it: any number of
    them in the memory of one. Raises like `read_statements`, of a statement as a whole after its last movement.
    """
    try:
        yield from _pieces(file, "BkToCstmrDbtCdtNtfctn" if notices else "BkToCstmrStmt")
    except (DefusedXmlException, ParseError, KeyError, ValueError) as error:
        raise Refused("bank_file_not_understood", {"reason": type(error).__name__}, where="file") from error


def _pieces(file: BinaryIO, root: str) -> Iterator[tuple[Draft, Entry | None]]:
    path: list[Element] = []
    draft = Draft()
    known = False
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        name = local(element)
        if event == "start":
            path.append(element)
            known = known or name == root
            if name in _PARTS:
                draft = Draft()
            continue
        path.pop()
        if len(path) > 1 and local(path[-1]) in _PARTS:
            for entry in _taken(draft, name, element):
                draft.moved += entry.amount
                yield draft, entry
            if name == "Ntry":
                path[-1].remove(element)
        elif name in _PARTS:
            check_sum(draft.id, draft.opening, draft.moved, draft.closing)
            yield draft, None
            element.clear()
    if not known:
        raise Refused("bank_file_not_understood", {"reason": "not a statement"}, where="file")


def _taken(draft: Draft, name: str, element: Element) -> list[Entry]:
    """What an element says of the statement; its movements when it is one that is booked."""
    if name == "Id":
        draft.id = (element.text or "").strip()
    elif name == "Acct":
        draft.iban = text_of(element, "Id", "IBAN") or text_of(element, "Id", "Othr", "Id")
        draft.currency = text_of(element, "Ccy")
    elif name == "FrToDt":
        draft.first, draft.last = _day(element, "FrDtTm", "FrDt"), _day(element, "ToDtTm", "ToDt")
    elif name == "Bal":
        kind = text_of(element, "Tp", "CdOrPrtry", "Cd")
        if kind in _CLOSING or kind not in draft.balances:
            draft.balances[kind] = _signed(element)
    elif name == "Ntry" and (text_of(element, "Sts", "Cd") or text_of(element, "Sts")) == "BOOK":
        return _entries(element)
    return []


def _entries(entry: Element) -> list[Entry]:
    """One per payment when the bank details a batch to the last cent, else one for the whole."""
    total, currency = _signed(entry), _currency(entry)
    details = [detail for group in children(entry, "NtryDtls") for detail in children(group, "TxDtls")]
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
    end_to_end = text_of(detail, "Refs", "EndToEndId")
    written = [part.text or "" for note in children(detail, "RmtInf") for part in children(note, "Ustrd")]
    return Entry(
        booked_on=booked,
        value_on=_day(entry, "ValDt") or booked,
        amount=amount,
        currency=currency,
        reference=text_of(detail, "Refs", "AcctSvcrRef") or text_of(entry, "AcctSvcrRef"),
        end_to_end="" if end_to_end == "NOTPROVIDED" else end_to_end,
        text=" ".join(" ".join(written).split()) or text_of(detail, "AddtlTxInf") or text_of(entry, "AddtlNtryInf"),
        structured=text_of(detail, "RmtInf", "Strd", "CdtrRefInf", "Ref"),
        counterparty=party,
        counterparty_iban=account,
        code=_code(entry) or _code(detail),
        reversal=text_of(entry, "RvslInd") in ("true", "1") or first_of(detail, "RtrInf") is not None,
        batch=text_of(detail, "Refs", "PmtInfId") or text_of(entry, "NtryDtls", "Btch", "PmtInfId"),
        return_code=text_of(detail, "RtrInf", "Rsn", "Cd") or text_of(detail, "RtrInf", "Rsn", "Prtry"),
    )


def _other_side(detail: Element, *, came_in: bool) -> tuple[str, str]:
    side = "Dbtr" if came_in else "Cdtr"
    parties = first_of(detail, "RltdPties")
    if parties is None:
        return "", ""
    name = text_of(parties, side, "Nm") or text_of(parties, side, "Pty", "Nm")
    ultimate = text_of(parties, f"Ultmt{side}", "Nm") or text_of(parties, f"Ultmt{side}", "Pty", "Nm")
    return name or ultimate, text_of(parties, f"{side}Acct", "Id", "IBAN")


def _detail_amount(detail: Element, currency: str, *, default_sign: int) -> int | None:
    amount = first_of(detail, "Amt")
    if amount is None:
        amount = first_of(detail, "AmtDtls", "TxAmt", "Amt")
    if amount is None or amount.get("Ccy", currency) != currency:
        return None
    return _cents(amount.text) * (_sign(detail) if first_of(detail, "CdtDbtInd") is not None else default_sign)


def _code(element: Element) -> str:
    domain = first_of(element, "BkTxCd", "Domn")
    if domain is None:
        return text_of(element, "BkTxCd", "Prtry", "Cd")
    return "-".join((text_of(domain, "Cd"), text_of(domain, "Fmly", "Cd"), text_of(domain, "Fmly", "SubFmlyCd")))


def _signed(element: Element) -> int:
    return _cents(text_of(element, "Amt")) * _sign(element)


def _sign(element: Element) -> int:
    return {"CRDT": 1, "DBIT": -1}[text_of(element, "CdtDbtInd")]


def _currency(element: Element) -> str:
    amount = first_of(element, "Amt")
    return "" if amount is None else amount.get("Ccy", "")


def _cents(text: str | None) -> int:
    if not _AMOUNT.fullmatch(text or ""):
        raise ValueError("not an amount in cents")
    return int(Decimal(text or "") * 100)


def _day(element: Element, *names: str) -> date | None:
    """The day in the first of `names` that is there, be it written as a day or as a moment."""
    for name in names:
        found = text_of(element, name, "Dt") or text_of(element, name, "DtTm") or text_of(element, name)
        if found:
            return date.fromisoformat(found[:10])
    return None
