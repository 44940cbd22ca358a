"""What the bank says of debits: that the money came, that it did not, that it was taken back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.messaging import operations as messaging
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.payments.rules import Entry, StatusReport, suspends
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Debit, Payout, Receipt
from entremise.settlement.operations.booking import wait_for
from entremise.settlement.operations.debits import move, today
from entremise.settlement.operations.payouts import send_back
from entremise.settlement.queries.owed import dues

SPOKEN_OF = timedelta(days=500)  # A debit without a mandate may be taken back for thirteen months.
CAME = ("ordered", "paid", "returned")  # The bank may say now that their money came.


def confirm_debit(*, act: Act, debit: Debit, on: date) -> Debit:
    """The bank says that this money came: what was held is final, and the invoice paid. Said again, nothing changes.

    What was paid otherwise meanwhile stays to the client's credit, and somebody is asked to give it back.
    """
    require(act, Verb.DEBITS_CONFIRM)
    _wait(debit)
    if debit.state == "paid":
        return debit
    due = dues(invoices=[debit.invoice])[debit.invoice_id]
    move(act, debit, "confirm", paid_on=on)
    if debit.hold is None:
        raise Refused("not_held")
    day = ledger_queries.first_open(on=on)
    entry = ledger.settle_hold(key=f"debited:{debit.id}", at=act.at, effective_on=day, entry=debit.hold)
    _receipt(debit, debit.amount, on, f"debit:{debit.id}", entry)
    if due < debit.amount:
        _ask(act, debit, "paid_twice")
    return debit


def reject_debit(*, act: Act, debit: Debit, reason: str = "") -> Debit:
    """The bank did not collect it: the money is held no longer, and a person is asked. reason: a code of ISO 20022."""
    require(act, Verb.DEBITS_CONFIRM)
    _wait(debit)
    if debit.state == "rejected":
        return debit
    move(act, debit, "reject", reason=reason, back_on=today(act))
    if debit.hold is None:
        raise Refused("not_held")
    ledger.release(key=f"debit-rejected:{debit.id}", at=act.at, entry=debit.hold)
    return _came_back(act, debit)


def return_debit(*, act: Act, debit: Debit, on: date, reason: str = "") -> Debit:
    """The bank took it back from us: the invoice is due again, and a person is asked. Said again, nothing changes.

    One that the bank had not yet said it collected came and went. reason: a code of ISO 20022.
    """
    require(act, Verb.DEBITS_CONFIRM)
    _wait(debit)
    if debit.state == "returned":
        return debit
    if debit.state == "ordered":
        confirm_debit(act=act, debit=debit, on=on)
    receipt = Receipt.objects.filter(key=f"debit:{debit.id}").first()
    move(act, debit, "return", reason=reason, back_on=on)
    if receipt is None or receipt.entry is None:
        raise Refused("not_posted")
    key, day = f"debit-returned:{debit.id}", ledger_queries.first_open(on=on)
    entry = ledger.reverse(key=key, at=act.at, effective_on=day, entry=receipt.entry, cause="debit")
    _receipt(debit, -debit.amount, on, key, entry)
    return _came_back(act, debit)


class Expected:
    """Debits of which the bank may still speak, found by what it writes; built once for a whole statement."""

    def __init__(self, *, on: date) -> None:
        over = Q(state__in=["paid", "returned"]) & ~Q(paid_line=None) & Q(collect_on__lt=on - SPOKEN_OF)
        rows = Debit.objects.filter(state__in=CAME).exclude(over).exclude(state="returned", back_line__isnull=False)
        self.rows = list(rows.select_related("invoice__client", "mandate", "file").defer("file__content"))
        self._named = {one.reference: one for one in self.rows}
        self.forget()

    def forget(self) -> None:
        """Something of them has changed: what they add up to is found anew when it is next asked for."""
        self._sums: dict[int, list[tuple[str, list[Debit]]]] | None = None
        self._told: dict[date | None, list[Debit]] | None = None

    def named(self, line: BankLine) -> list[Debit]:
        """Those that a line names, alone or by their batch or file, when it is their money to the cent."""
        words = {line.reference, *line.reference.split(), *line.text.split()}
        for word in sorted(words & self._named.keys()):
            one = self._named[word]
            if one.amount == abs(line.amount) and _line_of(one, came=line.amount > 0) is None:
                return [one]
        cited = [part for name, part in self._together(line) if name in words]
        return cited[0] if cited else []

    def of_sum(self, line: BankLine) -> list[Debit]:
        """The only batch or file of which this is what is left; or all that a notice said came back that day."""
        if line.amount < 0:
            if self._told is None:
                self._told = defaultdict(list)
                for one in self.rows:
                    if one.state == "returned" and one.back_line_id is None:
                        self._told[one.back_on].append(one)
            day = self._told.get(line.booked_on, [])
            return day if day and sum(one.amount for one in day) == -line.amount else []
        fitting = {frozenset(one.id for one in part): part for _name, part in self._together(line)}
        return next(iter(fitting.values())) if len(fitting) == 1 else []

    def _together(self, line: BankLine) -> Iterator[tuple[str, list[Debit]]]:
        """The batches and files, each by its name, whose money this may be."""
        if self._sums is None:
            groups: defaultdict[str, list[Debit]] = defaultdict(list)
            for one in self.rows:
                if one.file and one.paid_line_id is None:
                    for name in {one.batch, f"{one.file.message_id} "}:  # The first batch has the name of its file.
                        groups[name].append(one)
            self._sums = defaultdict(list)
            for name, part in sorted(groups.items()):
                self._sums[sum(one.amount for one in part)].append((name.strip(), part))
        if line.amount > 0 and not line.reversal:
            yield from self._sums.get(line.amount, [])


def recognise_debits(*, act: Act, line: BankLine, expected: Expected, named: bool) -> list[Debit]:
    """The debits that a line brings, or takes back: those it names; or else, when it pays nothing by a name, those of
    which it is the sum. The same line again changes nothing.
    """
    if line.state != "unmatched":
        return []
    settled = _settle(act, line, expected.named(line) if named else expected.of_sum(line))
    if settled:
        expected.forget()
    return settled


def debits_by_hand(*, act: Act, line: BankLine, number: str) -> list[Debit]:
    """A person says which debits a line brings or takes back, by the reference of one or the name of their file; one
    that came back by the number of its invoice too. Nothing when no debit is meant.

    Raises Refused("line_differs") when the amounts differ, or Refused("not_now") when the line was explained before.
    """
    require(act, Verb.DEBITS_CONFIRM)
    rows = Debit.objects.select_related("invoice__client", "mandate", "file").defer("file__content")
    if line.amount < 0:
        meant = Q(reference__iexact=number) | Q(invoice__number__iexact=number, amount=-line.amount)
        found = list(rows.filter(meant, state__in=CAME, back_line=None).order_by("-announced_at")[:1])
    else:
        meant = Q(reference__iexact=number) | Q(batch__iexact=number)
        found = list(rows.filter(meant, state__in=CAME, paid_line=None))
        found = found or list(rows.filter(file__message_id__iexact=number, state__in=CAME, paid_line=None))
    total = sum(one.amount for one in found)
    if found and total != abs(line.amount):
        raise Refused("line_differs", {"due": total}, where="number")
    return _settle(act, line, found)


def heed_notice(*, act: Act, entries: Iterable[Entry]) -> list[Debit]:
    """What a notice tells of debits, by their references; those that changed. The statement brings the money itself."""
    said = {entry.end_to_end: entry for entry in entries if entry.end_to_end}
    rows = Debit.objects.filter(reference__in=list(said), state__in=["ordered", "paid"])
    changed = []
    for debit in rows.select_related("invoice__client", "mandate").order_by("id"):
        entry = said[debit.reference]
        if entry.amount == debit.amount and debit.state == "ordered" and not entry.reversal:
            changed.append(confirm_debit(act=act, debit=debit, on=entry.booked_on))
        elif entry.amount == -debit.amount:
            changed.append(return_debit(act=act, debit=debit, on=entry.booked_on, reason=entry.return_code))
    return changed


def heed_status(*, act: Act, report: StatusReport) -> int:
    """What the bank refused of a file of ours, debits or wages: known, and to be done again. Returns how many."""
    refused = 0
    ordered = Debit.objects.filter(file__message_id=report.original, state="ordered")
    for debit in ordered.select_related("invoice__client", "mandate").order_by("id"):
        reason = report.refusal(batch=debit.batch, end_to_end=debit.reference)
        if reason is not None:
            reject_debit(act=act, debit=debit, reason=reason)
            refused += 1
    wages = Payout.objects.filter(file__message_id=report.original, state="ordered")
    for payout in wages.select_related("payslip__worker").order_by("id"):
        if report.refusal(batch=report.original, end_to_end=payout.payslip.number) is not None:
            send_back(act=act, payout=payout, on=today(act))
            refused += 1
    return refused


def _settle(act: Act, line: BankLine, debits: Sequence[Debit]) -> list[Debit]:
    """This line is the money of these debits, whatever was said of them before; none when another line is already."""
    if not debits:
        return []
    came = line.amount > 0
    wait_for(people=[one.invoice.client_id for one in debits])
    for debit in debits:
        debit.refresh_from_db(fields=["state", "paid_line", "back_line"])
    if any(_line_of(one, came=came) for one in debits):
        return []
    payments.mark_line(act=act, line=line, state="matched", reason="debit" if came else "debit_returned")
    for debit in debits:
        if not came:
            return_debit(act=act, debit=debit, on=line.booked_on, reason=line.return_code)
            debit.back_line = line
        else:
            if debit.state == "ordered":
                confirm_debit(act=act, debit=debit, on=line.booked_on)
            debit.paid_line = line
        debit.save(update_fields=["paid_line", "back_line"])
    return list(debits)


def _line_of(debit: Debit, *, came: bool) -> UUID | None:
    return debit.paid_line_id if came else debit.back_line_id


def _wait(debit: Debit) -> None:
    wait_for(people=[debit.invoice.client_id])
    debit.refresh_from_db(fields=["state", "amount", "hold", "reason"])


def _receipt(debit: Debit, amount: int, on: date, key: str, entry: ledger.Entry) -> None:
    Receipt.objects.create(invoice=debit.invoice, how="debit", amount=amount, received_on=on, entry=entry.id, key=key)


def _came_back(act: Act, debit: Debit) -> Debit:
    """The mandate rests when it is about the account; a person speaks with the client in any case."""
    if suspends(debit.reason):
        payments.suspend_mandate(act=act, mandate=debit.mandate, reason=debit.reason)
    _ask(act, debit, "debit_back")
    return debit


def _ask(act: Act, debit: Debit, kind: str) -> None:
    said = {"invoice": debit.invoice.number, "reason": debit.reason}
    person = debit.invoice.client
    messaging.add_task(act=act, kind=kind, key=f"{kind}:{debit.id}", person=person, params=said)
