"""Wood pellets bought together, line by line: planned at the desk, ordered on the web and by telephone, a price
reached, closed as it was shown, received short, handed over, billed; the supplier's bill paid, and the books even."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from entremise.buying.models import Article, Parcel, Purchase, Share
from entremise.history.models import Fact
from entremise.kernel.act import Act, Role
from entremise.ledger import queries as ledger
from entremise.payments.operations import set_bank_account
from entremise.people.models import Person
from entremise.settlement.models import Invoice, SupplierBill
from entremise.settlement.queries import open_invoices
from entremise.settlement.queries.accounts import free_on_account
from tests.doors.desk.conftest import Desk
from tests.settlement.conftest import ENTRY, STATEMENT
from tests.stories.conftest import Time
from tests.stories.together import PLAN, Household, books_balance, done, household, member, phone, read, sawmill

__all__ = ["household", "member", "sawmill"]


@pytest.mark.usefixtures("inside", "legal")
def test_pellets_are_bought_together(
    time: Time, desk: Desk, household: Household, member: Callable[[Person], Client], sawmill: Person, act: Act
) -> None:
    coordination, treasury = desk(Role.COORDINATOR), desk(Role.TREASURER, given="Hélène")
    people = [household(number) for number in range(1, 6)]
    set_bank_account(act=act, person=sawmill, iban="FR7630004000070000000178914")

    # 1 · Planned at the desk from what the sawmill said, and opened.
    supplier = {"who": sawmill.full_name, "picked": str(sawmill.id)}
    done(coordination, "/bureau/ensemble/nouveau/", {**PLAN, **supplier})
    number = Purchase.objects.get().campaign.number
    page, ours = f"/ensemble/{number}/", f"/bureau/ensemble/{number}/"
    done(coordination, f"{ours}ouverture")

    # 2 · One has brought coins ahead, and orders on the web with them; two others order on the web and pay later.
    done(
        coordination,
        f"/bureau/personnes/{people[0].id}/compte/versement",
        {"amount": "100", "how": "cash", "once": "a"},
    )
    wants = {"quantity_1": "10", "ceiling_1": "620"}
    done(member(people[0]), f"{page}commande", {**wants, "means": "account"})
    assert free_on_account(person=people[0].id) == 10000 - 6200
    for person in people[1:3]:
        done(member(person), f"{page}commande", {**wants, "means": "later"})
    assert "6,20 €" in read(coordination, page)

    # 3 · Two order by telephone: what it comes to at most is read to them first. The next price is reached.
    for person in people[3:]:
        said = {"quantity_1": "5", "ceiling_1": "6,20", "means": "later", "door": "phone"}
        aloud = coordination.get(f"{ours}commandes/{person.id}/", {**said, "relire": "1"}).content.decode()
        assert "31,00" in aloud
        done(coordination, f"{ours}commandes/{person.id}/", said)
    assert "Aujourd’hui : 5,75 €" in read(member(people[1]), page)

    # 4 · Its time is over; every household's result is shown, and exactly that is closed.
    time.to(datetime(2026, 12, 5, 17, 31, tzinfo=UTC))
    time.rounds()
    assert member(people[1]).post(f"{page}commande", {**wants, "means": "later"}).status_code == 422
    shown = read(coordination, f"{ours}cloture/")
    assert "230,00 €" in shown
    confirmed = dict(re.findall(r'name="(seen|households|total)" value="(\w+)"', shown))
    done(coordination, f"{ours}cloture/", confirmed)
    assert sorted(Share.objects.values_list("amount", flat=True)) == [2875, 2875, 5750, 5750, 5750]
    assert "57,50 €" in read(member(people[0]), "/moi/commandes/")

    # 5 · Ordered: one paper for the sawmill, at its own price.
    done(coordination, f"{ours}remise/commande")
    ordered = Purchase.objects.get().order
    assert ordered
    assert ordered.data["total"] == 40 * (575 - 25 - 45)

    # 6 · Four bags are missing on the lorry. Who asked last has less, and each is told that their parcel is ready.
    time.to(datetime(2026, 12, 12, 9, tzinfo=UTC))
    article = Article.objects.get()
    done(coordination, f"{ours}remise/reception", {f"units_{article.id}": "36", "complete": "yes"})
    time.rounds()
    assert [sum("votre colis" in one for one in time.texts_to(phone(n))) for n in range(1, 6)] == [1, 1, 1, 1, 1]
    parcels = list(Parcel.objects.order_by("number"))
    assert [one.lines.get().planned for one in parcels] == [10, 10, 10, 5, 1]

    # 7 · Handed over by tick; each is billed what they take home, and the first one's money pays it at once.
    time.to(datetime(2026, 12, 14, 9, tzinfo=UTC))
    for parcel in parcels:
        done(coordination, f"{ours}remise/colis/{parcel.id}/", {"key": f"tick-{parcel.number}"})
    assert sorted(Invoice.objects.values_list("total", flat=True)) == [575, 2875, 5750, 5750, 5750]
    assert free_on_account(person=people[0].id) == 10000 - 5750
    assert sum(one.due for one in open_invoices()) == 36 * 575 - 5750
    for invoice in open_invoices():
        paid = {"amount": f"{invoice.due // 100},{invoice.due % 100:02}", "how": "cash", "once": invoice.invoice.number}
        done(coordination, f"/bureau/argent/factures/{invoice.invoice.number}/encaissement", paid)
    done(coordination, f"{ours}remise/fin")
    assert (Purchase.objects.get().state, Purchase.objects.get().campaign.state) == ("finished", "finished")

    # 8 · The sawmill bills what it delivered: 36 × 5,05 €, of which 10 % of VAT within; approved, and paid.
    done(coordination, f"{ours}remise/facture", {f"units_{article.id}": "36"})
    bill = {"number": "F-881", "dated_on": "12/12/2026", "due_on": "31/12/2026", "role": "own_sale"}
    lines = {"label": "Granulés", "net_1": "165,27", "rate_1": "10", "vat_1": "16,53"}
    done(treasury, "/bureau/argent/achats/nouvelle", {**bill, **lines, **supplier})
    written = SupplierBill.objects.get()
    assert written.total == 36 * 505
    done(treasury, f"/bureau/argent/achats/{written.id}/accord")
    done(treasury, "/bureau/argent/achats/paiement", {"on": "15/12/2026"})
    entry = ENTRY.format(amount="181.80", way="DBIT", ref="R1", text=written.reference)
    file = SimpleUploadedFile("releve.xml", STATEMENT.format(entries=entry).encode(), "text/xml")
    done(treasury, "/bureau/argent/banque/", {"file": file})
    assert SupplierBill.objects.get().state == "paid"

    # Nobody owes anything, and what is left is what the first one had brought beyond.
    assert open_invoices() == []
    assert ledger.balances_by_holder(code="411000") == {}
    assert ledger.balances_by_holder(code="401000") == {}
    assert books_balance()
    facts = set(Fact.objects.values_list("type", flat=True))
    assert facts >= {"purchase_decided", "purchase_closed", "supply_ordered", "supply_received", "purchase_finished"}
