"""What must be true after a step was killed and started again, however often."""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.test import Client

from entremise.agreements.models import Agreement, Fulfilment
from entremise.buying import queries as bought
from entremise.buying.models import Allotment, Purchase, Share
from entremise.documents.models import Document, Print
from entremise.history.models import Fact
from entremise.jobs.models import Mission
from entremise.kernel.time import Period
from entremise.ledger.models import Transfer
from entremise.ledger.queries import balances_by_holder, trial_balance, verify
from entremise.market.models import Listing, Proposal
from entremise.messaging.models import Letter
from entremise.payments.models import Instruction, Intent
from entremise.settlement.models import Deposit, Invoice, InvoiceLine, Item, PaidWork, Payout, Payslip, Receipt, Run
from entremise.settlement.queries import claims_of
from entremise.settlement.rules.books_fr import THIRD
from entremise.solidarity.models import GiftAsked
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation


def gapless(numbers: list[str]) -> None:
    """Each series (`FA-2026`) counts from 1 without a hole, and without a number given twice."""
    series: defaultdict[str, list[int]] = defaultdict(list)
    for number in numbers:
        name, _, serial = number.rpartition("-")
        series[name].append(int(serial))
    for name, serials in series.items():
        assert sorted(serials) == list(range(1, len(serials) + 1)), f"{name}: {sorted(serials)}"


def settled(organisation: Organisation) -> None:
    with scope.reading(organisation.id):
        work = set(Fulfilment.objects.values_list("id", flat=True))
        assert Counter(InvoiceLine.objects.values_list("fulfilment_id", flat=True)) == Counter(work)
        assert Counter(PaidWork.objects.values_list("fulfilment_id", flat=True)) == Counter(work)
        run = Run.objects.get()
        assert claims_of(month=Period.month_of(run.month)) == []
        assert run.state == "finished"
        assert set(Item.objects.values_list("state", flat=True)) == {"done"}
        invoices, payslips = list(Invoice.objects.all()), list(Payslip.objects.all())
        assert len(invoices) + len(payslips) == Item.objects.count()
        assert len({one.client_id for one in invoices}) == len(invoices)
        assert len({one.worker_id for one in payslips}) == len(payslips)
        gapless(list(Document.objects.values_list("number", flat=True)))
        entries = set(Transfer.objects.values_list("entry", flat=True))
        assert entries == {one.entry for one in (*invoices, *payslips)}
        told = Counter(Letter.objects.filter(about__in=["invoice", "payslip"]).values_list("about_id", flat=True))
        assert told == Counter(one.id for one in (*invoices, *payslips))
        assert verify() == []


def answered(organisation: Organisation) -> None:
    with scope.reading(organisation.id):
        open_before = Proposal.objects.exclude(state="accepted").values("listing")
        listings = list(Listing.objects.filter(id__in=open_before))
        assert listings
        for listing in listings:
            states = Counter(Proposal.objects.filter(listing=listing).values_list("state", flat=True))
            assert states == {"accepted": 1, "too_late": 2}, f"{listing.number}: {states}"
            assert listing.state == "filled"
            mission = Mission.objects.get(number=listing.number)
            assert mission.proposal.state == "accepted"
            assert Agreement.objects.filter(listing=listing).count() == 1
            about = Document.objects.filter(about_id__in=[mission.id, mission.agreement_id])
            assert Counter(about.values_list("kind", flat=True)) == Counter(
                ["placement_agreement", "work_contract", "mission_order"]
            )
            letters = Letter.objects.filter(about_id=mission.agreement_id).values_list("template", flat=True)
            assert Counter(letters) == Counter(["sign_client", "sign_worker"])
        late = set(Proposal.objects.filter(state="too_late").values_list("id", flat=True))
        told = Letter.objects.filter(template="job_taken").values_list("key", flat=True)
        assert Counter(told) == Counter(f"job_taken:{one}" for one in late)
        gapless(list(Document.objects.values_list("number", flat=True)))
        gapless(list(Agreement.objects.values_list("number", flat=True)))


