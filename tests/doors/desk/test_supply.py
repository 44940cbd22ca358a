"""A group purchase after its closing, at the desk: ordered, received, compared, handed over by tick, finished."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from entremise.buying import operations, queries
from entremise.buying.models import Article, Parcel, Purchase
from entremise.doors.frame import visit
from entremise.kernel.act import Act, Role
from entremise.people.models import Person
from entremise.settlement.models import Invoice
from tests.buying.conftest import OIL, SOAP, Ask, Offer, ask, household, offer, over
from tests.doors.conftest import questions
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text
from tests.doors.desk.test_exports import rows_of, take

__all__ = ["ask", "offer"]

pytestmark = pytest.mark.usefixtures("legal")

HANDED = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: HANDED)


@pytest.fixture
def closed(act: Act, offer: Offer, ask: Ask) -> Purchase:
    """Eight households want oil and soap, and somebody has closed it."""
    purchase = offer(OIL, SOAP, threshold=1)
    for number in range(8):
        ask(purchase, household(number), (3, 0, 700), (3, 0, 150))
    over(purchase)
    seen = queries.preview(purchase=purchase).digest
    return operations.close_purchase(act=act, purchase=purchase, seen=seen)


@pytest.fixture
def received(closed: Purchase, coordination: Client) -> Purchase:
    number = closed.campaign.number
    coordination.post(reverse("desk:order_supply", args=[number]))
    oil, soap = queries.articles_of(purchase=closed.id)
    counts = {f"units_{oil.id}": "24", f"units_{soap.id}": "20", "complete": "yes"}
    coordination.post(reverse("desk:receive_supply", args=[number]), counts)
    return Purchase.objects.get()


def page_of(client: Client, name: str, purchase: Purchase, *more: object, query: str = "") -> str:
    return text(client.get(reverse(f"desk:{name}", args=[purchase.campaign.number, *more]) + query))


def test_the_order_is_made_and_its_paper_and_table_are_there(coordination: Client, closed: Purchase) -> None:
    assert "Faire la commande" in page_of(coordination, "together_handover", closed)
    address = reverse("desk:order_supply", args=[closed.campaign.number])
    assert coordination.post(address)["Location"] == reverse("desk:together_handover", args=[closed.campaign.number])
    page = page_of(coordination, "together_handover", closed)
    assert "CF-2026-0001" in page
    paper = coordination.get(reverse("desk:document", args=[Purchase.objects.get().order_id]))
    words = " ".join(PdfReader(BytesIO(paper.content)).pages[0].extract_text().split())
    assert "Commande CF-2026-0001" in words
    sent = coordination.get(reverse("desk:order_table", args=[closed.campaign.number])).content.decode("utf-8-sig")
    assert sent.splitlines()[1] == "Huile;bouteille;4;6;24;6,20;148,80"
    table = rows_of(take(coordination, "together_handover", filters=f"achat={closed.campaign.number}"))
    assert [row[:5] for row in table[1:]] == [
        ["Huile", "bouteille", "6", "4", "24"],
        ["Savon", "pain", "12", "2", "24"],
    ]


def test_what_came_is_counted_and_what_does_not_agree_is_said(coordination: Client, received: Purchase) -> None:
    soap = Article.objects.get(lot__title="Savon")
    page = page_of(coordination, "together_handover", received)
    assert "Il en manque 4 : demandez le reste, ou un avoir." in page
    oil = Article.objects.get(lot__title="Huile")
    address = reverse("desk:supply_billed", args=[received.campaign.number])
    coordination.post(address, {f"units_{oil.id}": "24", f"units_{soap.id}": "24"})
    page = page_of(coordination, "together_handover", received)
    assert "4 sur la facture ne sont pas arrivés" in page


def test_a_count_that_cannot_be_read_comes_back_beside_its_article(coordination: Client, closed: Purchase) -> None:
    number = closed.campaign.number
    coordination.post(reverse("desk:order_supply", args=[number]))
    oil, soap = queries.articles_of(purchase=closed.id)
    typed = {f"units_{oil.id}": "douze", f"units_{soap.id}": "24", "complete": "yes"}
    page = text(coordination.post(reverse("desk:receive_supply", args=[number]), typed), 422)
    assert "Écrivez un nombre d’unités. Exemple : 24." in page
    assert 'value="douze"' in page


def test_a_parcel_is_ticked_from_the_list_and_the_same_tick_counts_once(
    coordination: Client, received: Purchase
) -> None:
    page = page_of(coordination, "together_pickup", received, query="?q=Foyer 3")
    assert "Odile Foyer 3" in page
    assert "Odile Foyer 4" not in page
    parcel = queries.parcels_of(purchase=received.id, typed="Foyer 3")[0]
    address = reverse("desk:together_parcel", args=[received.campaign.number, parcel.id])
    for _again in range(2):
        answer = coordination.post(address, {"key": "tick", "to": "Mme Bru"})
        assert answer["Location"] == reverse("desk:together_pickup", args=[received.campaign.number])
    assert Invoice.objects.get().total == sum(line.amount for line in parcel.lines.all())
    done = page_of(coordination, "together_pickup", received, query="?vue=finis")
    assert "à Mme Bru" in done
    assert "FA-2026-0001" in done
    assert "déjà remis" in text(coordination.post(address, {"key": "another"}), 422)


def test_only_what_is_taken_is_billed(coordination: Client, received: Purchase) -> None:
    parcel = queries.parcels_of(purchase=received.id, typed="1")[0]
    address = reverse("desk:together_parcel", args=[received.campaign.number, parcel.id])
    oil, soap = (line.article for line in sorted(parcel.lines.all(), key=lambda one: one.article.lot.place))
    typed = {"key": "tick", f"units_{oil.id}": "9", f"units_{soap.id}": "0"}
    refused = text(coordination.post(address, typed), 422)
    assert "Huile : ce colis en contient 3." in refused
    coordination.post(address, {**typed, f"units_{oil.id}": "2"})
    assert Invoice.objects.get().total == 2 * 620
    assert "2 sur 3" in page_of(coordination, "together_parcel", received, parcel.id)


def test_nobody_came_and_the_reason_is_asked_for_before_its_day(coordination: Client, received: Purchase) -> None:
    parcel = queries.parcels_of(purchase=received.id)[0]
    address = reverse("desk:leave_parcel", args=[received.campaign.number, parcel.id])
    assert "Ce colis attend jusqu’au 21/12/2026" in text(coordination.post(address, {"reason": ""}), 422)
    coordination.post(address, {"reason": "a prévenu"})
    assert Parcel.objects.get(id=parcel.id).state == "left"
    assert "à proposer de nouveau" in page_of(coordination, "together_handover", received)


def test_another_day_is_told_to_whoever_waits(coordination: Client, received: Purchase) -> None:
    address = reverse("desk:move_handover", args=[received.campaign.number])
    typed = {"where": "Salle des fêtes", "first": "19/12/2026", "last": "18/12/2026"}
    refused = text(coordination.post(address, typed), 422)
    assert "Le dernier jour de remise vient après le premier" in refused
    coordination.post(address, {**typed, "last": "20/12/2026"})
    assert "Salle des fêtes, du 19/12 au 20/12" in page_of(coordination, "together_handover", received)


def test_it_is_finished_once_every_parcel_is(coordination: Client, received: Purchase) -> None:
    number = received.campaign.number
    early = text(coordination.post(reverse("desk:finish_purchase", args=[number])), 422)
    assert "Il reste 8 colis à remettre" in early
    for parcel in queries.parcels_of(purchase=received.id):
        coordination.post(reverse("desk:together_parcel", args=[number, parcel.id]), {"key": parcel.id.hex})
    assert "Terminer cet achat" in page_of(coordination, "together_handover", received)
    coordination.post(reverse("desk:finish_purchase", args=[number]))
    assert Purchase.objects.get().state == "finished"


def test_the_paper_list_names_who_collects_what(coordination: Client, received: Purchase) -> None:
    answer = coordination.get(reverse("desk:pickup_sheet", args=[received.campaign.number]))
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "Odile Foyer 7" in " ".join(words.split())
    table = rows_of(take(coordination, "together_pickup", filters=f"achat={received.campaign.number}"))
    assert len(table) == 9


def test_the_list_asks_as_many_questions_for_eight_as_for_one(coordination: Client, received: Purchase) -> None:
    address = reverse("desk:together_pickup", args=[received.campaign.number])
    assert questions(coordination, address + "?q=Foyer+3") == questions(coordination, address)


def test_the_bill_begins_with_what_the_order_knows_and_is_due_after_the_hand_over(
    desk: Desk, treasury: Client, received: Purchase
) -> None:
    Purchase.objects.update(
        supplier=Person.objects.create(family_name="Moulin du Lac", kind="company", known_since=HANDED)
    )
    assert "?achat=" in page_of(treasury, "together_handover", received)
    page = text(treasury.get(reverse("desk:new_purchase") + f"?achat={received.campaign.number}"))
    assert 'value="Moulin du Lac"' in page
    assert 'value="22/12/2026"' in page
    for odd in ("x", "²", "9" * 30, "424242"):
        text(treasury.get(reverse("desk:new_purchase"), {"achat": odd}))


def test_a_treasurer_hands_over_but_does_not_order(treasury: Client, closed: Purchase, desk: Desk) -> None:
    assert "Faire la commande" not in page_of(treasury, "together_handover", closed)
    assert treasury.post(reverse("desk:order_supply", args=[closed.campaign.number])).status_code == 404
    support = desk(Role.SUPPORT_WORKER, given="Inès", family="Bru")
    assert support.get(reverse("desk:together_handover", args=[closed.campaign.number])).status_code == 404