def delivered(organisation: Organisation) -> None:
    with scope.reading(organisation.id):
        written = list(Letter.objects.exclude(channel="voice"))
        assert {one.state for one in written} == {"sent"}
        assert Print.objects.count() == Document.objects.count()
        begun = Run.objects.get().started_at
        texts = Counter(one.id.hex for one in written if one.channel == "text" and one.queued_at >= begun)
    outbox = Path(settings.TEXT_SPOOL) / organisation.slug / "outbox"
    assert Counter(file.stem.rpartition("_")[2] for file in outbox.glob("OUT*.txt")) == texts


def paid(organisation: Organisation) -> None:
    """Prints what is written of each payment: its page, what was taken and given back; what books, a fund, deposits and
    suppliers hold of it.
    """
    with scope.reading(organisation.id):
        assert set(Instruction.objects.values_list("state", flat=True)) == {"done"}
        assert verify() == []
        balances = {line.code: line.balance for line in trial_balance(up_to=date.max)}
        assert sum(balances.values()) == 0
        rows = list(Intent.objects.values_list("about", "page", "taken", "given_back"))
        gifts = [one.kept for one in GiftAsked.objects.prefetch_related("gifts")]
        used = sum(Receipt.objects.filter(how="deposit").values_list("amount", flat=True))
        put_aside = list(Deposit.objects.values_list("taken", "left"))
        suppliers = list(balances_by_holder(code=THIRD[0]).values())
    said = {"rows": rows, "held": balances["517000"], "gifts": gifts, "suppliers": suppliers}
    json.dump({**said, "deposits": put_aside, "used": used}, sys.stdout)


def closed(organisation: Organisation) -> None:
    """What is written down is the preview that was confirmed, once for each household, and said once."""
    with scope.reading(organisation.id):
        purchase = Purchase.objects.select_related("campaign").get()
        assert (purchase.state, purchase.campaign.state) == ("closed", "tipped")
        found = bought.preview(purchase=purchase)
        assert found.digest == purchase.seen
        shares = dict(Share.objects.values_list("pledge", "amount"))
        assert Share.objects.count() == len(shares) == len(found.pledges)
        assert shares == {one.id: sum(part.amount for part in found.parts.get(one.id, ())) for one in found.pledges}
        rows = Allotment.objects.values_list("share__pledge", "article__lot", "units", "price", "too_dear")
        parts = Counter((one.pledge, one.lot, one.units, one.price, one.too_dear) for one in found.closing.parts)
        assert Counter(rows) == parts
        assert sum(shares.values()) == found.closing.money > 0
        assert sum(one.units for one in bought.ordered(purchase=purchase.id)) == found.closing.units
        for fact in ("campaign_tipped", "purchase_decided", "purchase_closed"):
            assert Fact.objects.filter(type=fact).count() == 1, fact


def told(organisation: Organisation) -> None:
    """Prints what two databases that are the same say the same of: sums, documents, a page."""
    with scope.reading(organisation.id):
        balance = {line.code: [line.debit, line.credit] for line in trial_balance(up_to=date.max)}
        prints = {one.document.number: sha256(bytes(one.content)).hexdigest() for one in printed()}
        payouts = list(Payout.objects.order_by("id").values_list("amount", "state"))
        facts = Fact.objects.count()
    page = Client().get("/missions/", headers={"host": f"{organisation.slug}.localhost"})
    json.dump([balance, prints, payouts, facts, page.status_code, organisation.name in page.text], sys.stdout)


def printed() -> Iterable[Print]:
    return Print.objects.select_related("document").order_by("id")


PROOFS: dict[str, Callable[[Organisation], None]] = {
    "paid": paid,
    "settled": settled,
    "answered": answered,
    "closed": closed,
    "delivered": delivered,
    "told": told,
}
